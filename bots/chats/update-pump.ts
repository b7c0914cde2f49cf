import { type Clock, sleep } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import type { Holding, Tenant } from '../../src/deliveries/lane-keeper.js'
import { Rest } from '../../src/deliveries/rest.js'
import { AppError, describeError } from '../../src/errors.js'
import type { Log } from '../../src/log.js'
import type { Signals } from '../../src/queue/signals.js'
import type { ChatStore, UpdateRow } from './chat-store.js'

export interface UpdatePumpOptions {
  readonly db: Database
  readonly chats: ChatStore
  readonly signals: Signals
  readonly clock: Clock
  readonly log: Log
  readonly holding: Holding
  /** Answers one update. Rejects when it could not be committed; then it is tried again. */
  answer(update: UpdateRow): Promise<void>
}

const POLL_MS = 1_000
const CHATS_AT_ONCE = 32
const READ_AT_ONCE = 200
/** An update that fails this often is set aside, so that its chat can go on. */
const MAX_TRIES = 5
const RETRY_MS = 100

/** The answering side of one lane, in its owner: different chats at once, one chat's updates one at a time and in order. */
export class UpdatePump implements Tenant {
  readonly #options: UpdatePumpOptions
  readonly #busyChats = new Map<string, Promise<void>>()
  readonly #rest = new Rest()
  readonly #unsubscribe: () => void
  #running: Promise<void> = Promise.resolve()
  #stopping = false

  constructor(options: UpdatePumpOptions) {
    this.#options = options
    this.#unsubscribe = options.signals.subscribe('lane', (laneId) => {
      if (laneId === options.holding.laneId) this.#rest.nudge()
    })
  }

  start(): this {
    this.#running = this.#run()
    return this
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#unsubscribe()
    this.#rest.nudge()
    await this.#running
    await Promise.all(this.#busyChats.values())
  }

  async #run(): Promise<void> {
    const { log, holding } = this.#options
    while (!this.#stopping && !holding.lost.aborted) {
      this.#rest.begin()
      try {
        // An owner that may have lost its lane leaves the answering to the next.
        if (holding.isCurrent() && this.#busyChats.size < CHATS_AT_ONCE) await this.#takeWork()
      } catch (error) {
        log.warn({ lane: holding.laneId, error: describeError(error) }, 'updates.unreadable')
      }
      await this.#rest.take(POLL_MS)
    }
  }

  async #takeWork(): Promise<void> {
    const { db, chats, clock, holding } = this.#options
    const pending = await db.read(chats.pendingUpdates({ lane: holding.laneId, now: clock(), limit: READ_AT_ONCE }))
    for (const [address, updates] of groupByAddress(pending)) {
      if (this.#busyChats.has(address) || this.#busyChats.size >= CHATS_AT_ONCE) continue
      const work = this.#answerAll(updates).finally(() => {
        this.#busyChats.delete(address)
        this.#rest.nudge()
      })
      this.#busyChats.set(address, work)
    }
  }

  async #answerAll(updates: readonly UpdateRow[]): Promise<void> {
    for (const update of updates) {
      if (this.#stopping || this.#options.holding.lost.aborted) return
      await this.#answerOne(update)
    }
  }

  /** Never rejects: an update is answered, set aside, or left pending for when the database is back. */
  async #answerOne(update: UpdateRow): Promise<void> {
    const { log, answer } = this.#options
    for (let tries = update.attempts + 1; ; tries++) {
      try {
        return await answer(update)
      } catch (error) {
        const line = { lane: update.lane, update: update.updateId, tries, error: describeError(error) }
        const isAway = error instanceof AppError && error.code === 'unavailable'
        log[isAway ? 'warn' : 'error'](line, 'update.failed')
        if (isAway || this.#stopping) return sleep(POLL_MS)
        if (tries >= MAX_TRIES || isNonsense(error)) return this.#setAside(update, tries, describeError(error))
        await sleep(RETRY_MS * tries)
      }
    }
  }

  async #setAside(update: UpdateRow, attempts: number, error: string): Promise<void> {
    const { db, chats, log, clock } = this.#options
    try {
      await db.write(chats.updateFailed({ ...update, state: 'dead', attempts, dueAt: clock(), error }))
    } catch (writeError) {
      log.warn({ update: update.updateId, error: describeError(writeError) }, 'update.not_set_aside')
      await sleep(POLL_MS)
    }
  }
}

/** An update that cannot be read now will not be readable later. */
const isNonsense = (error: unknown): boolean => error instanceof AppError && error.code === 'invalid_input'

const groupByAddress = (updates: readonly UpdateRow[]): Map<string, UpdateRow[]> => {
  const groups = new Map<string, UpdateRow[]>()
  for (const update of updates) {
    const group = groups.get(update.address)
    if (group) group.push(update)
    else groups.set(update.address, [update])
  }
  return groups
}
