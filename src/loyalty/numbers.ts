import { createHash } from 'node:crypto'

/** Crockford's base 32: no I, L, O or U, so that a number survives being read aloud and typed in. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const SHORT_GROUPS = 2
const LONG_GROUPS = 4
const GROUP_LENGTH = 4

/**
 * The number of a voucher or card that people read: `K7Q2-9FHM`. It follows from the id. Two of a business may meet in it (one
 * chance in 2^40), then the second gets the long one (2^80).
 */
export const shortNumberOf = (id: string): string => numberOf(id, SHORT_GROUPS)

export const longNumberOf = (id: string): string => numberOf(id, LONG_GROUPS)

const numberOf = (id: string, groups: number): string => {
  const bytes = createHash('sha256').update(id).digest()
  return Array.from({ length: groups }, (_, group) => groupOf(bytes, group * GROUP_LENGTH)).join('-')
}

const groupOf = (bytes: Buffer, from: number): string => {
  let group = ''
  // 32 divides 256, so every digit is equally likely.
  for (const byte of bytes.subarray(from, from + GROUP_LENGTH)) group += DIGITS[byte % DIGITS.length]
  return group
}

/** The number that somebody typed as they read, heard or copied it: `k7q2 9fhm`, `K7Q2 – 9FHM`; null for what is no such number. */
export const typedNumber = (text: string): string | null => {
  const digits = text
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  const isWhole = [SHORT_GROUPS, LONG_GROUPS].some((groups) => digits.length === groups * GROUP_LENGTH)
  if (!isWhole || [...digits].some((digit) => !DIGITS.includes(digit))) return null
  return digits.replace(/.{4}(?=.)/g, '$&-')
}

/** The redeem codes that may be meant: promo codes are in capitals, and typed in haste. */
export const typedCodes = (text: string): readonly string[] => [...new Set([text, text.toUpperCase()])]
