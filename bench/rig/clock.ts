/** Milliseconds on a clock that all processes of this machine share and that never jumps. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** Asks every `everyMs` until `look` gives something else than undefined; throws with `what` after `timeoutMs`. */
export const waitFor = async <T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  { timeoutMs = 60_000, everyMs = 50 } = {},
): Promise<T> => {
  const deadline = monotonicMs() + timeoutMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (monotonicMs() > deadline) throw new Error(`${what}: not within ${Math.round(timeoutMs / 1000)} s`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
