import { setMaxListeners } from 'node:events'

/** What is used of an `AbortSignal`; grammY passes a polyfill's. */
export interface CancelSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/**
 * Calls `listener` when `signal` is aborted from now on. The returned function ends that. One signal may end a whole lane's
 * requests, and Node would take the eleventh listener for a leak.
 */
export const onAbort = (signal: CancelSignal, listener: () => void): (() => void) => {
  if (signal instanceof EventTarget) setMaxListeners(0, signal)
  signal.addEventListener('abort', listener)
  return () => signal.removeEventListener('abort', listener)
}
