import { type OpeningHours, openingHours } from './opening-hours.js'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** How far back the history counts. */
export const SILENCE_HISTORY_MS = 28 * DAY_MS

const LEAST_EVENTS = 20
const LEAST_DAYS = 3

/** Events this close together are one visit (a stamp, its goal, its reward) and say nothing about how often people come. */
const ONE_VISIT_MS = MINUTE_MS

/** In a busy place 3 × the usual gap may be five minutes; nobody should be alarmed for that. */
const LEAST_SILENCE_MS = 30 * MINUTE_MS

/** 95 of 100 gaps are no longer than the "usual gap". With the mean, chance alone would alarm about once a day. */
const USUAL_SHARE = 0.95
const ALARM_AFTER_USUAL_GAPS = 3

export interface Silence {
  /** When the last event came (Unix ms). It stays the same while the silence lasts: one silence is told once. */
  readonly silentSince: number
  /** In opening hours. */
  readonly usualGapMs: number
}

/**
 * Whether a business's events have stopped: none for 3 × the usual gap, counting opening hours only. `receivedAts` (Unix ms,
 * ascending) are the events of the last 28 days that customers caused; opening hours in `timeZone` are read from them. Null
 * while all is well, while the business is closed, and for one too new to have a rhythm.
 *
 * The first open day without any event is taken for a holiday and does not count; a second one does.
 */
export const silenceOf = (receivedAts: readonly number[], now: number, timeZone: string): Silence | null => {
  const eventAts = receivedAts.filter((at) => at > now - SILENCE_HISTORY_MS && at <= now)
  const silentSince = eventAts.at(-1)
  if (silentSince === undefined || now - silentSince < LEAST_SILENCE_MS || eventAts.length < LEAST_EVENTS) return null
  const hours = openingHours(eventAts, now, timeZone)
  if (hours.days.filter((day) => day.hasEvents).length < LEAST_DAYS || !hours.isOpen(now)) return null
  const usualGapMs = usualGap(eventAts, hours)
  const alarmAfterMs = Math.max(ALARM_AFTER_USUAL_GAPS * usualGapMs, LEAST_SILENCE_MS)
  return gapMs(silentSince, now, hours) >= alarmAfterMs ? { silentSince, usualGapMs } : null
}

const usualGap = (eventAts: readonly number[], hours: OpeningHours): number => {
  const gapsMs: number[] = []
  eventAts.forEach((at, index) => {
    const before = eventAts[index - 1] ?? at
    if (at - before >= ONE_VISIT_MS) gapsMs.push(gapMs(before, at, hours))
  })
  gapsMs.sort((a, b) => a - b)
  return gapsMs[Math.ceil(gapsMs.length * USUAL_SHARE) - 1] ?? 0
}

/** Open time between two moments with no event in between, without the first open day that has passed in silence. */
const gapMs = (from: number, to: number, hours: OpeningHours): number => {
  for (const day of hours.days) {
    if (day.start >= to) break
    if (day.start <= from || day.hasEvents) continue
    const holidayMs = hours.openTime(day.start, Math.min(day.end, to))
    if (holidayMs > 0) return hours.openTime(from, to) - holidayMs
  }
  return hours.openTime(from, to)
}
