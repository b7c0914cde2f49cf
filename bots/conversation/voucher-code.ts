import { typedNumber } from '../../src/loyalty/numbers.js'

/** How staff name a voucher, or by what they type a card too: by a scanned link, by a text, or by a button under one that was looked up. */
export type VoucherMention =
  | { readonly kind: 'scanned'; readonly token: string }
  | { readonly kind: 'typed'; readonly text: string }
  | { readonly kind: 'button'; readonly voucherId: string }

/** How staff name a card: by a button under one that was looked up, or under stamps that it was given. */
export type CardMention =
  | { readonly kind: 'card'; readonly cardId: string }
  | { readonly kind: 'stamp'; readonly stampId: string }

/** Marks the payload of a link that staff scan from a customer's screen: other tokens, which are base62, never have it. */
const SHOWN_PREFIX = 'r_'
const SHOWN_TOKEN = /^[A-Za-z0-9]{1,62}$/

/** What the link in a shown QR carries. */
export const shownPayload = (token: string): string => `${SHOWN_PREFIX}${token}`

export const isShownPayload = (payload: string): boolean => payload.startsWith(SHOWN_PREFIX)

/** The token in such a payload; null for one that is not ours. */
export const shownToken = (payload: string): string | null => {
  const token = payload.slice(SHOWN_PREFIX.length)
  return isShownPayload(payload) && SHOWN_TOKEN.test(token) ? token : null
}

/** What a customer shows with "Show to staff": six digits, where a till code has four. */
export const isShownCode = (text: string): boolean => /^\d{6}$/.test(text)

const MOST_CHARACTERS = 100

/** What staff may mean by a text that is nothing else: a voucher's number, the redeem code on it, or a card's number. */
export const isLikeAVoucherCode = (text: string): boolean =>
  text !== '' && text.length <= MOST_CHARACTERS && !text.includes('\n')

/**
 * What a text that names nothing was more likely to be: a code, or words to somebody. Words may be a redeem code as well,
 * which is found in small letters too, so they are counted as guesses all the same.
 */
export type Reading = 'code' | 'words'

export const readingOf = (text: string): Reading => {
  if (typedNumber(text) !== null) return 'code'
  if (/[\s?!]/u.test(text)) return 'words'
  const isCapitals = /\p{Lu}/u.test(text) && !/\p{Ll}/u.test(text)
  return /\d/u.test(text) || isCapitals ? 'code' : 'words'
}

/** In a group people also talk, so there only what nobody says by the way is taken for a voucher or card. */
export const isUnmistakable = (text: string): boolean =>
  isShownCode(text) || (NUMBER.test(text.toUpperCase()) && (/\d/.test(text) || NUMBER.test(text)))

/** `K7Q2-9FHM`. One in twenty numbers has no digit; then only capitals tell it from a word like "part-time". */
const NUMBER = /^[\dA-Z]{4}(?:-[\dA-Z]{4}){1,3}$/
