import type { Clock } from '../clock.js'
import type { Database } from '../db/database.js'
import { describeError } from '../errors.js'
import type { Log } from '../log.js'
import type { Queue, Worker } from '../queue/queue.js'
import type { Erasure } from './erasure.js'
import type { ErasureStore } from './erasure-store.js'

const TOPIC = 'erasures'
const FOUND_AT_ONCE = 100

export interface ErasureJobNeeds {
  readonly db: Database
  readonly store: ErasureStore
  readonly erasure: Erasure
  readonly queue: Queue
  readonly clock: Clock
  readonly log: Log
}

/** Works erasures to their end. A crash half-way leaves the row of `erasures`, and the next run goes on from what is left. */
export const createErasureJob = ({ db, store, erasure, queue, clock, log }: ErasureJobNeeds) => ({
  start: (): Promise<Worker> =>
    queue.work(TOPIC, { concurrency: 1 }, async (customerId) => {
      const dueAt = await erasure.goOn(customerId, clock())
      if (dueAt === null) log.info({ customerId }, 'erasure.finished')
      else await queue.wake(TOPIC, customerId, dueAt)
    }),

  /** Asks for one erasure to be worked, right after its commit. Never throws, never waits: the reconciler asks again. */
  wake: (customerId: string): void => {
    queue.wake(TOPIC, customerId).catch((error: unknown) => {
      log.warn({ customerId, error: describeError(error) }, 'erasure.wake_failed')
    })
  },

  /** Wakes what is due, for the reconciler; returns how many. */
  wakeDue: async (): Promise<number> => {
    const due = await db.read(store.due({ now: clock(), limit: FOUND_AT_ONCE }))
    for (const { customerId } of due) await queue.wake(TOPIC, customerId)
    return due.length
  },
})
