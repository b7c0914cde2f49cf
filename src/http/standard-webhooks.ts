import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { AppError } from '../errors.js'

/**
 * Standard Webhooks 1.0.0 (standard-webhooks/spec): the symmetric scheme, `v1`. Written here because the reference library
 * accepts timestamps with letters in them, verifies bodies only after a lossy decoding, and signs ten times slower.
 */
const SECRET_PREFIX = 'whsec_'
const SECRET_BYTES_MIN = 24
const SECRET_BYTES_MAX = 64
const NEW_SECRET_BYTES = 32

const TOLERANCE_SEC = 5 * 60
const ID_MAX = 256
const SIGNATURES_MAX = 10

export interface WebhookHeaders {
  /** The same on every attempt: the receiver's duplicate key. */
  readonly 'webhook-id': string
  /** Unix seconds of this attempt. */
  readonly 'webhook-timestamp': string
  /** `v1,<base64>`, one for each secret, separated by spaces. */
  readonly 'webhook-signature': string
}

/** Why a webhook is not taken for the sender's. */
export type SignatureRefusal = 'missing' | 'malformed' | 'too_old' | 'too_new' | 'no_match'

export type Verification = { readonly ok: true } | { readonly ok: false; readonly reason: SignatureRefusal }

/** A new `whsec_…` secret. */
export const createWebhookSecret = (): string => SECRET_PREFIX + randomBytes(NEW_SECRET_BYTES).toString('base64')

/**
 * The key inside a secret. Throws AppError('invalid_input') unless it is base64 of 24 to 64 bytes, with or without `whsec_`.
 */
export const webhookKey = (secret: string): Buffer => {
  const base64 = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret
  const key = Buffer.from(base64, 'base64')
  const isBase64 = withoutPadding(key.toString('base64')) === withoutPadding(base64)
  if (isBase64 && key.length >= SECRET_BYTES_MIN && key.length <= SECRET_BYTES_MAX) return key
  throw new AppError(
    'invalid_input',
    `a webhook secret is ${SECRET_PREFIX} and the base64 of ${SECRET_BYTES_MIN} to ${SECRET_BYTES_MAX} bytes`,
  )
}

const withoutPadding = (base64: string): string => base64.replace(/={1,2}$/, '')

/**
 * The headers for one attempt (`atSec`: Unix seconds) to deliver `body`. During a rotation both secrets sign. `id` must not
 * contain a dot, which separates the signed parts.
 */
export const signWebhook = (secrets: readonly string[], id: string, atSec: number, body: Buffer): WebhookHeaders => {
  if (!isId(id)) throw new Error('a webhook id is 1 to 256 characters without a dot')
  const timestamp = String(Math.floor(atSec))
  const signatures = secrets.map((secret) => signature(webhookKey(secret), id, timestamp, body))
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

/**
 * Whether one of `secrets` signed exactly these bytes within 5 minutes of `nowMs`. Signatures of other versions are passed
 * over, as the specification asks.
 */
export const verifyWebhook = (
  secrets: readonly string[],
  headers: { readonly [name in keyof WebhookHeaders]: string | undefined },
  body: Buffer,
  nowMs: number,
): Verification => {
  const id = headers['webhook-id']
  const timestamp = headers['webhook-timestamp']
  const signatures = headers['webhook-signature']
  if (!id || !timestamp || !signatures) return refused('missing')
  // A leading zero, a sign, a fraction or trailing text would be signed bytes that read as another time.
  if (!isId(id) || !/^[1-9]\d{0,11}$/.test(timestamp)) return refused('malformed')
  const ageSec = Math.floor(nowMs / 1_000) - Number(timestamp)
  if (ageSec > TOLERANCE_SEC) return refused('too_old')
  if (ageSec < -TOLERANCE_SEC) return refused('too_new')
  const offered = signatures.split(' ', SIGNATURES_MAX)
  const isGenuine = secrets.some((secret) => {
    const expected = Buffer.from(signature(webhookKey(secret), id, timestamp, body))
    return offered.some((candidate) => isSame(Buffer.from(candidate), expected))
  })
  return isGenuine ? { ok: true } : refused('no_match')
}

const refused = (reason: SignatureRefusal): Verification => ({ ok: false, reason })

const isId = (id: string): boolean => id.length > 0 && id.length <= ID_MAX && !id.includes('.')

const signature = (key: Buffer, id: string, timestamp: string, body: Buffer): string =>
  `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`

const isSame = (candidate: Buffer, expected: Buffer): boolean =>
  candidate.length === expected.length && timingSafeEqual(candidate, expected)
