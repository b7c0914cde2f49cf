import { describeError } from '../errors.js'
import type { Log } from '../log.js'
import type { Queue } from '../queue/queue.js'

/** The topic on which pending events are worked; its ids are shards. */
export const EVENTS_TOPIC = 'events'

/**
 * One shard is woken at most this often. A wake costs the queue and both processes as much as an event does, and one serves
 * all events up to then.
 */
const LEAST_GAP_MS = 25

export interface Waker {
  /** Asks for a shard to be worked, now or (Unix ms) at `at`. Never throws, never waits. */
  wake(shard: number, at?: number): void
}

/**
 * Wakes shards without making anybody wait. The first event of a quiet shard is woken for at once, those of the next few
 * milliseconds together. A wake that fails loses nothing, since the reconciler looks for due events too, so an outage is
 * logged once.
 */
export const createWaker = (queue: Pick<Queue, 'wake'>, log: Log): Waker => {
  /** Shards within their gap; true if something came since. */
  const resting = new Map<number, boolean>()
  let isAway = false

  const ask = async (shard: number, at?: number): Promise<void> => {
    try {
      await queue.wake(EVENTS_TOPIC, String(shard), at)
      if (isAway) log.info({}, 'events.wakes_work_again')
      isAway = false
    } catch (error) {
      if (!isAway) log.warn({ error: describeError(error) }, 'events.wake_failed')
      isAway = true
    }
  }

  const wakeNow = (shard: number): void => {
    resting.set(shard, false)
    void ask(shard)
    setTimeout(() => {
      const cameSince = resting.get(shard)
      resting.delete(shard)
      if (cameSince) wakeNow(shard)
    }, LEAST_GAP_MS)
  }

  return {
    wake: (shard, at) => {
      if (at !== undefined) void ask(shard, at)
      else if (resting.has(shard)) resting.set(shard, true)
      else wakeNow(shard)
    },
  }
}
