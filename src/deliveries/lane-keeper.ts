import { sleep } from '../clock.js'
import { type Database, demand } from '../db/database.js'
import { AppError, describeError } from '../errors.js'
import type { Log } from '../log.js'
import type { Signals } from '../queue/signals.js'
import { isGone } from './lane-owner.js'
import type { LaneStore } from './lane-store.js'
import type { Ledger } from './ledger.js'
import { takeOver } from './take-over.js'

/** One lane held by this process. */
export interface Holding {
  readonly laneId: string
  readonly businessId: string
  readonly fence: number
  /** Unix ms; what the provider asked of the last owner still holds. */
  readonly pausedUntil: number
  /** Aborted when the lease is lost or given up. */
  readonly lost: AbortSignal
}

/** What runs while a lane is held: sending, answering, polling. `stop` ends when nothing is in flight any more. */
export interface Tenant {
  stop(): Promise<void>
}

export interface LaneKeeperOptions {
  readonly db: Database
  readonly lanes: LaneStore
  readonly ledger: Ledger
  readonly signals: Signals
  readonly log: Log
  /** Names this process in the lane's row. */
  readonly owner: string
  /** Whether a message sent twice on this lane is shown once, so that `unknown` need not be held. Null: not ours to serve. */
  isIdempotent(laneId: string): boolean | null
  /** Moves in when a lane is taken. */
  furnish(holding: Holding): Tenant
}

const LEASE_MS = 10_000
const RENEW_MS = 3_000
const LOOK_FOR_FREE_MS = 1_000

interface Kept {
  readonly holding: Holding
  readonly abort: AbortController
  readonly tenant: Tenant
  renewedAt: number
}

/**
 * Holds lanes for this process: takes free and expired ones, renews the lease, and moves out when it is lost. Several
 * processes share the lanes this way; each lane has one owner at a time, and each taking raises its fence.
 */
export class LaneKeeper {
  readonly #options: LaneKeeperOptions
  readonly #kept = new Map<string, Kept>()
  readonly #stopping = new AbortController()
  #loops: Promise<void>[] = []
  #unsubscribe: () => void = () => undefined

  constructor(options: LaneKeeperOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    // A wake at a process that does not own the lane takes it if nobody does.
    this.#unsubscribe = this.#options.signals.subscribe('lane', (laneId) => {
      if (!this.#kept.has(laneId)) void this.#tryTake(laneId)
    })
    await this.#takeFree()
    this.#loops = [
      this.#repeat(LOOK_FOR_FREE_MS, () => this.#takeFree()),
      this.#repeat(RENEW_MS, () => this.#renewAll()),
    ]
  }

  /** Whether this process holds the lane now. */
  holds(laneId: string): boolean {
    return this.#kept.has(laneId)
  }

  get heldLanes(): string[] {
    return [...this.#kept.keys()]
  }

  /** Ends the tenants (what is in flight is finished and recorded) and frees the lanes for other processes. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#unsubscribe()
    await Promise.all(this.#loops)
    await Promise.all([...this.#kept.values()].map((kept) => this.#moveOut(kept, true)))
  }

  async #repeat(everyMs: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping
    for (await sleep(everyMs, signal); !signal.aborted; await sleep(everyMs, signal)) await work()
  }

  async #takeFree(): Promise<void> {
    try {
      const owners = await this.#options.db.read(this.#options.lanes.owners({}))
      for (const { id, owner, isFree } of owners) if (isFree || isGone(owner)) await this.#tryTake(id)
    } catch (error) {
      this.#options.log.warn({ error: describeError(error) }, 'lanes.unreadable')
    }
  }

  readonly #taking = new Set<string>()

  async #tryTake(laneId: string): Promise<void> {
    const { log } = this.#options
    const idempotent = this.#options.isIdempotent(laneId)
    if (idempotent === null || this.#taking.has(laneId) || this.#stopping.signal.aborted) return
    this.#taking.add(laneId)
    try {
      const taken = await takeOver(this.#options, laneId, idempotent, LEASE_MS)
      if (!taken || this.#kept.has(laneId)) return
      const abort = new AbortController()
      const holding = { laneId, ...taken, lost: abort.signal }
      log.info({ lane: laneId, fence: taken.fence, unknown: taken.unknown }, 'lane.taken')
      this.#kept.set(laneId, { holding, abort, tenant: this.#options.furnish(holding), renewedAt: performance.now() })
    } catch (error) {
      log.warn({ lane: laneId, error: describeError(error) }, 'lane.not_taken')
    } finally {
      this.#taking.delete(laneId)
    }
  }

  async #renewAll(): Promise<void> {
    await Promise.all([...this.#kept.values()].map((kept) => this.#renew(kept)))
  }

  async #renew(kept: Kept): Promise<void> {
    const { db, lanes, owner, log } = this.#options
    const { laneId, fence } = kept.holding
    try {
      await db.write(demand(1, lanes.renew({ id: laneId, owner, fence, leaseMs: LEASE_MS })))
      kept.renewedAt = performance.now()
    } catch (error) {
      // A busy or absent database is no loss yet: the lease holds until it runs out.
      const outlived = performance.now() - kept.renewedAt > LEASE_MS
      if (!outlived && !(error instanceof AppError && error.code === 'conflict')) return
      log.warn({ lane: laneId, fence }, 'lane.lost')
      await this.#moveOut(kept, false)
    }
  }

  async #moveOut(kept: Kept, release: boolean): Promise<void> {
    const { db, lanes, log } = this.#options
    const { laneId, fence } = kept.holding
    this.#kept.delete(laneId)
    kept.abort.abort()
    await kept.tenant.stop()
    if (!release) return
    try {
      await db.write(lanes.release({ id: laneId, fence }))
    } catch (error) {
      log.warn({ lane: laneId, error: describeError(error) }, 'lane.not_released')
    }
  }
}
