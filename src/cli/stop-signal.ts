/** What a process ends with that was asked to stop. */
export const STOPPED_CODE = 130

/** Ctrl-C asks to stop at the next good moment; the second time it ends the process as ever. */
export const stopSignal = () => {
  const controller = new AbortController()
  const stop = () => controller.abort()
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, stop)
  return {
    signal: controller.signal,
    end: (): void => {
      for (const signal of signals) process.removeListener(signal, stop)
    },
  }
}
