import type { SendResult } from '../../bots/messenger.js'

/** The ledger keeps a receiver's status like a provider's words: `HTTP 503`. */
const noteOf = (statusCode: number): string => `HTTP ${statusCode}`

/** The status in what the ledger kept of a try; null where there was no answer. */
export const statusIn = (note: string | null): number | null => {
  const [, digits] = /\bHTTP (\d{3})\b/.exec(note ?? '') ?? []
  return digits === undefined ? null : Number(digits)
}

/**
 * What an answer means: 2xx is taken, 410 ends the subscription, all else is tried again; a redirect too, since whoever
 * answers may not choose where the event goes. `retryAfter` is the header as it came; `now` is Unix ms.
 */
export const answered = (
  statusCode: number,
  retryAfter: string | readonly string[] | undefined,
  now: number,
): SendResult => {
  const note = noteOf(statusCode)
  if (statusCode >= 200 && statusCode < 300) return { status: 'sent', messageId: note }
  if (statusCode === 410) return { status: 'unreachable', reason: note }
  const retryAfterMs = typeof retryAfter === 'string' ? waitIn(retryAfter, now) : null
  return { status: 'not_sent', reason: note, ...(retryAfterMs === null ? {} : { retryAfterMs }) }
}

/** `Retry-After` is a number of seconds or a date. Null for what is neither. */
const waitIn = (text: string, now: number): number | null => {
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1_000
  // `Date.parse` alone takes "-5" for a date.
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
