import { DateTime } from 'luxon'
import { assertNever } from '../errors.js'
import type { AlertPace } from './alert-routes.js'

/** What one staff chat has been alerted of lately. All times are Unix ms. */
export interface ChatAlerts {
  /** Those of the last hour that were sent one by one. */
  readonly instants: readonly number[]
  /** How many there were in each minute of the last hour, sent one by one or not, by the minute's beginning. */
  readonly minutes: readonly (readonly [minute: number, count: number])[]
  /** When the message began that stands for many. */
  readonly summaryAt: number | null
  readonly hourly: Digest | null
  readonly daily: Digest | null
}

/** Alerts that are gathered into one message. */
export interface Digest {
  readonly dueAt: number
  readonly count: number
}

/** How an alert is told. `isFirst` begins a message, others change what it says. */
export type AlertStep =
  | { readonly kind: 'instant' }
  /** In the one message that began at `at` and is edited; `count` are all of the last hour. */
  | { readonly kind: 'summary'; readonly at: number; readonly count: number; readonly isFirst: boolean }
  | {
      readonly kind: 'digest'
      readonly pace: 'hourly' | 'daily'
      readonly dueAt: number
      readonly count: number
      readonly isFirst: boolean
    }
  | { readonly kind: 'off' }

/** More than these in an hour are one message. */
const MOST_INSTANTS = 20
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAILY_HOUR = 9

export const NO_ALERTS: ChatAlerts = { instants: [], minutes: [], summaryAt: null, hourly: null, daily: null }

/** Decides how the next alert of a chat is told, and what is to be remembered of it. */
export const nextAlert = (
  known: ChatAlerts,
  pace: AlertPace,
  now: number,
  timeZone: string,
): { readonly step: AlertStep; readonly alerts: ChatAlerts } => {
  switch (pace) {
    case 'instant':
      return nextInstant(known, now)
    case 'hourly':
    case 'daily': {
      const dueAt = nextDigestAt(pace, now, timeZone)
      const isFirst = known[pace]?.dueAt !== dueAt
      const count = isFirst ? 1 : (known[pace]?.count ?? 0) + 1
      return { step: { kind: 'digest', pace, dueAt, count, isFirst }, alerts: { ...known, [pace]: { dueAt, count } } }
    }
    case 'off':
      return { step: { kind: 'off' }, alerts: known }
    default:
      return assertNever(pace)
  }
}

const nextInstant = (known: ChatAlerts, now: number): { readonly step: AlertStep; readonly alerts: ChatAlerts } => {
  const minutes = countedIn(known.minutes, now)
  const instants = known.instants.filter((at) => at > now - HOUR_MS)
  const count = minutes.reduce((sum, [, each]) => sum + each, 0)
  const lastSummaryAt = known.summaryAt !== null && now - known.summaryAt < HOUR_MS ? known.summaryAt : null
  if (lastSummaryAt === null && instants.length < MOST_INSTANTS)
    return { step: { kind: 'instant' }, alerts: { ...known, minutes, instants: [...instants, now], summaryAt: null } }
  const at = lastSummaryAt ?? now
  return {
    step: { kind: 'summary', at, count, isFirst: lastSummaryAt === null },
    alerts: { ...known, minutes, instants, summaryAt: at },
  }
}

/** The minutes of the last hour with this alert in them. */
const countedIn = (minutes: ChatAlerts['minutes'], now: number): ChatAlerts['minutes'] => {
  const thisMinute = Math.floor(now / MINUTE_MS) * MINUTE_MS
  const recent = minutes.filter(([minute]) => minute > now - HOUR_MS && minute !== thisMinute)
  const [, before] = minutes.find(([minute]) => minute === thisMinute) ?? [thisMinute, 0]
  return [...recent, [thisMinute, before + 1]]
}

/** The next full hour, or the next nine o'clock, in the business's time zone; one that nobody knows is UTC. */
const nextDigestAt = (pace: 'hourly' | 'daily', now: number, timeZone: string): number => {
  const local = DateTime.fromMillis(now, { zone: timeZone })
  const here = local.isValid ? local : DateTime.fromMillis(now, { zone: 'utc' })
  if (pace === 'hourly') return here.startOf('hour').plus({ hours: 1 }).toMillis()
  const nine = here.startOf('day').set({ hour: DAILY_HOUR })
  return (nine.toMillis() > now ? nine : nine.plus({ days: 1 })).toMillis()
}
