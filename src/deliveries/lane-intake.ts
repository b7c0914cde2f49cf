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
  /** Whether the delivery is under way, or its result not known to be committed. */
  holds(id: string): boolean
  /** Something in the buffer has become ready to leave. */
  onWarm(): void
}

/** Hints are lossy: the database is looked at this often all the same. */
const POLL_MS = 1_000
const PREPARE_AGAIN_MS = 2_000

/**
 * Claims what is due on a lane, has it worded and drawn, and puts it into the lane's buffer. A claim is written nowhere: only
 * the lane's owner claims, and what is in its hand is still pending for whoever takes the lane next.
 */
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

  /** Claims due deliveries into the buffer. Not to be called while a batch is at the gate. */
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
    const { db, ledger, holding, clock, buffer } = this.#options
    const due = { lane: holding.laneId, now: clock(), held: JSON.stringify(buffer.ids) }
    const [events, broadcasts] = await Promise.all([
      mostEvents > 0 ? db.read(ledger.dueEvents({ ...due, limit: mostEvents })) : [],
      mostBroadcasts > 0 ? db.read(ledger.dueBroadcasts({ ...due, limit: mostBroadcasts })) : [],
    ])
    if (mostEvents > 0 && events.length === mostEvents) this.#mayBeDue.events = true
    if (mostBroadcasts > 0 && broadcasts.length === mostBroadcasts) this.#mayBeDue.broadcasts = true
    // A commit whose answer was lost may have put back what is in hand still, waiting to be recorded: it is claimed after that.
    return [...events, ...broadcasts].filter(({ id }) => !this.#options.holds(id))
  }

  async #prepare(claimed: readonly ClaimedContent[]): Promise<void> {
    let prepared: ReadonlyMap<string, Prepared>
    try {
      prepared = await this.#options.driver.prepare(claimed)
    } catch (error) {
      await this.#settle(claimed, 'pending', describeError(error))
      throw error
    }
    const chatless: ClaimedContent[] = []
    for (const delivery of claimed) {
      const ready = prepared.get(delivery.id)
      if (ready) this.#enqueue(delivery, ready)
      else chatless.push(delivery)
    }
    if (chatless.length > 0) await this.#settle(chatless, 'failed', NO_CHAT)
  }

  #enqueue(delivery: ClaimedContent, prepared: Prepared): void {
    const { buffer, onWarm } = this.#options
    const waiting: Waiting = { delivery, prepared, isWarm: prepared.warmUp === null }
    buffer.add(waiting)
    prepared.warmUp?.().then(
      () => {
        waiting.isWarm = true
        onWarm()
      },
      async (error: unknown) => {
        const isAway = error instanceof AppError && error.code === 'unavailable'
        await this.#settle([delivery], isAway ? 'pending' : 'failed', describeError(error))
        // Not before: what is in hand is not claimed again.
        buffer.remove(waiting)
      },
    )
  }

  /** Ends claims that cannot be sent, or puts them off. If even that fails, they are claimed again. Never rejects. */
  async #settle(claimed: readonly ClaimedContent[], state: 'pending' | 'failed', reason: string): Promise<void> {
    const { db, ledger, lanes, log, holding, clock } = this.#options
    const dueAt = state === 'pending' ? clock() + PREPARE_AGAIN_MS : clock()
    const { laneId: lane, fence } = holding
    try {
      await db.atomically({ lane: lanes.fence({ id: lane }) }, ({ lane: [row] }, now) => {
        if (row?.fence !== fence) throw new LaneLostError(lane)
        return {
          writes: claimed.map(({ id }) => ledger.settlePending({ id, state, reason, dueAt, now })),
          result: null,
        }
      })
      log.warn({ lane, deliveries: claimed.map(({ id }) => id), state, reason }, 'deliveries.not_prepared')
    } catch (error) {
      log.warn({ lane, reason, error: describeError(error) }, 'deliveries.not_settled')
    }
  }
}
