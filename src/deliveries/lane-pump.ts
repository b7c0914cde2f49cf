import { type Clock, sleep } from '../clock.js'
import type { Database } from '../db/database.js'
import { describeError } from '../errors.js'
import type { Log } from '../log.js'
import type { Signals } from '../queue/signals.js'
import { AnswerLine } from './answer-line.js'
import { PRIORITY } from './delivery.js'
import { LaneLostError, type Passed, passGate } from './gate-batch.js'
import { LaneBuffer, type Waiting } from './lane-buffer.js'
import type { ClaimedContent, LaneDriver } from './lane-driver.js'
import { LaneIntake } from './lane-intake.js'
import type { Holding, Tenant } from './lane-keeper.js'
import { LaneRate } from './lane-rate.js'
import { LaneSender } from './lane-sender.js'
import type { LaneStore } from './lane-store.js'
import type { Ledger } from './ledger.js'
import type { Outcome } from './outcome.js'
import type { ResendStore } from './resend-store.js'
import { Rest } from './rest.js'
import { StrayWatch } from './stray-watch.js'

export interface LanePumpOptions {
  readonly db: Database
  readonly ledger: Ledger
  readonly resends: ResendStore
  readonly lanes: LaneStore
  readonly signals: Signals
  readonly clock: Clock
  readonly log: Log
  readonly holding: Holding
  readonly driver: LaneDriver
}

const POLL_MS = 1_000
const AFTER_ERROR_MS = 500
/** At most so many are claimed ahead, and no more than leave in about a second: what waits in hand is worded already. */
const MOST_CLAIMED = 200
/** A part of the slots is kept for answers, so that a broadcast never stands before somebody who just asked. */
const ANSWER_SHARE = 1 / 4
/** With little room a bigger batch is worth this moment, not more. */
const GATHER_MS = 20
/** Over a longer pause what waits in hand would grow old. */
const SHORT_PAUSE_MS = 10_000
/** Requests that hang longer than a provider may take are given up while there is time to write down how they ended. */
const ABANDON_AFTER_MS = 8_500

/**
 * The sending side of one lane, in its owner: claims what is due, passes it through the gate as the provider's limits
 * allow, sends, and records. A slot is free again only when its result is committed, so that a crash leaves at most
 * `limits.slots` deliveries unknown.
 */
export class LanePump implements Tenant {
  readonly #options: LanePumpOptions
  readonly #rate: LaneRate
  readonly #buffer: LaneBuffer
  readonly #intake: LaneIntake
  readonly #sender: LaneSender
  readonly #answers: AnswerLine
  readonly #strays: StrayWatch
  readonly #rest = new Rest()
  readonly #slots: number
  readonly #unsubscribe: () => void
  /** At the gate or with the provider. */
  #inFlight = 0
  #gatheringSince: number | null = null
  #stopping = false
  #running: Promise<void> = Promise.resolve()
  #abandoning: NodeJS.Timeout | undefined

  constructor(options: LanePumpOptions) {
    this.#options = options
    const { driver, holding, signals, clock } = options
    const { slots, bulkPerSec } = driver.limits
    this.#slots = Math.max(1, Math.floor(slots * (1 - ANSWER_SHARE)))
    const capacity = Math.min(MOST_CLAIMED, Math.max(this.#slots, Math.ceil(bulkPerSec)))
    this.#buffer = new LaneBuffer(capacity, Math.min(this.#slots, Math.ceil(capacity / 2)))
    this.#intake = new LaneIntake({ ...options, buffer: this.#buffer, onWarm: () => this.#rest.nudge() })
    this.#rate = new LaneRate(driver.limits, Math.max(0, holding.pausedUntil - clock()))
    this.#sender = new LaneSender({
      ...options,
      rate: this.#rate,
      onRecorded: (delivery, outcome) => this.#expectMore(delivery, outcome),
    })
    const answerSlots = Math.max(1, slots - this.#slots)
    this.#answers = new AnswerLine({ driver, rate: this.#rate, sender: this.#sender, clock, slots: answerSlots })
    this.#strays = new StrayWatch({ ...options, holds: (id) => this.#holds(id) })
    this.#unsubscribe = signals.subscribe('lane', (laneId) => {
      if (laneId === holding.laneId) this.wake()
    })
  }

  start(): this {
    this.#running = this.#run()
    return this
  }

  /** Something may be due. */
  wake(): void {
    this.#intake.expectAnything()
    this.#rest.nudge()
  }

  /** Sends what `commit` writes as `sending`, as soon as there is a slot; resolves after the commit, rejects as it does. */
  answer(commit: () => Promise<readonly ClaimedContent[]>): Promise<void> {
    return this.#answers.answer(commit)
  }

  /** Begins nothing new, and gives up in time what hangs. */
  windDown(): void {
    if (this.#stopping) return
    this.#stopping = true
    this.#unsubscribe()
    this.#answers.close()
    this.#rest.nudge()
    this.#abandoning = setTimeout(() => this.#sender.abandon(), ABANDON_AFTER_MS)
  }

  async stop(): Promise<void> {
    this.windDown()
    await this.#running
    await this.#answers.idle()
    await this.#sender.idle()
    clearTimeout(this.#abandoning)
  }

  async #run(): Promise<void> {
    const { holding, log } = this.#options
    while (!this.#stopping && !holding.lost.aborted) {
      this.#rest.begin()
      try {
        await this.#strays.look()
        if (this.#rate.pausedMs > SHORT_PAUSE_MS) this.#buffer.clear()
        if (this.#rate.pausedMs === 0) await this.#intake.refill()
        if (!(await this.#launch())) await this.#rest.take(this.#waitMs())
      } catch (error) {
        if (error instanceof LaneLostError) return holding.suspect()
        log.warn({ lane: holding.laneId, error: describeError(error) }, 'lane.interrupted')
        await sleep(AFTER_ERROR_MS)
      }
    }
  }

  #holds(id: string): boolean {
    return this.#sender.holds(id) || this.#answers.holds(id)
  }

  /** Sends as many as limits and free slots allow; false if none could go. */
  async #launch(): Promise<boolean> {
    const batch = this.#takeTurn()
    if (batch.length === 0) return false
    const { db, ledger, lanes, holding, driver } = this.#options
    let passed: Passed<Waiting>[] = []
    this.#inFlight += batch.length
    this.#rate.bookBulk(batch.length)
    try {
      const gate = { db, ledger, lanes, laneId: holding.laneId, fence: holding.fence, checks: driver.checks }
      passed = await passGate(gate, batch)
    } catch (error) {
      this.#buffer.putBack(batch)
      throw error
    } finally {
      this.#inFlight -= batch.length - passed.length
      this.#rate.returnBulk(batch.length - passed.length)
    }
    for (const { delivery, plan } of passed) this.#send(delivery, plan?.kind === 'edit' ? plan.messageId : null)
    return true
  }

  get #freeSlots(): number {
    return (this.#sender.isUnproven ? 1 : this.#slots) - this.#inFlight
  }

  #takeTurn(): Waiting[] {
    const free = this.#freeSlots
    if (free <= 0 || !this.#hasGathered(free)) return []
    const batch = this.#buffer.take(Math.min(free, this.#rate.bulkRoom), (chat) => this.#rate.chatWaitMs(chat) === 0)
    if (batch.length > 0) this.#gatheringSince = null
    return batch
  }

  /** With little room and much in flight, a bigger batch is worth the moment it takes. */
  #hasGathered(free: number): boolean {
    if (free >= Math.min(this.#buffer.size, this.#slots / 4)) return true
    this.#gatheringSince ??= performance.now()
    return performance.now() - this.#gatheringSince >= GATHER_MS
  }

  #send(delivery: Waiting, edits: string | null): void {
    this.#rate.sentTo(delivery.chatId)
    const { prepared } = delivery
    void this.#sender.send({ delivery, prepared, edits, tryNumber: delivery.attempts + 1 }).finally(() => {
      this.#inFlight--
      this.#rest.nudge()
    })
  }

  /** A result lets the same person's next message go, and a retry may be due before the next look at the database. */
  #expectMore({ priority }: ClaimedContent, { dueAt }: Outcome): void {
    if (priority === PRIORITY.event) this.#intake.expectEvents()
    const waitMs = dueAt === null ? POLL_MS : dueAt - this.#options.clock()
    if (waitMs < POLL_MS) setTimeout(() => this.wake(), Math.max(0, waitMs)).unref()
  }

  /** How long nothing can happen unless something wakes the lane. */
  #waitMs(): number {
    if (this.#rate.pausedMs > 0) return Math.min(POLL_MS, this.#rate.pausedMs)
    if (this.#buffer.size === 0 || this.#freeSlots <= 0) return POLL_MS
    const chatWaitMs = this.#buffer.leastWaitMs((chatId) => this.#rate.chatWaitMs(chatId)) ?? POLL_MS
    const gatherMs = this.#gatheringSince === null ? 0 : this.#gatheringSince + GATHER_MS - performance.now()
    return Math.min(POLL_MS, Math.max(this.#rate.bulkWaitMs, chatWaitMs, gatherMs, 0))
  }
}
