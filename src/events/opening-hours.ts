import { DateTime, type Zone } from 'luxon'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** When a business is open, as its own events show. Times are Unix ms within the span that was read. */
export interface OpeningHours {
  /** The local days of the span, in order. */
  readonly days: readonly LocalDay[]
  isOpen(at: number): boolean
  /** How much of the time between two moments was open, in ms. */
  openTime(from: number, to: number): number
}

export interface LocalDay {
  readonly start: number
  readonly end: number
  readonly hasEvents: boolean
}

/** One hour of a local day; a day has 23 or 25 of them when the clocks change. */
interface LocalHour {
  readonly start: number
  readonly end: number
  /** The local date, as days since 1970. */
  readonly date: number
  /** The hour of the week: 0 is Monday from 0:00. */
  readonly slot: number
}

/**
 * Reads opening hours from the moments at which events came (ascending, none after `now`). An hour of the week is open if
 * it had events in two different weeks, one of them among the last two, so that new hours are learnt within a fortnight; and
 * also if only the hours on both sides of it were, since chance leaves such holes.
 */
export const openingHours = (eventAts: readonly number[], now: number, timeZone: string): OpeningHours => {
  const hours = localHours(eventAts[0] ?? now, now, timeZone)
  const busy = busyHours(hours, eventAts)
  const openSlots = slotsOpen(busy, hours.at(-1)?.date ?? 0)
  const openBefore = runningTotal(hours.map((hour) => (openSlots.has(hour.slot) ? hour.end - hour.start : 0)))

  const openUntil = (at: number): number => {
    const index = indexAt(hours, at)
    const hour = hours[index]
    return (openBefore[index] ?? 0) + (hour && openSlots.has(hour.slot) ? Math.min(at, hour.end) - hour.start : 0)
  }
  return {
    days: localDays(hours, new Set(busy.map(({ date }) => date))),
    isOpen: (at) => openSlots.has(hours[indexAt(hours, at)]?.slot ?? -1),
    openTime: (from, to) => openUntil(to) - openUntil(from),
  }
}

const localHours = (from: number, to: number, timeZone: string): LocalHour[] => {
  const hours: LocalHour[] = []
  const firstDay = DateTime.fromMillis(from, { zone: timeZone }).startOf('day')
  const { zone } = firstDay
  let midnight = firstDay.toMillis()
  while (midnight <= to) {
    const nextMidnight = followingMidnight(midnight, zone)
    const date = Math.floor((midnight + zone.offset(midnight) * MINUTE_MS) / DAY_MS)
    // 1 January 1970 was a Thursday.
    const firstSlot = ((date + 3) % 7) * 24
    const isPlainDay = nextMidnight - midnight === DAY_MS
    for (let start = midnight; start < nextMidnight; start += HOUR_MS) {
      const hourOfDay = isPlainDay ? (start - midnight) / HOUR_MS : DateTime.fromMillis(start, { zone }).hour
      hours.push({ start, end: Math.min(start + HOUR_MS, nextMidnight), date, slot: firstSlot + hourOfDay })
    }
    midnight = nextMidnight
  }
  return hours
}

/** Luxon knows what the clocks do, and is asked only on the days when they do something: it costs far more than a sum. */
const followingMidnight = (midnight: number, zone: Zone): number => {
  const next = midnight + DAY_MS
  if ((next + zone.offset(next) * MINUTE_MS) % DAY_MS === 0) return next
  return DateTime.fromMillis(midnight, { zone }).plus({ days: 1 }).startOf('day').toMillis()
}

/** The hours in which there was at least one event. */
const busyHours = (hours: readonly LocalHour[], eventAts: readonly number[]): LocalHour[] => {
  let next = 0
  return hours.filter((hour) => {
    const first = next
    while ((eventAts[next] ?? Number.POSITIVE_INFINITY) < hour.end) next++
    return next > first
  })
}

const slotsOpen = (busy: readonly LocalHour[], today: number): ReadonlySet<number> => {
  const weeksOfSlot = new Map<number, Set<number>>()
  for (const { slot, date } of busy) {
    const weeks = weeksOfSlot.get(slot) ?? new Set()
    weeksOfSlot.set(slot, weeks.add(Math.floor((today - date) / 7)))
  }
  const open = new Set<number>()
  for (const [slot, weeks] of weeksOfSlot) if (weeks.size >= 2 && (weeks.has(0) || weeks.has(1))) open.add(slot)
  const holes = [...open].map((slot) => slot + 1).filter((slot) => slot % 24 !== 0 && open.has(slot + 1))
  return new Set([...open, ...holes])
}

const localDays = (hours: readonly LocalHour[], datesWithEvents: ReadonlySet<number>): LocalDay[] => {
  const days = new Map<number, LocalDay>()
  for (const { date, start, end } of hours)
    days.set(date, { start: days.get(date)?.start ?? start, end, hasEvents: datesWithEvents.has(date) })
  return [...days.values()]
}

/** `[0, a, a + b, …]`: what came before each item. */
const runningTotal = (values: readonly number[]): number[] => {
  let total = 0
  return values.map((value) => {
    total += value
    return total - value
  })
}

/** The index of the last hour that starts at or before `at`; -1 before the first. */
const indexAt = (hours: readonly LocalHour[], at: number): number => {
  let low = 0
  let high = hours.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((hours[middle]?.start ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}
