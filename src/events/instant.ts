const EARLIEST = Date.UTC(2000, 0, 1)
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** Numbers below this are seconds (it is the year 5138), from it on milliseconds (it is 1973). */
const FIRST_MILLISECONDS = 1e11

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/i
const BARE_DATE = /^\d{4}-\d\d-\d\d$/

/**
 * A moment as Unix milliseconds, or null. Read are ISO 8601 with `Z` or an offset, and Unix seconds or milliseconds. A local
 * time without an offset could mean any of 26 hours, so it is not guessed at; nor is a day the calendar does not have, nor
 * anything before the year 2000 (an unset clock).
 */
export const readInstant = (value: string | number): number | null => {
  const at = typeof value === 'number' ? fromUnix(value) : fromText(value.trim())
  return at !== null && at >= EARLIEST && at <= LATEST ? at : null
}

/** Like `readInstant`; a bare date is the end of that day in UTC, so that nothing is shown as over too early. */
export const readExpiry = (value: string | number): number | null =>
  readInstant(typeof value === 'string' && BARE_DATE.test(value.trim()) ? `${value.trim()}T23:59:59.999Z` : value)

const fromUnix = (value: number): number | null =>
  Number.isFinite(value) ? Math.round(value < FIRST_MILLISECONDS ? value * 1_000 : value) : null

const fromText = (text: string): number | null => {
  if (/^\d{9,13}$/.test(text)) return fromUnix(Number(text))
  const match = ISO.exec(text)
  if (!match || Number(match[4]) > 23) return null
  // Date.parse turns 30 February into 2 March.
  if (Number(match[3]) > daysInMonth(Number(match[1]), Number(match[2]))) return null
  const at = Date.parse(text.replace(' ', 'T'))
  return Number.isNaN(at) ? null : at
}

/** Days of a month (1–12) in the Gregorian calendar. */
export const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()
