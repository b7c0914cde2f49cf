import { sleep } from '../clock.js'
import { demand } from '../db/database.js'
import { AppError, describeError } from '../errors.js'
import type { Log } from '../log.js'
import type { Signals } from '../queue/signals.js'
import { isGone } from './lane-owner.js'
import { Rest } from './rest.js'
import { type TakeOverNeeds, takeOver } from './take-over.js'

/** One lane held by this process. */
export interface Holding {
  readonly laneId: string
  readonly businessId: string
  readonly fence: number
  /** Unix ms; what the provider asked of the last owner still holds. */
  readonly pausedUntil: number
  /** The provider refused the sender's identity when it was last asked. */
  readonly isDown: boolean
  /** Aborted when the lease is lost or given up. */
  readonly lost: AbortSignal
  /**
   * Whether nobody else can have the lane yet: false as soon as the lease has run out, also before this process has had a
   * chance to notice, because it was frozen.
   */
  isCurrent(): boolean
  /** The lane seems to have another owner: looks at once. */
  suspect(): void
}

/** What runs while a lane is held: sending, answering, polling. `stop` ends when nothing is in flight any more. */
export interface Tenant {
  stop(): Promise<void>
}

export interface LaneKeeperOptions extends TakeOverNeeds {
  readonly signals: Signals
  readonly log: Log
  /** Whether a message sent twice on this lane is shown once, so that `unknown` need not be held. Null: not ours to serve. */
  isIdempotent(laneId: string): boolean | null
  /** Moves in when a lane is taken. */
  furnish(holding: Holding): Tenant
}

const LEASE_MS = 10_000
const RENEW_MS = 3_000
const LOOK_FOR_FREE_MS = 1_000
/** Hints may come in floods. */
const LOOK_AT_MOST_MS = 100

interface Kept {
  readonly holding: Holding
  readonly abort: AbortController
  readonly tenant: Tenant
  readonly lease: Lease
}

/** It runs from the moment before the database was asked, on the monotonic clock. */
interface Lease {
  since: number
}

const hasRunOut = (lease: Lease): boolean => performance.now() - lease.since >= LEASE_MS

/**
 * Holds lanes for this process: takes free and expired ones, renews the lease, and moves out when it is lost. Several
 * processes share the lanes this way; each lane has one owner at a time, and each taking raises its fence.
 */
export class LaneKeeper {
  readonly #options: LaneKeeperOptions
  readonly #kept = new Map<string, Kept>()
  readonly #leaving = new Set<Promise<void>>()
  readonly #stopping = new AbortController()
  readonly #rest = new Rest()
  #loops: Promise<void>[] = []
  #unsubscribe: () => void = () => undefined

  constructor(options: LaneKeeperOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    // A wake at a process that does not own the lane takes it if nobody does.
    const { signals, isIdempotent } = this.#options
    this.#unsubscribe = signals.subscribe('lane', (laneId) => {
      if (!this.#kept.has(laneId) && isIdempotent(laneId) !== null) this.#rest.nudge()
    })
    await this.#takeFree()
    this.#loops = [this.#lookForFree(), this.#keepRenewing()]
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
    this.#rest.nudge()
    await Promise.all(this.#loops)
    for (const kept of this.#kept.values()) this.#moveOut(kept, true)
    await Promise.all(this.#leaving)
  }

  async #lookForFree(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      await sleep(LOOK_AT_MOST_MS, signal)
      await this.#rest.take(LOOK_FOR_FREE_MS - LOOK_AT_MOST_MS)
      this.#rest.begin()
      if (!signal.aborted) await this.#takeFree()
    }
  }

  async #keepRenewing(): Promise<void> {
    const { signal } = this.#stopping
    for (await sleep(RENEW_MS, signal); !signal.aborted; await sleep(RENEW_MS, signal))
      await Promise.all([...this.#kept.values()].map(({ holding }) => this.#renew(holding.laneId, holding.fence)))
  }

  async #takeFree(): Promise<void> {
    try {
      const owners = await this.#options.db.read(this.#options.lanes.owners({}))
      for (const { id, owner, isFree } of owners) if (isFree || isGone(owner)) await this.#tryTake(id)
    } catch (error) {
      this.#options.log.warn({ error: describeError(error) }, 'lanes.unreadable')
    }
  }

  async #tryTake(laneId: string): Promise<void> {
    const { log, isIdempotent, furnish } = this.#options
    const idempotent = isIdempotent(laneId)
    // A lane of our own whose lease ran out while this process was frozen is renewed, not taken.
    if (idempotent === null || this.#kept.has(laneId)) return
    const lease = { since: performance.now() }
    try {
      const taken = await takeOver(this.#options, laneId, idempotent, LEASE_MS)
      if (!taken) return
      log.info({ lane: laneId, fence: taken.fence, unknown: taken.unknown }, 'lane.taken')
      const abort = new AbortController()
      const holding: Holding = {
        ...taken,
        laneId,
        lost: abort.signal,
        isCurrent: () => !abort.signal.aborted && !hasRunOut(lease),
        suspect: () => void this.#renew(laneId, taken.fence),
      }
      this.#kept.set(laneId, { holding, abort, tenant: furnish(holding), lease })
    } catch (error) {
      log.warn({ lane: laneId, error: describeError(error) }, 'lane.not_taken')
    }
  }

  async #renew(laneId: string, fence: number): Promise<void> {
    const { db, lanes, owner, log } = this.#options
    const kept = this.#kept.get(laneId)
    if (kept?.holding.fence !== fence) return
    const askedAt = performance.now()
    try {
      await db.write(demand(1, lanes.renew({ id: laneId, owner, fence, leaseMs: LEASE_MS })))
      kept.lease.since = askedAt
    } catch (error) {
      // A busy or absent database is no loss yet: the lease holds until it runs out.
      const isTaken = error instanceof AppError && error.code === 'conflict'
      if ((!isTaken && !hasRunOut(kept.lease)) || this.#kept.get(laneId) !== kept) return
      log.warn({ lane: laneId, fence }, 'lane.lost')
      this.#moveOut(kept, false)
    }
  }

  /** Nobody waits for the tenant's last requests but `stop`: other lanes must be renewed meanwhile. */
  #moveOut(kept: Kept, release: boolean): void {
    this.#kept.delete(kept.holding.laneId)
    kept.abort.abort()
    const leaving = this.#leave(kept, release).finally(() => this.#leaving.delete(leaving))
    this.#leaving.add(leaving)
  }

  async #leave({ holding: { laneId, fence }, tenant }: Kept, release: boolean): Promise<void> {
    const { db, lanes, log } = this.#options
    try {
      await tenant.stop()
      if (release) await db.write(lanes.release({ id: laneId, fence }))
    } catch (error) {
      log.warn({ lane: laneId, error: describeError(error) }, 'lane.not_left_in_order')
    }
  }
}
