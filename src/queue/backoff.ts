const FIRST_DELAY_MS = 1_000
/** Jitter adds up to a quarter, so that the longest delay is one minute. */
const LONGEST_BASE_MS = 48_000
const JITTER = 0.25

/**
 * How long a run that has failed `failures` times in a row (counted from 1) waits for its next try, in ms: 1 s, 2 s, 4 s
 * … 48 s, each longer by up to a quarter, so that what failed together does not come back together.
 */
export const retryDelayMs = (failures: number, random: number = Math.random()): number => {
  const base = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_BASE_MS)
  return Math.round(base * (1 + JITTER * random))
}
