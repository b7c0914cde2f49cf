import { daysInMonth } from '../../events/instant.js'

/** Whether a text is a day of the calendar as `YYYY-MM-DD`. */
export const isLocalDate = (text: string): boolean => {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (!match) return false
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  return year >= 2000 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
}
