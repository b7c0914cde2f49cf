import { PRIORITY } from './delivery.js'
import type { ClaimedContent, Prepared } from './lane-driver.js'

/** A claimed delivery in hand, waiting for its turn. */
export interface Waiting {
  readonly delivery: ClaimedContent
  readonly prepared: Prepared
  /** What is slow about it is ready. */
  isWarm: boolean
}

/** How many more deliveries of each kind are worth claiming now; 0 = none. */
export interface Wanted {
  readonly events: number
  readonly broadcasts: number
}

/**
 * The deliveries that a lane's owner has claimed. Events go before broadcasts, also before those that were claimed earlier:
 * a broadcast in hand never stands in an event's way.
 */
export class LaneBuffer {
  readonly #capacity: number
  readonly #low: number
  #events: Waiting[] = []
  #broadcasts: Waiting[] = []

  /** More are wanted once fewer than `low` are left of `capacity`. */
  constructor(capacity: number, low: number) {
    this.#capacity = capacity
    this.#low = low
  }

  get size(): number {
    return this.#events.length + this.#broadcasts.length
  }

  get wanted(): Wanted {
    return {
      events: this.#events.length < this.#low ? this.#capacity - this.#events.length : 0,
      broadcasts: this.size < this.#low ? this.#capacity - this.size : 0,
    }
  }

  get ids(): string[] {
    return [...this.#events, ...this.#broadcasts].map(({ delivery }) => delivery.id)
  }

  add(waiting: Waiting): void {
    this.#lineOf(waiting).push(waiting)
  }

  /** Returns false if it is not there any more. */
  remove(waiting: Waiting): boolean {
    const line = this.#lineOf(waiting)
    const position = line.indexOf(waiting)
    if (position < 0) return false
    line.splice(position, 1)
    return true
  }

  /** Takes out up to `room` that are ready, one for each chat, of those chats that `mayHave` one now. */
  take(room: number, mayHave: (chatId: string) => boolean): Waiting[] {
    const taken: Waiting[] = []
    const chats = new Set<string>()
    const isTurn = ({ isWarm, delivery: { chatId } }: Waiting): boolean =>
      taken.length < room && isWarm && !chats.has(chatId) && mayHave(chatId)
    const stays = (waiting: Waiting): boolean => {
      if (!isTurn(waiting)) return true
      chats.add(waiting.delivery.chatId)
      taken.push(waiting)
      return false
    }
    this.#events = this.#events.filter(stays)
    this.#broadcasts = this.#broadcasts.filter(stays)
    return taken
  }

  /** Puts back what was taken, to the front. */
  putBack(batch: readonly Waiting[]): void {
    this.#events.unshift(...batch.filter((waiting) => this.#lineOf(waiting) === this.#events))
    this.#broadcasts.unshift(...batch.filter((waiting) => this.#lineOf(waiting) === this.#broadcasts))
  }

  /** The least wait of those that are ready, in ms; null when none is. */
  leastWaitMs(chatWaitMs: (chatId: string) => number): number | null {
    let least: number | null = null
    for (const line of [this.#events, this.#broadcasts])
      for (const { isWarm, delivery } of line) {
        if (!isWarm) continue
        least = Math.min(least ?? Number.POSITIVE_INFINITY, chatWaitMs(delivery.chatId))
        if (least === 0) return 0
      }
    return least
  }

  clear(): void {
    this.#events = []
    this.#broadcasts = []
  }

  #lineOf({ delivery: { priority } }: Waiting): Waiting[] {
    return priority >= PRIORITY.broadcast ? this.#broadcasts : this.#events
  }
}
