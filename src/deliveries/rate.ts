/**
 * A token bucket on a monotonic clock in ms. It starts empty: a new owner of a lane does not know what the last one just
 * sent. At high rates it may save up 50 ms worth, so that a timer's coarseness does not lower the rate.
 */
export class TokenBucket {
  readonly #perMs: number
  readonly #capacity: number
  #tokens = 0
  #filledAt: number

  constructor(perSec: number, burst: number, now: number) {
    this.#perMs = perSec / 1000
    this.#capacity = Math.max(burst, perSec / 20)
    this.#filledAt = now
  }

  /** Whole tokens there are now. */
  available(now: number): number {
    this.#fill(now)
    return Math.floor(this.#tokens + 1e-9)
  }

  take(count: number): void {
    this.#tokens -= count
  }

  /** How long until one token is there; 0 if there is one. */
  waitMs(now: number): number {
    this.#fill(now)
    return this.#tokens + 1e-9 >= 1 ? 0 : (1 - this.#tokens) / this.#perMs
  }

  #fill(now: number): void {
    if (now <= this.#filledAt) return
    this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#filledAt) * this.#perMs)
    this.#filledAt = now
  }
}

/**
 * When each chat may get its next bulk message. Forgets chats that may: two generations of them, each as long as the pace,
 * take turns, so that whoever is in neither is free.
 */
export class ChatPace {
  readonly #perChatMs: number
  #freeAt = new Map<string, number>()
  #freeAtBefore = new Map<string, number>()
  #turnedAt = Number.NEGATIVE_INFINITY

  constructor(perChatMs: number) {
    this.#perChatMs = perChatMs
  }

  waitMs(chatId: string, now: number): number {
    const freeAt = this.#freeAt.get(chatId) ?? this.#freeAtBefore.get(chatId) ?? 0
    return Math.max(0, freeAt - now)
  }

  sent(chatId: string, now: number): void {
    if (this.#perChatMs === 0) return
    if (now - this.#turnedAt >= this.#perChatMs) {
      this.#freeAtBefore = this.#freeAt
      this.#freeAt = new Map()
      this.#turnedAt = now
    }
    this.#freeAt.set(chatId, now + this.#perChatMs)
  }
}
