/** What is used of an `AbortSignal`; grammY passes a polyfill's. */
export interface CancelSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
}

const waiting = new WeakMap<CancelSignal, Set<() => void>>()

/**
 * Calls `listener` when `signal` is aborted from now on. The returned function ends that. One signal may end a whole lane's
 * requests: all of them share one of its own listeners, which are kept in a list that grows slower with each.
 */
export const onAbort = (signal: CancelSignal, listener: () => void): (() => void) => {
  const listeners = waiting.get(signal) ?? listenTo(signal)
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const listenTo = (signal: CancelSignal): Set<() => void> => {
  const listeners = new Set<() => void>()
  waiting.set(signal, listeners)
  signal.addEventListener('abort', () => {
    for (const listener of listeners) listener()
  })
  return listeners
}
