import { DateTime } from 'luxon'

export interface CafeHours {
  /** By weekday, 1 = Monday: from and to in hours of the local clock. A weekday that is missing is closed. */
  readonly open: Readonly<Record<number, readonly [from: number, to: number]>>
  /** ISO dates on which it is closed. */
  readonly holidays?: readonly string[]
}

/** Random numbers in [0, 1) that are the same in every run (mulberry32). */
const seeded = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

/**
 * When the events of a simulated café came: `visitsPerDay` at random moments of each opening day, each visit one to three
 * events within seconds.
 */
export const cafeEvents = (cafe: {
  readonly hours: CafeHours
  readonly from: string
  readonly to: string
  readonly timeZone: string
  readonly visitsPerDay: number
  readonly seed?: number
}): number[] => {
  const random = seeded(cafe.seed ?? 1)
  const eventAts: number[] = []
  const last = DateTime.fromISO(cafe.to, { zone: cafe.timeZone })
  for (let day = DateTime.fromISO(cafe.from, { zone: cafe.timeZone }); day <= last; day = day.plus({ days: 1 })) {
    const hours = cafe.hours.open[day.weekday]
    if (!hours || cafe.hours.holidays?.includes(day.toISODate() ?? '')) continue
    const opens = day.set({ hour: hours[0] }).toMillis()
    const closes = day.set({ hour: hours[1] }).toMillis()
    for (let visit = 0; visit < cafe.visitsPerDay; visit++) {
      const at = Math.floor(opens + random() * (closes - opens))
      for (let event = 0; event < 1 + random() * 3; event++) eventAts.push(at + event * 2_000)
    }
  }
  return eventAts.sort((a, b) => a - b)
}
