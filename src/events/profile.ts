import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { daysInMonth } from './instant.js'

/** Before this a "year of birth" is a form's way to say that only the day is known (0000, 1604, …). */
const EARLIEST_BIRTH_YEAR = 1900
const LATEST_BIRTH_YEAR = 2099

/** Has a 29 February, so that one without a year is accepted. */
const ANY_LEAP_YEAR = 2000

/**
 * A phone number as E.164, or null. It must carry its country code (`+` or `00`): a bare national number is another
 * person's number in another country, and the number is what a chat is linked by. Length decides, not the carrier's
 * prefix: those change more often than the tables.
 */
export const readPhone = (text: string): string | null => {
  const international = text.trim().replace(/^00/, '+')
  if (!international.startsWith('+')) return null
  const phone = parsePhoneNumberFromString(international, { extract: false })
  return phone?.isPossible() ? phone.number : null
}

/** An email address in lower case, or null. */
export const readEmail = (text: string): string | null => {
  const email = text.trim().toLowerCase()
  return email.length <= 254 && /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/.test(email) ? email : null
}

/**
 * A birthday as `YYYY-MM-DD`, or `--MM-DD` when the year is not known; null if there is no such day. A time after the date
 * is ignored.
 */
export const readBirthday = (text: string): string | null => {
  const match = /^(?:(\d{4})-|--)?(\d\d)-(\d\d)(?:[T ].*)?$/.exec(text.trim())
  if (!match) return null
  const [, yearText, month = '', day = ''] = match
  const year = Number(yearText ?? 0)
  if (year > LATEST_BIRTH_YEAR) return null
  const isYearKnown = year >= EARLIEST_BIRTH_YEAR
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1) return null
  if (Number(day) > daysInMonth(isYearKnown ? year : ANY_LEAP_YEAR, Number(month))) return null
  return `${isYearKnown ? year : '-'}-${month}-${day}`
}

/** A BCP 47 language tag with a lower-case primary language (`pt-BR`), or null. */
export const readLanguage = (text: string): string | null => {
  const match = /^([a-z]{2,3})((?:[-_][a-z0-9]{1,8}){0,4})$/i.exec(text.trim())
  if (!match) return null
  const [, primary = '', rest = ''] = match
  return primary.toLowerCase() + rest.replaceAll('_', '-')
}
