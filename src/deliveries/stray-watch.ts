import type { Clock } from '../clock.js'
import type { Database } from '../db/database.js'
import type { Log } from '../log.js'
import type { Holding } from './lane-keeper.js'
import type { Ledger } from './ledger.js'

export interface StrayWatchOptions {
  readonly db: Database
  readonly ledger: Ledger
  readonly clock: Clock
  readonly log: Log
  readonly holding: Holding
  /** Whether this process has the delivery in hand. */
  holds(id: string): boolean
}

const EVERY_MS = 2_000

/**
 * Looks for deliveries that stand as sending in this owner's name without it having them in hand: the database
 * committed, and the connection broke before it could say so. Nothing of them has left, so they go back to pending. One
 * must be a stray at two looks in a row, because an answer is handed over a moment after its commit.
 */
export class StrayWatch {
  readonly #options: StrayWatchOptions
  #suspects = new Set<string>()
  #lookedAt = performance.now()

  constructor(options: StrayWatchOptions) {
    this.#options = options
  }

  /** Looks, if it is time. Not to be called while deliveries pass through the gate. */
  async look(): Promise<void> {
    if (performance.now() - this.#lookedAt < EVERY_MS) return
    this.#lookedAt = performance.now()
    const { db, ledger, holding, holds, clock, log } = this.#options
    const rows = await db.read(ledger.inFlight({ lane: holding.laneId }))
    const strays = rows.filter(({ id, fence }) => fence === holding.fence && !holds(id)).map(({ id }) => id)
    const known = strays.filter((id) => this.#suspects.has(id))
    this.#suspects = new Set(strays)
    if (known.length === 0) return
    await db.write(ledger.returnStrays({ ids: JSON.stringify(known), fence: holding.fence, now: clock() }))
    log.warn({ lane: holding.laneId, deliveries: known.length }, 'deliveries.returned')
  }
}
