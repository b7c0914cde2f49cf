import { crc32 } from 'node:zlib'
import { BASE62, hashToken } from '../ids.js'

/** Tells a key from any other text, for people and for programs that look for leaked secrets. */
const PREFIX = '7loc_sc_'
export const RANDOM_LENGTH = 30
const CHECKSUM_LENGTH = 6
const ENDING_LENGTH = 4

const FORM = new RegExp(`^${PREFIX}([0-9A-Za-z]{${RANDOM_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`)

/** The key of these random base62 characters. Its checksum is theirs, as in GitHub's tokens. */
export const keyOf = (random: string): string => `${PREFIX}${random}${checksumOf(random)}`

/** Whether a text can be a key at all: a mistyped or made-up one is told without asking the database. */
export const isWellFormed = (key: string): boolean => {
  const [, random = '', checksum] = FORM.exec(key) ?? []
  return checksum !== undefined && checksum === checksumOf(random)
}

/** What the database holds of a key. */
export const storedFormOf = (key: string): { readonly keyHash: string; readonly ending: string } => ({
  keyHash: hashToken(key),
  ending: key.slice(-ENDING_LENGTH),
})

/** A key as a list shows it. */
export const maskedKey = (ending: string): string => `${PREFIX}…${ending}`

const checksumOf = (random: string): string => {
  let rest = crc32(random)
  let digits = ''
  while (digits.length < CHECKSUM_LENGTH) {
    digits = BASE62.charAt(rest % BASE62.length) + digits
    rest = Math.floor(rest / BASE62.length)
  }
  return digits
}
