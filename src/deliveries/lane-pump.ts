import { type Clock, sleep } from '../clock.js'
import type { Database } from '../db/database.js'
import { AppError, describeError } from '../errors.js'
import type { Log } from '../log.js'
import type { Signals } from '../queue/signals.js'
import { PRIORITY } from './delivery.js'
import { LaneLostError, type Passed, passGate } from './gate-batch.js'
import type { ClaimedContent, LaneDriver, Prepared } from './lane-driver.js'
import type { Holding, Tenant } from './lane-keeper.js'
import type { LaneStore } from './lane-store.js'
import type { Ledger } from './ledger.js'
import { ChatPace, TokenBucket } from './rate.js'
import { recordResult } from './record-result.js'

export interface LanePumpOptions {
  readonly db: Database
  readonly ledger: Ledger
  readonly lanes: LaneStore
  readonly signals: Signals
  readonly clock: Clock
  readonly log: Log
  readonly holding: Holding
  readonly driver: LaneDriver
}

/** A claimed delivery in hand, waiting for its turn. */
interface Waiting extends ClaimedContent {
  readonly prepared: Prepared
  isWarm: boolean
}

const POLL_MS = 1_000
const CLAIM_AT_ONCE = 200
const AFTER_ERROR_MS = 500
const PREPARE_AGAIN_MS = 2_000
const NO_CHAT = 'there is no chat to send it to'
/** A part of the slots is kept for answers, so that a broadcast never stands before somebody who just asked. */
const ANSWER_SHARE = 1 / 4

/**
 * The sending side of one lane, in its owner: claims what is due, passes it through the gate as the provider's limits
 * allow, sends, and records. A slot is free again only when its result is committed, so that a crash leaves at most
 * `limits.slots` deliveries unknown.
 */
export class LanePump implements Tenant {
  readonly #options: LanePumpOptions
  readonly #all: TokenBucket
  readonly #bulk: TokenBucket
  readonly #pace: ChatPace
  readonly #bulkSlots: number
  readonly #abandon = new AbortController()
  readonly #answersOfChat = new Map<string, Promise<void>>()
  #buffer: Waiting[] = []
  #inFlight = 0
  #answersInFlight = 0
  #answerLine: Promise<void> = Promise.resolve()
  #mayBeDue = true
  #claimedAt = 0
  #pausedUntil: number
  #stopping = false
  #nudged = false
  #endRest: () => void = () => undefined
  #running: Promise<void> = Promise.resolve()
  readonly #unsubscribe: () => void

  constructor(options: LanePumpOptions) {
    this.#options = options
    const { limits } = options.driver
    const now = performance.now()
    this.#all = new TokenBucket(limits.allPerSec, limits.allBurst, now)
    this.#bulk = new TokenBucket(limits.bulkPerSec, 1, now)
    this.#pace = new ChatPace(limits.perChatMs)
    this.#bulkSlots = Math.max(1, Math.floor(limits.slots * (1 - ANSWER_SHARE)))
    this.#pausedUntil = options.holding.pausedUntil
    this.#unsubscribe = options.signals.subscribe('lane', (laneId) => {
      if (laneId === options.holding.laneId) this.wake()
    })
  }

  start(): this {
    this.#running = this.#run()
    return this
  }

  /** Something may be due. */
  wake(): void {
    this.#mayBeDue = true
    this.#nudge()
  }

  /** Sends what is committed as `sending` already; answers to one chat leave in order. */
  answer(answers: readonly ClaimedContent[]): void {
    const prepared = this.#options.driver.prepare(answers)
    // Each answer looks at it when its turn comes; until then nobody does.
    prepared.catch(() => undefined)
    for (const answer of answers) {
      const { chatId } = answer
      this.#answersInFlight++
      const turn = (this.#answersOfChat.get(chatId) ?? Promise.resolve()).then(() => this.#sendAnswer(answer, prepared))
      this.#answersOfChat.set(chatId, turn)
      void turn.finally(() => {
        this.#answersInFlight--
        if (this.#answersOfChat.get(chatId) === turn) this.#answersOfChat.delete(chatId)
        this.#nudge()
      })
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#unsubscribe()
    this.#nudge()
    await this.#running
    while (this.#inFlight + this.#answersInFlight > 0) {
      this.#nudged = false
      await this.#rest(POLL_MS)
    }
    await this.#putBack()
  }

  async #run(): Promise<void> {
    while (!this.#stopping && !this.#options.holding.lost.aborted) {
      this.#nudged = false
      try {
        await this.#refill()
        if (!(await this.#launch())) await this.#rest(this.#waitMs())
      } catch (error) {
        if (error instanceof LaneLostError) return
        this.#options.log.warn({ lane: this.#options.holding.laneId, error: describeError(error) }, 'lane.interrupted')
        await this.#rest(AFTER_ERROR_MS)
      }
    }
  }

  /** Claims due deliveries into the buffer, events before broadcasts. */
  async #refill(): Promise<void> {
    // Hints are lossy: look at the database at least once a second.
    const mayBeDue = this.#mayBeDue || performance.now() - this.#claimedAt >= POLL_MS
    if (!mayBeDue || this.#buffer.length >= this.#bulkSlots) return
    const { db, ledger, lanes, holding, driver, clock } = this.#options
    this.#mayBeDue = false
    this.#claimedAt = performance.now()
    const due = { lane: holding.laneId, now: clock(), limit: CLAIM_AT_ONCE }
    const claimed = await db.atomically(
      {
        lane: lanes.fence({ id: holding.laneId }),
        events: ledger.dueEvents(due),
        broadcasts: ledger.dueBroadcasts(due),
      },
      ({ lane: [lane], events, broadcasts }, now) => {
        if (lane?.fence !== holding.fence) throw new LaneLostError(holding.laneId)
        const batch: ClaimedContent[] = [...events, ...broadcasts].slice(0, CLAIM_AT_ONCE)
        const ids = JSON.stringify(batch.map((row) => row.id))
        const writes = batch.length > 0 ? [ledger.markClaimed({ ids, fence: holding.fence, now })] : []
        return { writes, result: batch }
      },
    )
    if (claimed.length === CLAIM_AT_ONCE) this.#mayBeDue = true
    if (claimed.length === 0) return
    try {
      const prepared = await driver.prepare(claimed)
      for (const delivery of claimed) this.#enqueue(delivery, prepared.get(delivery.id))
    } catch (error) {
      const dueAt = clock() + PREPARE_AGAIN_MS
      await db.write(
        ...claimed.map(({ id }) => ledger.settleClaimed({ id, state: 'pending', reason: null, dueAt, now: clock() })),
      )
      throw error
    }
  }

  #enqueue(delivery: ClaimedContent, prepared: Prepared | undefined): void {
    if (!prepared) {
      this.#giveUp(delivery, NO_CHAT)
      return
    }
    const waiting: Waiting = { ...delivery, prepared, isWarm: prepared.warmUp === null }
    this.#buffer.push(waiting)
    prepared.warmUp?.().then(
      () => {
        waiting.isWarm = true
        this.#nudge()
      },
      (error: unknown) => {
        this.#buffer = this.#buffer.filter((other) => other !== waiting)
        this.#giveUp(delivery, describeError(error))
      },
    )
  }

  #giveUp({ id }: ClaimedContent, reason: string): void {
    const { db, ledger, log, holding, clock } = this.#options
    const now = clock()
    db.write(ledger.settleClaimed({ id, state: 'failed', reason, dueAt: now, now })).then(
      () => log.warn({ delivery: id, lane: holding.laneId, reason }, 'delivery.not_prepared'),
      (error: unknown) => log.warn({ delivery: id, error: describeError(error) }, 'delivery.not_settled'),
    )
  }

  /** Sends as many as limits and free slots allow; false if none could go. */
  async #launch(): Promise<boolean> {
    const batch = this.#takeTurn()
    if (batch.length === 0) return false
    const { db, ledger, lanes, holding, driver } = this.#options
    let passed: Passed<Waiting>[] = []
    try {
      passed = await passGate(
        { db, ledger, lanes, laneId: holding.laneId, fence: holding.fence, checks: driver.checks },
        batch,
      )
    } catch (error) {
      // Nothing was committed: the batch is as claimed as before.
      this.#inFlight -= batch.length
      this.#buffer.unshift(...batch)
      throw error
    }
    this.#inFlight -= batch.length - passed.length
    for (const { delivery, plan } of passed) {
      void this.#send(delivery, plan?.kind === 'edit' ? plan.messageId : null).finally(() => {
        this.#inFlight--
        this.#nudge()
      })
    }
    return true
  }

  /** Picks the deliveries whose turn it is and books their tokens and slots. */
  #takeTurn(): Waiting[] {
    const free = this.#bulkSlots - this.#inFlight
    // With little room and much in flight, a bigger batch is worth the moment it takes.
    if (free < Math.min(this.#buffer.length, this.#bulkSlots / 4) || this.#isPaused()) return []
    const now = performance.now()
    const room = Math.min(free, this.#bulk.available(now), this.#all.available(now))
    const batch: Waiting[] = []
    const chats = new Set<string>()
    for (const waiting of this.#buffer) {
      if (batch.length >= room) break
      if (!waiting.isWarm || chats.has(waiting.chatId) || this.#pace.waitMs(waiting.chatId, now) > 0) continue
      chats.add(waiting.chatId)
      batch.push(waiting)
    }
    if (batch.length === 0) return batch
    const taken = new Set(batch)
    this.#buffer = this.#buffer.filter((waiting) => !taken.has(waiting))
    this.#bulk.take(batch.length)
    this.#all.take(batch.length)
    for (const { chatId } of batch) this.#pace.sent(chatId, now)
    this.#inFlight += batch.length
    return batch
  }

  /** What cannot leave at once goes back to pending, and takes its turn like everything else. */
  async #sendAnswer(answer: ClaimedContent, preparing: Promise<ReadonlyMap<string, Prepared>>): Promise<void> {
    let prepared: Prepared | undefined
    try {
      prepared = (await preparing).get(answer.id)
      await prepared?.warmUp?.()
    } catch (error) {
      return this.#record(answer, { status: 'not_sent', reason: describeError(error) })
    }
    if (!prepared) return this.#record(answer, { status: 'rejected', reason: NO_CHAT })
    this.#answerLine = this.#answerLine.then(() => this.#answerToken())
    await this.#answerLine
    if (this.#isPaused()) {
      const pauseLaneMs = this.#pausedUntil - this.#options.clock()
      return this.#record(answer, { status: 'not_sent', reason: 'the lane is paused', pauseLaneMs })
    }
    return this.#send({ ...answer, prepared, isWarm: true }, null, answer.attempts)
  }

  async #answerToken(): Promise<void> {
    for (let waitMs = this.#all.waitMs(performance.now()); waitMs > 0; waitMs = this.#all.waitMs(performance.now()))
      await sleep(Math.ceil(waitMs))
    this.#all.take(1)
  }

  async #send(delivery: Waiting, edits: string | null, tryNumber = delivery.attempts + 1): Promise<void> {
    const { driver, clock, log } = this.#options
    const { address, message } = delivery.prepared
    const startedAt = clock()
    const signal = this.#abandon.signal
    const result = await (edits === null
      ? driver.send(address, message, signal)
      : driver.edit(address, edits, message, signal)
    ).catch((error: unknown) => {
      log.error({ delivery: delivery.id, error: describeError(error) }, 'messenger.threw')
      return { status: 'unknown' as const, reason: describeError(error) }
    })
    await this.#record(delivery, result, { tryNumber, startedAt })
  }

  async #record(
    delivery: ClaimedContent,
    result: Parameters<typeof recordResult>[2],
    tried = { tryNumber: delivery.attempts, startedAt: this.#options.clock() },
  ): Promise<void> {
    for (;;) {
      try {
        const outcome = await recordResult(this.#options, delivery, result, tried)
        if (outcome.pauseLaneUntil !== null) this.#pausedUntil = Math.max(this.#pausedUntil, outcome.pauseLaneUntil)
        this.#expectMore(delivery, outcome.dueAt)
        return
      } catch (error) {
        // The result is known only here: it is kept until the database takes it, and the slot with it.
        if (!(error instanceof AppError && error.code === 'unavailable')) {
          this.#options.log.error({ delivery: delivery.id, error: describeError(error) }, 'delivery.not_recorded')
          return
        }
        await sleep(AFTER_ERROR_MS)
      }
    }
  }

  /** A result lets the same person's next message go, and a retry may be due before the next look at the database. */
  #expectMore(delivery: ClaimedContent, dueAt: number | null): void {
    if (delivery.priority === PRIORITY.event) this.#mayBeDue = true
    const waitMs = dueAt === null ? POLL_MS : dueAt - this.#options.clock()
    if (waitMs < POLL_MS) setTimeout(() => this.wake(), Math.max(0, waitMs)).unref()
  }

  #isPaused(): boolean {
    return this.#pausedUntil > this.#options.clock()
  }

  /** How long nothing can happen unless something wakes the lane. */
  #waitMs(): number {
    if (this.#isPaused()) return Math.min(POLL_MS, this.#pausedUntil - this.#options.clock())
    if (this.#buffer.length === 0 || this.#inFlight >= this.#bulkSlots) return POLL_MS
    const now = performance.now()
    const tokens = Math.max(this.#bulk.waitMs(now), this.#all.waitMs(now))
    if (tokens > 0) return tokens
    const paces = this.#buffer.filter((waiting) => waiting.isWarm).map(({ chatId }) => this.#pace.waitMs(chatId, now))
    return Math.min(POLL_MS, ...paces)
  }

  /** Something changed: a rest ends, or the next one does not begin. */
  #nudge(): void {
    this.#nudged = true
    this.#endRest()
  }

  async #rest(ms: number): Promise<void> {
    if (this.#nudged) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.ceil(ms))
      this.#endRest = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#endRest = () => undefined
  }

  async #putBack(): Promise<void> {
    const { db, ledger, holding, clock, log } = this.#options
    if (this.#buffer.length === 0) return
    this.#buffer = []
    try {
      await db.write(ledger.releaseClaims({ lane: holding.laneId, now: clock() }))
    } catch (error) {
      log.warn({ lane: holding.laneId, error: describeError(error) }, 'claims.not_released')
    }
  }
}
