import type { LaneLimits } from '../../bots/messenger.js'
import { sleep } from '../clock.js'
import { ChatPace, TokenBucket } from './rate.js'

/**
 * What one lane may send now: the provider's two limits, the pace of each chat, and the pauses it was asked for. Runs on the
 * monotonic clock, so that setting the machine's clock neither opens nor closes a lane.
 */
export class LaneRate {
  readonly #all: TokenBucket
  readonly #bulk: TokenBucket
  readonly #pace: ChatPace
  #closedUntil: number
  #answerTurn: Promise<void> = Promise.resolve()

  /** `pausedMs`: how much is left of a pause that the last owner was asked for. */
  constructor(limits: LaneLimits, pausedMs: number) {
    const now = performance.now()
    this.#all = new TokenBucket(limits.allPerSec, limits.allBurst, now)
    this.#bulk = new TokenBucket(limits.bulkPerSec, 1, now)
    this.#pace = new ChatPace(limits.perChatMs)
    this.#closedUntil = now + pausedMs
  }

  pause(ms: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, performance.now() + ms)
  }

  /** How long the lane is still closed; 0 if it is open. */
  get pausedMs(): number {
    return Math.max(0, this.#closedUntil - performance.now())
  }

  /** How many bulk messages may leave now. */
  get bulkRoom(): number {
    const now = performance.now()
    return this.pausedMs > 0 ? 0 : Math.max(0, Math.min(this.#bulk.available(now), this.#all.available(now)))
  }

  bookBulk(count: number): void {
    this.#bulk.take(count)
    this.#all.take(count)
  }

  /** What was booked did not leave. */
  returnBulk(count: number): void {
    this.bookBulk(-count)
  }

  /** How long until a bulk message may leave, as far as the provider's limits go. */
  get bulkWaitMs(): number {
    const now = performance.now()
    return Math.max(this.pausedMs, this.#bulk.waitMs(now), this.#all.waitMs(now))
  }

  /** How long until the chat may have its next bulk message. */
  chatWaitMs(chatId: string): number {
    return this.#pace.waitMs(chatId, performance.now())
  }

  sentTo(chatId: string): void {
    this.#pace.sent(chatId, performance.now())
  }

  /** Waits until an answer may leave. Answers take their turns in order, from the limit of all traffic only. */
  answerToken(): Promise<void> {
    this.#answerTurn = this.#answerTurn.then(async () => {
      for (let waitMs = this.#all.waitMs(performance.now()); waitMs > 0; waitMs = this.#all.waitMs(performance.now()))
        await sleep(Math.ceil(waitMs))
      this.#all.take(1)
    })
    return this.#answerTurn
  }
}
