const DAY_MS = 24 * 60 * 60_000

const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0)

/** Names days and times in the reader's language and time zone. */
export const createCalendar = (language: string) => {
  const time = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const day = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' })
  const dayOfYear = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' })
  const capital = (text: string) => text.slice(0, 1).toLocaleUpperCase(language) + text.slice(1)
  return {
    isSameDay: (a: number, b: number) => startOfDay(a) === startOfDay(b),
    time: (at: number) => time.format(at),
    day(at: number, now: number): string {
      const ago = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS)
      if (ago === 0 || ago === 1) return capital(relative.format(-ago, 'day'))
      return capital(new Date(at).getFullYear() === new Date(now).getFullYear() ? day.format(at) : dayOfYear.format(at))
    },
  }
}

export type Calendar = ReturnType<typeof createCalendar>
