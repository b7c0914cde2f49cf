import type { SendResult } from '../../bots/messenger.js'
import { sleep } from '../clock.js'
import { AppError, describeError } from '../errors.js'
import type { ClaimedContent, Prepared } from './lane-driver.js'
import type { LaneRate } from './lane-rate.js'
import { notBegun, type Outcome, outcomeOf } from './outcome.js'
import { logTry, type RecordOptions, recordResult, type Tried } from './record-result.js'

export interface LaneSenderOptions extends RecordOptions {
  readonly rate: LaneRate
  /** A delivery's result is committed. */
  onRecorded(tried: Tried): void
}

/** One request to the provider: a message, or an edit of the message `edits`. */
export interface Departure {
  readonly delivery: ClaimedContent
  readonly prepared: Prepared
  readonly edits: string | null
  /** From 1. */
  readonly tryNumber: number
}

const RECORD_AGAIN_MS = 500
/** A result that the database takes in no form after so many tries is written down as `unknown`. */
const MAX_RECORD_TRIES = 10

/**
 * Sends deliveries whose `sending` is committed. Each stays in hand until its result is committed too, however long the
 * database is away: the result is known only here.
 */
export class LaneSender {
  readonly #options: LaneSenderOptions
  /** Ids alone: a collection that changes all the time keeps what it held alive long after, and each delivery holds much. */
  readonly #inHand = new Set<string>()
  #onIdle: (() => void)[] = []
  readonly #abandon = new AbortController()
  #isDown: boolean
  #isUnproven = false

  constructor(options: LaneSenderOptions) {
    this.#options = options
    this.#isDown = options.holding.isDown
  }

  holds(id: string): boolean {
    return this.#inHand.has(id)
  }

  /** After a pause the first request goes alone: it tells whether the lane is open again. */
  get isUnproven(): boolean {
    return this.#isUnproven
  }

  /** Resolves when nothing is in hand. */
  async idle(): Promise<void> {
    if (this.#inHand.size > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve))
  }

  /** Gives up the requests under way: they end as `unknown`, or as not sent where that is certain. */
  abandon(): void {
    this.#abandon.abort()
  }

  /** Resolves when the result is committed. Never rejects. */
  async send(departure: Departure): Promise<void> {
    await this.record(await this.try(departure))
  }

  /** The same for what ends before anything is sent. */
  settle(delivery: ClaimedContent, result: SendResult, outcome?: Outcome): Promise<void> {
    const now = this.#options.clock()
    const tryNumber = Math.max(1, delivery.attempts)
    const settled = outcome ?? outcomeOf(result, tryNumber, false, now)
    return this.record({ delivery, tryNumber, startedAt: now, endedAt: now, result, outcome: settled })
  }

  /** Resolves when the provider has answered; what came of it is to be recorded. Never rejects. */
  async try({ delivery, prepared, edits, tryNumber }: Departure): Promise<Tried> {
    this.#inHand.add(delivery.id)
    const { clock, driver, holding, rate, log } = this.#options
    const startedAt = clock()
    if (!holding.isCurrent()) {
      const reason = 'the lease ran out before it left'
      const result = { status: 'not_sent', reason } as const
      return { delivery, tryNumber, startedAt, endedAt: startedAt, result, outcome: notBegun(reason, startedAt) }
    }
    let result: SendResult
    try {
      result = await this.#request(prepared, edits)
    } catch (error) {
      log.error({ delivery: delivery.id, error: describeError(error) }, 'messenger.threw')
      result = { status: 'unknown', reason: describeError(error) }
    }
    const endedAt = clock()
    const isRepeatable =
      driver.idempotent || edits !== null || (result.status === 'unknown' && (await this.#isResent(delivery)))
    const outcome = outcomeOf(result, tryNumber, isRepeatable, endedAt, driver.retries)
    this.#isUnproven = outcome.pauseLaneUntil !== null
    if (outcome.pauseLaneUntil !== null) rate.pause(outcome.pauseLaneUntil - endedAt)
    return { delivery, tryNumber, startedAt, endedAt, result, outcome }
  }

  /** Commits a result, by itself. Resolves when that is done, however long it takes; never rejects. */
  async record(tried: Tried): Promise<void> {
    const { id } = tried.delivery
    this.#inHand.add(id)
    let record = tried
    for (let tries = 1; ; tries++) {
      try {
        await recordResult(this.#options, record)
        break
      } catch (error) {
        const isAway = error instanceof AppError && error.code === 'unavailable'
        if (!isAway) {
          this.#options.log.error({ delivery: id, tries, error: describeError(error) }, 'delivery.not_recorded')
          if (tries >= MAX_RECORD_TRIES) record = unrecordable(tried)
        }
        await sleep(RECORD_AGAIN_MS)
      }
    }
    await this.recorded(record)
  }

  /** Lets go of one whose result is committed. Never rejects. */
  async recorded(tried: Tried): Promise<void> {
    const { outcome, delivery } = tried
    logTry(this.#options, tried)
    if (this.#isDown || outcome.laneDown) await this.#noteHealth(outcome)
    this.#options.onRecorded(tried)
    this.#inHand.delete(delivery.id)
    if (this.#inHand.size === 0) for (const resolve of this.#onIdle.splice(0)) resolve()
  }

  /** Whether the business wants such a message sent again although it may have arrived. */
  async #isResent({ id, purpose }: ClaimedContent): Promise<boolean> {
    const { db, resends, holding, log } = this.#options
    try {
      const chosen = await db.read(resends.chosenOnLane({ laneId: holding.laneId }))
      return chosen.some((each) => each.purpose === purpose)
    } catch (error) {
      log.warn({ delivery: id, error: describeError(error) }, 'resend.not_known')
      return false
    }
  }

  #request({ address, message }: Prepared, edits: string | null): Promise<SendResult> {
    const { driver } = this.#options
    const { signal } = this.#abandon
    return edits === null ? driver.send(address, message, signal) : driver.edit(address, edits, message, signal)
  }

  /** A lane that was down works again with the first message that gets through. */
  async #noteHealth({ laneDown, state }: Outcome): Promise<void> {
    const { db, lanes, holding, log } = this.#options
    if (laneDown) this.#isDown = true
    if (state !== 'sent') return
    this.#isDown = false
    try {
      await db.write(lanes.ready({ id: holding.laneId }))
      log.info({ lane: holding.laneId }, 'lane.works_again')
    } catch (error) {
      this.#isDown = true
      log.warn({ lane: holding.laneId, error: describeError(error) }, 'lane.not_noted')
    }
  }
}

const unrecordable = (tried: Tried): Tried => {
  const reason = 'its result could not be written down'
  const result = { status: 'unknown', reason } as const
  return { ...tried, result, outcome: outcomeOf(result, tried.tryNumber, false, tried.endedAt) }
}
