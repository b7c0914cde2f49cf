import type { Clock } from '../clock.js'
import type { Signals } from '../queue/signals.js'

/** Wakes of one lane that are due within this time are one. */
const TICK_MS = 50

/**
 * Tells lanes when something falls due: at once, or by a timer for what is held a moment. Lossy as every signal: a process
 * that ends takes its timers with it, and the lane looks at the database each second anyway.
 */
export class LaneWakes {
  readonly #signals: Signals
  readonly #clock: Clock
  readonly #timers = new Map<string, NodeJS.Timeout>()

  constructor(signals: Signals, clock: Clock) {
    this.#signals = signals
    this.#clock = clock
  }

  /** Never throws. `dueAt` is Unix ms. */
  wake(lane: string, dueAt: number): void {
    const waitMs = dueAt - this.#clock()
    if (waitMs <= 0) {
      this.#signals.publish('lane', lane)
      return
    }
    const tick = Math.ceil(dueAt / TICK_MS) * TICK_MS
    const name = `${lane} ${tick}`
    if (this.#timers.has(name)) return
    const timer = setTimeout(
      () => {
        this.#timers.delete(name)
        this.#signals.publish('lane', lane)
      },
      waitMs + (tick - dueAt),
    )
    this.#timers.set(name, timer.unref())
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}
