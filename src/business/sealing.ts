import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { AppError } from '../errors.js'

/** Where a sealed text is kept. It opens only there: a row cannot be given another row's secret. */
export interface SealedPlace {
  readonly table: string
  readonly column: string
  readonly rowId: string
}

/** Tokens and passwords as the database may hold them. */
export interface Sealing {
  /** A text for the database that says nothing without the master key; different each time. */
  seal(place: SealedPlace, text: string): string
  /** The text again. Throws AppError('misconfigured') if it was sealed with another key, or in another place. */
  open(place: SealedPlace, sealed: string): string
  /** The same for the same text, and says nothing of it without the master key. */
  fingerprint(text: string): string
}

/** Stands where the key's name does in what was sealed before keys had names. */
const UNNAMED = 'v1'
const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_NAME_BYTES = 4

/**
 * AES-256-GCM with a random 96-bit nonce; each sealed text names its key. `masterKey` has 32 bytes. What a fingerprint was
 * taken of is not kept, so fingerprints outlive a change of the master key under the key they began with.
 */
export const createSealing = (masterKey: KeyObject, fingerprintKey = fingerprintKeyOf(masterKey)): Sealing => {
  const sealingKey = subkeyOf(masterKey, 'stampcast sealing')
  const ownName = subkeyOf(masterKey, 'stampcast key name').export().toString('hex', 0, KEY_NAME_BYTES)
  return {
    seal: (place, text) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, sealingKey, nonce).setAAD(labelOf(place))
      const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `${ownName}:${Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64url')}`
    },
    open: (place, sealed) => {
      const [keyName, data = ''] = sealed.split(':')
      const bytes = Buffer.from(data, 'base64url')
      const isOurs = keyName === ownName || keyName === UNNAMED
      if (!isOurs || bytes.length < NONCE_BYTES + TAG_BYTES) throw unreadable(place)
      try {
        const decipher = createDecipheriv(ALGORITHM, sealingKey, bytes.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        })
          .setAAD(labelOf(place))
          .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString(
          'utf8',
        )
      } catch (error) {
        throw unreadable(place, error)
      }
    },
    fingerprint: (text) => createHmac('sha256', fingerprintKey).update(text).digest('base64url'),
  }
}

/** The key of fingerprints where the master key was never changed. */
export const fingerprintKeyOf = (masterKey: KeyObject): KeyObject => subkeyOf(masterKey, 'stampcast fingerprint')

/** Names a master key without telling anything of it: the same key has the same name everywhere. */
export const masterKeyFingerprint = (masterKey: KeyObject): string =>
  subkeyOf(masterKey, 'stampcast key fingerprint').export().toString('hex', 0, 8)

const subkeyOf = (masterKey: KeyObject, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), purpose, 32)))

const labelOf = ({ table, column, rowId }: SealedPlace): Buffer => Buffer.from(`${table}|${column}|${rowId}`)

const unreadable = ({ table, column }: SealedPlace, cause?: unknown): AppError =>
  new AppError('misconfigured', `${table}.${column} was sealed with another MASTER_KEY: give the former one back.`, {
    cause,
  })
