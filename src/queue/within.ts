import { sleep } from '../clock.js'

/** Waits for `promise`, but no longer than `limitMs`. Rejects as the promise does; what comes later is ignored. */
export const within = async (limitMs: number, promise: Promise<unknown>): Promise<void> => {
  const settled = new AbortController()
  try {
    await Promise.race([promise, sleep(limitMs, settled.signal)])
  } finally {
    settled.abort()
  }
}
