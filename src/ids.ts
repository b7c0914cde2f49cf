import { hash, randomBytes } from 'node:crypto'

export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Namespace of every deterministic id of this program (a fixed random UUID). */
const NAMESPACE = Buffer.from('6f1f3c1e0a5b4c6f9a7d2e8b41c0d9f3', 'hex')

/** A UUID v5 (RFC 9562) of the parts, in order. The same parts give the same id in every process, for ever. */
export const uuidV5 = (...parts: readonly string[]): string => {
  const hex = hashedParts(parts)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const hashedParts = (parts: readonly string[]): string => {
  const named = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('')
  const digest = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(named)]), 'hex')
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `${digest.slice(0, 12)}5${digest.slice(13, 16)}${variant}${digest.slice(17, 32)}`
}

export type IdPrefix =
  | 'b'
  | 'loc'
  | 'c'
  | 'card'
  | 'v'
  | 'evt'
  | 'chat'
  | 'link'
  | 'conn'
  | 'd'
  | 'red'
  | 'stamp'
  | 'rwd'
  | 'draw'
  | 'ct'
  | 'vt'
  | 'q'
  | 'staff'
  | 'key'
  | 'sub'
  | 'imp'
  | 'ado'

/** An opaque id that follows from what it names: a customer of a business by 7stamp's id, an event by its duplicate key. */
export const derivedId = (prefix: IdPrefix, ...parts: readonly string[]): string =>
  `${prefix}_${hashedParts([prefix, ...parts])}`

/** An opaque id with 128 random bits. */
export const randomId = (prefix: IdPrefix): string => `${prefix}_${randomBytes(16).toString('hex')}`

/** `length` random base62 characters, without modulo bias: tokens for links, webhook addresses and keys. */
export const randomToken = (length: number): string => {
  let token = ''
  while (token.length < length)
    for (const byte of randomBytes(length)) if (byte < 248 && token.length < length) token += BASE62[byte % 62]
  return token
}

/** What is stored of a one-time token or webhook token: enough to recognise it, useless to whoever reads the database. */
export const hashToken = (token: string): string => hash('sha256', token)
