import type { Retries } from '../deliveries/outcome.js'

const SEC_MS = 1_000
const MIN_MS = 60 * SEC_MS
const HOUR_MS = 60 * MIN_MS

/** The waits between ten tries, about 75 hours in all: what Standard Webhooks proposes. */
const WAITS_MS = [
  5 * SEC_MS,
  5 * MIN_MS,
  30 * MIN_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
] as const

/** Spreads what failed together, by up to so much of the wait. It only adds. */
const JITTER = 0.1
/** Nobody may put a delivery off for longer. */
const MOST_ASKED_MS = 24 * HOUR_MS

/** `random` gives numbers from 0 up to 1. What a receiver asks for (`Retry-After`) lengthens a wait and never shortens it. */
export const webhookRetries = (random: () => number): Retries => {
  const waitMs = (tries: number): number => {
    const plainMs = WAITS_MS[Math.min(tries, WAITS_MS.length) - 1] ?? WAITS_MS[0]
    return Math.round(plainMs * (1 + JITTER * random()))
  }
  return {
    most: WAITS_MS.length + 1,
    afterMs: (tries, askedMs = 0) => Math.max(waitMs(tries), Math.min(askedMs, MOST_ASKED_MS)),
    afterUnknownMs: waitMs,
  }
}
