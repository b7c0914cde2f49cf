import { sleep, turnEnd } from '../clock.js'
import { AppError, describeError } from '../errors.js'
import type { Signals } from '../queue/signals.js'
import { AnswerLine } from './answer-line.js'
import { PRIORITY } from './delivery.js'
import { LaneLostError, type Passed, passGate } from './gate-batch.js'
import { LaneBuffer, type Waiting } from './lane-buffer.js'
import type { ClaimedContent } from './lane-driver.js'
import { LaneIntake } from './lane-intake.js'
import type { Tenant } from './lane-keeper.js'
import { LaneRate } from './lane-rate.js'
import { LaneSender } from './lane-sender.js'
import { isPlainSuccess, type RecordOptions, sentTogether, type Tried } from './record-result.js'
import { Rest } from './rest.js'
import { StrayWatch } from './stray-watch.js'

export interface LanePumpOptions extends RecordOptions {
  readonly signals: Signals
}

const POLL_MS = 1_000
const AFTER_ERROR_MS = 500
/**
 * At most so many are claimed ahead, and no more than leave in about a second: what waits in hand is worded already, and what
 * waits for long outlives V8's cheap garbage collection.
 */
const MOST_CLAIMED = 128
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
  /** Tries that have simply succeeded: the lane's next commit takes their results along, once a claim under way is done. */
  readonly #ended: Tried[] = []
  /** At the gate, with the provider, or ended and not committed yet. */
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
    this.#intake = new LaneIntake({
      ...options,
      buffer: this.#buffer,
      holds: (id) => this.#holds(id),
      onWarm: () => this.#rest.nudge(),
    })
    this.#rate = new LaneRate(driver.limits, Math.max(0, holding.pausedUntil - clock()))
    this.#sender = new LaneSender({
      ...options,
      rate: this.#rate,
      onRecorded: (tried) => this.#expectMore(tried),
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
    while (this.#isOpen || this.#inFlight > 0) {
      this.#rest.begin()
      try {
        if (this.#isOpen) await this.#claim()
        if (!(await this.#takeTurn())) await this.#rest.take(this.#waitMs())
      } catch (error) {
        if (error instanceof LaneLostError) holding.suspect()
        else log.warn({ lane: holding.laneId, error: describeError(error) }, 'lane.interrupted')
        for (const tried of this.#ended.splice(0)) this.#record(tried)
        await sleep(AFTER_ERROR_MS)
      }
    }
  }

  /** Whether something new may begin. */
  get #isOpen(): boolean {
    return !this.#stopping && !this.#options.holding.lost.aborted
  }

  async #claim(): Promise<void> {
    await this.#strays.look()
    if (this.#rate.pausedMs > SHORT_PAUSE_MS) this.#buffer.clear()
    if (this.#rate.pausedMs === 0) await this.#intake.refill()
  }

  #holds(id: string): boolean {
    return this.#sender.holds(id) || this.#answers.holds(id)
  }

  /**
   * Commits what has ended, and in the same transaction lets as many begin as limits and slots allow. False if there is
   * nothing to do yet. What ends in one turn of the event loop shares the commit, which costs more than anything else here.
   */
  async #takeTurn(): Promise<boolean> {
    if (this.#ended.length > 0) await turnEnd()
    const free = this.#freeSlots
    if (!this.#hasGathered(free)) return false
    const ended = this.#ended.splice(0)
    const batch = this.#takeBatch(free)
    if (ended.length + batch.length === 0) return false
    this.#gatheringSince = null
    for (const { item, plan } of await this.#commit(ended, batch))
      this.#send(item, plan?.kind === 'edit' ? plan.messageId : null)
    return true
  }

  /** How many may begin with the next commit: what has ended gives its slot back in it. */
  get #freeSlots(): number {
    return (this.#sender.isUnproven ? 1 : this.#slots) - (this.#inFlight - this.#ended.length)
  }

  /** With little room and much in flight, a bigger batch is worth the moment it takes. */
  #hasGathered(free: number): boolean {
    if (free >= Math.min(this.#buffer.size, this.#slots / 4)) return true
    if (free <= 0 && this.#ended.length === 0) return false
    this.#gatheringSince ??= performance.now()
    return performance.now() - this.#gatheringSince >= GATHER_MS
  }

  #takeBatch(free: number): Waiting[] {
    if (!this.#isOpen || free <= 0) return []
    return this.#buffer.take(Math.min(free, this.#rate.bulkRoom), (chat) => this.#rate.chatWaitMs(chat) === 0)
  }

  /** Returns what has passed the gate. When it fails the batch waits again, and each result is committed by itself. */
  async #commit(ended: readonly Tried[], batch: readonly Waiting[]): Promise<readonly Passed<Waiting>[]> {
    const { db, ledger, lanes, holding, driver } = this.#options
    const { laneId, fence } = holding
    let passed: readonly Passed<Waiting>[] = []
    this.#inFlight += batch.length
    this.#rate.bookBulk(batch.length)
    try {
      const results = sentTogether(this.#options, ended)
      if (batch.length === 0) await db.write(...results)
      else passed = await passGate({ db, ledger, lanes, laneId, fence, checks: driver.checks, results }, batch)
      this.#inFlight -= ended.length
      for (const tried of ended) void this.#sender.recorded(tried)
    } catch (error) {
      this.#buffer.putBack(batch)
      for (const tried of ended) this.#record(tried)
      // A result that another owner or a receipt was ahead of says nothing about the lane. It is rare: PostgreSQL takes a second.
      if (!(error instanceof AppError && error.code === 'conflict')) throw error
    } finally {
      this.#inFlight -= batch.length - passed.length
      this.#rate.returnBulk(batch.length - passed.length)
    }
    return passed
  }

  #send({ delivery, prepared }: Waiting, edits: string | null): void {
    this.#rate.sentTo(delivery.chatId)
    void this.#sender.try({ delivery, prepared, edits, tryNumber: delivery.attempts + 1 }).then((tried) => {
      if (!isPlainSuccess(this.#options, tried)) return this.#record(tried)
      this.#ended.push(tried)
      this.#rest.nudge()
    })
  }

  /** By itself and before anything else begins in its slot: what it says of the chat and the lane holds for those. */
  #record(tried: Tried): void {
    void this.#sender.record(tried).then(() => {
      this.#inFlight--
      this.#rest.nudge()
    })
  }

  /** A result lets the same person's next message go, and a retry may be due before the next look at the database. */
  #expectMore({ delivery, outcome: { dueAt } }: Tried): void {
    if (delivery.priority === PRIORITY.event) this.#intake.expectEvents()
    const waitMs = dueAt === null ? POLL_MS : dueAt - this.#options.clock()
    if (waitMs < POLL_MS) setTimeout(() => this.wake(), Math.max(0, waitMs)).unref()
  }

  /** How long nothing can happen unless something wakes the lane. */
  #waitMs(): number {
    const gatherMs = this.#gatheringSince === null ? 0 : this.#gatheringSince + GATHER_MS - performance.now()
    if (this.#ended.length > 0) return Math.max(0, gatherMs)
    if (!this.#isOpen) return POLL_MS
    if (this.#rate.pausedMs > 0) return Math.min(POLL_MS, this.#rate.pausedMs)
    if (this.#buffer.size === 0 || this.#freeSlots <= 0) return POLL_MS
    const chatWaitMs = this.#buffer.leastWaitMs((chatId) => this.#rate.chatWaitMs(chatId)) ?? POLL_MS
    return Math.min(POLL_MS, Math.max(this.#rate.bulkWaitMs, chatWaitMs, gatherMs, 0))
  }
}
