import type { Clock } from '../clock.js'
import type { Database } from '../db/database.js'
import { AppError, describeError } from '../errors.js'
import type { Log } from '../log.js'
import type { Queue, Worker } from '../queue/queue.js'
import type { DueEvent, Journal } from './journal.js'
import { SHARDS } from './journaled-event.js'
import { EVENTS_TOPIC, type Waker } from './waker.js'

export interface ProcessingNeeds {
  readonly db: Database
  readonly journal: Journal
  /** Applies one event; rejects if it cannot be applied. */
  apply(event: DueEvent): Promise<void>
  readonly queue: Queue
  readonly waker: Waker
  readonly clock: Clock
  readonly log: Log
}

export interface Processing {
  /** Starts to work the topic `events`. */
  start(): Promise<Worker>
  /** Applies all due events of a shard. Rejects only when the database is away; what is left is still due then. */
  run(shard: string): Promise<void>
  /** Shards that have due events, for the reconciler. */
  pendingWork(): Promise<readonly string[]>
}

/** So many events of a shard are in hand at once; those of different customers share commits. */
const BATCH_SIZE = 64

const MAX_ATTEMPTS = 5
const FIRST_RETRY_MS = 500
const RETRY_FACTOR = 4

/** How long an event waits after its failed try number `attempts` (from 1): 0.5, 2, 8, 32 s. */
export const retryAfterMs = (attempts: number): number => FIRST_RETRY_MS * RETRY_FACTOR ** (attempts - 1)

/**
 * Finds the journal's pending events and applies them: by state, so that a late commit is not overlooked; one customer's one
 * at a time in their order, different customers' side by side. An event that fails five times is `dead`; it keeps nobody
 * else waiting, neither then nor between its tries.
 */
export const createProcessing = ({ db, journal, apply, queue, waker, clock, log }: ProcessingNeeds): Processing => {
  let isClosing = false

  const run = async (shard: string): Promise<void> => {
    while (!isClosing) {
      const batch = await db.read(journal.due({ shard: Number(shard), now: clock(), limit: BATCH_SIZE }))
      if (batch.length === 0) return
      await allEnded(byCustomer(batch).map(applyInOrder))
    }
  }

  const applyInOrder = async (events: readonly DueEvent[]): Promise<void> => {
    for (const event of events) await applyOrPutOff(event)
  }

  const applyOrPutOff = async (due: DueEvent): Promise<void> => {
    try {
      await apply(due)
    } catch (error) {
      // Nothing is wrong with the event: whoever asked for this run asks again.
      if (error instanceof AppError && error.code === 'unavailable') throw error
      await putOff(due, describeError(error))
    }
  }

  const putOff = async ({ id, shard, name }: DueEvent, reason: string): Promise<void> => {
    const failed = await db.atomically({ event: journal.locked({ id }) }, ({ event: [event] }, now) => {
      if (event?.state !== 'pending') return { writes: [], result: null }
      const attempts = event.attempts + 1
      const isDead = attempts >= MAX_ATTEMPTS
      const dueAt = now + retryAfterMs(attempts)
      const write = journal.putOff({ id, state: isDead ? 'dead' : 'pending', attempts, dueAt, reason })
      return { writes: [write], result: { attempts, isDead, dueAt } }
    })
    if (!failed) return
    const { attempts, isDead, dueAt } = failed
    log.error({ eventId: id, event: name, attempts, reason }, isDead ? 'event.dead' : 'event.failed')
    if (!isDead) waker.wake(shard, dueAt)
  }

  return {
    run,
    start: async () => {
      const worker = await queue.work(EVENTS_TOPIC, { concurrency: SHARDS.length }, run)
      return {
        close: async () => {
          isClosing = true
          await worker.close()
        },
      }
    },
    pendingWork: async () => {
      const now = clock()
      const found = await Promise.all(
        SHARDS.map(async (shard) => ({ shard, due: await db.read(journal.hasDue({ shard, now })) })),
      )
      return found.filter(({ due }) => due.length > 0).map(({ shard }) => String(shard))
    },
  }
}

const byCustomer = (batch: readonly DueEvent[]): DueEvent[][] => {
  const groups = new Map<string | null, DueEvent[]>()
  for (const event of batch) {
    const group = groups.get(event.customerId)
    if (group) group.push(event)
    else groups.set(event.customerId, [event])
  }
  return [...groups.values()]
}

/** Resolves when all have ended, also if one of them fails: nothing goes on behind the back of whoever waits. */
const allEnded = async (runs: readonly Promise<void>[]): Promise<void> => {
  const results = await Promise.allSettled(runs)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
