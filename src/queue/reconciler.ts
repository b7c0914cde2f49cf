import { sleep } from '../clock.js'
import type { HoldLease } from '../db/leases.js'
import { describeError } from '../errors.js'
import type { Log } from '../log.js'
import type { Queue } from './queue.js'

/**
 * Something the database may hold as due without anybody having been woken for it. `run` wakes whoever must work, and
 * returns how much it found.
 */
export interface Chore {
  readonly name: string
  run(): Promise<number>
}

export interface ReconcilerOptions {
  readonly chores: readonly Chore[]
  readonly holdLease: HoldLease
  readonly owner: string
  readonly queue: Queue
  readonly log: Log
}

const LEASE = 'reconciler'
const LEASE_MS = 40_000
const WHILE_DUE_MS = 5_000
const WHILE_IDLE_MS = 30_000

/**
 * Rebuilds the queue's wakes from the database: at start, when the queue comes back, every 5 s while anything is due, else
 * every 30 s. One process leads, by lease. Losing the whole queue therefore loses nothing.
 *
 * The first round and the one after an outage are every process's own: whoever led may be dead while its lease lives on, and
 * a wake too many does no harm.
 */
export const startReconciler = (options: ReconcilerOptions): { stop(): Promise<void> } => {
  const stopping = new AbortController()
  let cutShort = new AbortController()
  let mustLead = false
  options.queue.onReconnect(() => {
    mustLead = false
    cutShort.abort()
  })
  const loop = async () => {
    while (!stopping.signal.aborted) {
      cutShort = new AbortController()
      const isOurs = !mustLead
      mustLead = true
      const found = isOurs || (await leads(options)) ? await doChores(options) : 0
      await sleep(found > 0 ? WHILE_DUE_MS : WHILE_IDLE_MS, AbortSignal.any([stopping.signal, cutShort.signal]))
    }
  }
  const running = loop()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

/** Without a database nobody leads, and the chores tell why. */
const leads = async ({ holdLease, owner, log }: ReconcilerOptions): Promise<boolean> => {
  try {
    return await holdLease(LEASE, owner, LEASE_MS)
  } catch (error) {
    log.warn({ error: describeError(error) }, 'reconciler.no_lease')
    return true
  }
}

const doChores = async ({ chores, log }: ReconcilerOptions): Promise<number> => {
  let found = 0
  for (const chore of chores) {
    try {
      const due = await chore.run()
      if (due > 0) log.debug({ chore: chore.name, due }, 'reconciler.found')
      found += due
    } catch (error) {
      // The next round, soon, tries again: a queue that is away loses nothing.
      log.warn({ chore: chore.name, error: describeError(error) }, 'reconciler.failed')
      found++
    }
  }
  return found
}
