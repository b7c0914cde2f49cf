import { waitFor } from './clock.js'

const TIMEOUT_MS = 300_000

/** Until the program at this port says that no event waits any more. */
export const drained = ({ port }: { readonly port: number }): Promise<true> =>
  waitFor(
    'the events to be applied',
    async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      const pending = /^stampcast_events_waiting\{state="pending"\} (\d+)/m.exec(metrics)?.[1]
      return Number(pending ?? 0) === 0 ? true : undefined
    },
    { timeoutMs: TIMEOUT_MS, everyMs: 200 },
  )
