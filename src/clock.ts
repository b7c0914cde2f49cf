/** The current time as Unix milliseconds. Passed in wherever time matters, so that a test can move it. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()

/** Resolves after `delayMs`, or at once when `signal` is aborted; never rejects. */
export const sleep = (delayMs: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, delayMs)
    signal?.addEventListener('abort', done, { once: true })
  })

/** Resolves when what came in with this turn of the event loop has been heard. */
export const turnEnd = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
