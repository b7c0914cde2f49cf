import type { DateParam } from './content.js'

/** Words dates as "June 11, 2026"; a date that no calendar knows is a dash, an unknown time zone is UTC. */
export const openDateFormats = () => {
  const formats = new Map<string, Intl.DateTimeFormat>()
  return (language: string, { date, timeZone, withTime = false }: DateParam): string => {
    const name = `${language} ${timeZone} ${withTime}`
    const format = formats.get(name) ?? dateFormat(language, timeZone, withTime)
    formats.set(name, format)
    return Number.isNaN(new Date(date).getTime()) ? '—' : format.format(date)
  }
}

const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', year: 'numeric' }
const MINUTE: Intl.DateTimeFormatOptions = { ...DAY, hour: '2-digit', minute: '2-digit' }

const dateFormat = (language: string, timeZone: string, withTime: boolean): Intl.DateTimeFormat => {
  const style = withTime ? MINUTE : DAY
  try {
    return new Intl.DateTimeFormat(language, { ...style, timeZone })
  } catch {
    return new Intl.DateTimeFormat(language, { ...style, timeZone: 'UTC' })
  }
}
