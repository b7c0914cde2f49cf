const FIRST_MS = 500
const LONGEST_MS = 15_000

/** How long to wait before try number `tries` (from 0): doubling, with jitter, so that pages do not come back all at once. */
export const backoffMs = (tries: number): number => {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10))
  return full / 2 + (Math.random() * full) / 2
}

/** A wait that can be cut short. */
export const createPause = () => {
  let end: () => void = () => undefined
  return {
    wait: (ms: number | null): Promise<void> =>
      new Promise((resolve) => {
        const timer = ms === null ? undefined : setTimeout(resolve, ms)
        end = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
    cut: () => end(),
  }
}
