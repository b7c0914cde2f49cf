/** What is used of an `AbortSignal`; grammY passes a polyfill's. */
export interface CancelSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
}

/**
 * Places that are used again. A list or a Set that one request enters while another leaves is copied from time to time, and
 * what the old copy held lives on until the next full garbage collection: whole requests with their messages.
 */
interface Places {
  readonly listeners: ((() => void) | null)[]
  readonly free: number[]
}

const placesOf = new WeakMap<CancelSignal, Places>()

/**
 * Calls `listener` when `signal` is aborted from now on. The returned function ends that. One signal may end a whole lane's
 * requests: all of them share one of its own listeners.
 */
export const onAbort = (signal: CancelSignal, listener: () => void): (() => void) => {
  const { listeners, free } = placesOf.get(signal) ?? listenTo(signal)
  const place = free.pop() ?? listeners.length
  listeners[place] = listener
  return () => {
    if (listeners[place] !== listener) return
    listeners[place] = null
    free.push(place)
  }
}

const listenTo = (signal: CancelSignal): Places => {
  const places: Places = { listeners: [], free: [] }
  placesOf.set(signal, places)
  signal.addEventListener('abort', () => {
    for (const listener of places.listeners) listener?.()
  })
  return places
}
