import type { Clock } from '../clock.js'
import type { Database } from '../db/database.js'
import { AppError, describeError } from '../errors.js'
import type { Log } from '../log.js'
import { NO_CHAT } from './answer-line.js'
import { LaneLostError } from './gate-batch.js'
import type { LaneBuffer, Waiting } from './lane-buffer.js'
import type { ClaimedContent, LaneDriver, Prepared } from './lane-driver.js'
import type { Holding } from './lane-keeper.js'
import type { LaneStore } from './lane-store.js'
import type { Ledger } from './ledger.js'

export interface LaneIntakeOptions {
  readonly db: Database
  readonly ledger: Ledger
  readonly lanes: LaneStore
  readonly clock: Clock
  readonly log: Log
  readonly holding: Holding
  readonly driver: LaneDriver
  readonly buffer: LaneBuffer
  /** Something in the buffer has become ready to leave. */
  onWarm(): void
}

/** Hints are lossy: the database is looked at this often all the same. */
const POLL_MS = 1_000
const PREPARE_AGAIN_MS = 2_000

/** Claims what is due on a lane, has it worded and drawn, and puts it into the lane's buffer. */
export class LaneIntake {
  readonly #options: LaneIntakeOptions
  #mayBeDue = { events: true, broadcasts: true }
  #lookedAt = 0

  constructor(options: LaneIntakeOptions) {
    this.#options = options
  }

  expectAnything(): void {
    this.#mayBeDue = { events: true, broadcasts: true }
  }

  expectEvents(): void {
    this.#mayBeDue.events = true
  }

  /** Claims due deliveries into the buffer. */
  async refill(): Promise<void> {
    if (performance.now() - this.#lookedAt >= POLL_MS) this.expectAnything()
    const { wanted } = this.#options.buffer
    const events = this.#mayBeDue.events ? wanted.events : 0
    const broadcasts = this.#mayBeDue.broadcasts ? wanted.broadcasts : 0
    if (events + broadcasts === 0) return
    this.#lookedAt = performance.now()
    const before = this.#mayBeDue
    this.#mayBeDue = { events: before.events && events === 0, broadcasts: before.broadcasts && broadcasts === 0 }
    let claimed: ClaimedContent[] = []
    try {
      claimed = await this.#claim(events, broadcasts)
    } catch (error) {
      this.expectAnything()
      throw error
    }
    if (claimed.length > 0) await this.#prepare(claimed)
  }

  async #claim(mostEvents: number, mostBroadcasts: number): Promise<ClaimedContent[]> {
    const { db, ledger, lanes, holding, clock } = this.#options
    const due = { lane: holding.laneId, now: clock() }
    const reads = {
      lane: lanes.fence({ id: holding.laneId }),
      events: mostEvents > 0 ? ledger.dueEvents({ ...due, limit: mostEvents }) : null,
      broadcasts: mostBroadcasts > 0 ? ledger.dueBroadcasts({ ...due, limit: mostBroadcasts }) : null,
    }
    const found = await db.atomically(reads, ({ lane: [lane], events, broadcasts }, now) => {
      if (lane?.fence !== holding.fence) throw new LaneLostError(holding.laneId)
      const batch = [...events, ...broadcasts]
      const ids = JSON.stringify(batch.map((row) => row.id))
      const writes = batch.length > 0 ? [ledger.markClaimed({ ids, fence: holding.fence, now })] : []
      return { writes, result: { events, broadcasts } }
    })
    if (mostEvents > 0 && found.events.length === mostEvents) this.#mayBeDue.events = true
    if (mostBroadcasts > 0 && found.broadcasts.length === mostBroadcasts) this.#mayBeDue.broadcasts = true
    return [...found.events, ...found.broadcasts]
  }

  async #prepare(claimed: readonly ClaimedContent[]): Promise<void> {
    try {
      const prepared = await this.#options.driver.prepare(claimed)
      for (const delivery of claimed) this.#enqueue(delivery, prepared.get(delivery.id))
    } catch (error) {
      this.#settle(claimed, 'pending', describeError(error))
      throw error
    }
  }

  #enqueue(delivery: ClaimedContent, prepared: Prepared | undefined): void {
    if (!prepared) {
      this.#settle([delivery], 'failed', NO_CHAT)
      return
    }
    const waiting: Waiting = { ...delivery, prepared, isWarm: prepared.warmUp === null }
    this.#options.buffer.add(waiting)
    prepared.warmUp?.().then(
      () => {
        waiting.isWarm = true
        this.#options.onWarm()
      },
      (error: unknown) => {
        if (!this.#options.buffer.remove(waiting)) return
        const isAway = error instanceof AppError && error.code === 'unavailable'
        this.#settle([delivery], isAway ? 'pending' : 'failed', describeError(error))
      },
    )
  }

  /** Ends claims that cannot be sent, or puts them off. If even that fails, they are strays. */
  #settle(claimed: readonly ClaimedContent[], state: 'pending' | 'failed', reason: string): void {
    const { db, ledger, log, holding, clock } = this.#options
    const now = clock()
    const dueAt = state === 'pending' ? now + PREPARE_AGAIN_MS : now
    const { laneId: lane, fence } = holding
    db.write(...claimed.map(({ id }) => ledger.settleClaimed({ id, fence, state, reason, dueAt, now }))).then(
      () => log.warn({ lane, deliveries: claimed.map(({ id }) => id), state, reason }, 'deliveries.not_prepared'),
      (error: unknown) => log.warn({ lane, reason, error: describeError(error) }, 'deliveries.not_settled'),
    )
  }

  /** Gives back what is claimed and has not begun. */
  async release(): Promise<void> {
    const { db, ledger, holding, clock, buffer } = this.#options
    buffer.clear()
    await db.write(ledger.releaseClaims({ lane: holding.laneId, fence: holding.fence, now: clock() }))
  }
}
