import { DateTime } from 'luxon'

/** When scheduled events of a day happen, by the business's clocks: nobody is congratulated at midnight. */
const HOUR_OF_DAY = 9
/** What was missed for longer is not made up for. */
const MOST_DAYS_MISSED = 7

/** The local days (`YYYY-MM-DD`) that are due: after the last one done, oldest first. Of a business that is new, today. */
export const dueDays = (lastDone: string | null, now: number, timeZone: string): readonly string[] => {
  const local = DateTime.fromMillis(now, { zone: timeZone })
  const today = now < hourOf(local.startOf('day')).toMillis() ? local.minus({ days: 1 }) : local
  const days = Array.from({ length: MOST_DAYS_MISSED }, (_, ago) => today.minus({ days: ago }).toFormat(DAY)).reverse()
  return lastDone === null ? days.slice(-1) : days.filter((day) => day > lastDone)
}

/** When the events of a day happened (Unix ms): now while that day lasts, else when they should have. */
export const momentOf = (day: string, now: number, timeZone: string): number => {
  const isToday = DateTime.fromMillis(now, { zone: timeZone }).toFormat(DAY) === day
  return isToday ? now : hourOf(startOf(day, timeZone)).toMillis()
}

/**
 * The birthdays that are kept on a day, as customers' rows have them (`YYYY-MM-DD`, or `--MM-DD` where the year is not known):
 * each is found by an index. That of 29 February is kept on the 28th where there is none.
 */
export const birthdaysOn = (day: string): readonly string[] => {
  const monthDays = isLastOfShortFebruary(day) ? ['02-28', '02-29'] : [day.slice(-MONTH_DAY_LENGTH)]
  return monthDays.flatMap((monthDay) => YEARS_OF_BIRTH.map((year) => `${year}-${monthDay}`))
}

const MONTH_DAY_LENGTH = 5
const FIRST_YEAR = 1900
const LAST_YEAR = 2099
/** `-` stands for a year that is not known. */
const YEARS_OF_BIRTH: readonly string[] = [
  '-',
  ...Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, index) => String(FIRST_YEAR + index)),
]

const isLastOfShortFebruary = (day: string): boolean => day.endsWith('-02-28') && !DateTime.fromISO(day).isInLeapYear

/**
 * Whoever was seen last in this time (Unix ms, the end is not part of it) has been away for `days` whole days on a day. It
 * reaches back further than one day, for a business that has just chosen fewer days.
 */
export const awayWindow = (
  day: string,
  days: number,
  timeZone: string,
): { readonly from: number; readonly to: number } => {
  const lastSeen = startOf(day, timeZone).minus({ days })
  return {
    from: lastSeen.minus({ days: MOST_DAYS_MISSED }).startOf('day').toMillis(),
    to: lastSeen.plus({ days: 1 }).startOf('day').toMillis(),
  }
}

/** When a day begins (Unix ms). */
export const startOfDay = (day: string, timeZone: string): number => startOf(day, timeZone).toMillis()

/** The local day of a moment. */
export const dayOf = (at: number, timeZone: string): string => DateTime.fromMillis(at, { zone: timeZone }).toFormat(DAY)

const DAY = 'yyyy-MM-dd'
const startOf = (day: string, timeZone: string): DateTime => DateTime.fromISO(day, { zone: timeZone }).startOf('day')
const hourOf = (day: DateTime): DateTime => day.set({ hour: HOUR_OF_DAY, minute: 0, second: 0, millisecond: 0 })
