/** A transaction stays short, so that another process's writer never waits long for its turn. */
const MAX_MS = 8
const MAX_MS_GIVING_WAY = 1
/** Whoever gives way rests so many times as long as it has worked, but not for ever. */
const REST_SHARE = 2
const MOST_REST_MS = 8
/** So long after another process has written, it is taken to be writing still. */
const NOT_ALONE_MS = 1_000

export interface CommitPaceOptions {
  /** Whether this process lets others go first who write to the same file. */
  readonly givesWay: boolean
  /** Another number than last time says that another connection has written since. */
  readVersion(): number
}

/**
 * How long one transaction may take, and how long to rest before the next. Another process at the same file finds its turn
 * only between our transactions, and asks for it by a timer: a worker that has much to do would leave a web process no
 * room, and those who post webhooks would wait. All times are on the monotonic clock.
 */
export class CommitPace {
  readonly #options: CommitPaceOptions
  #knownVersion: number
  #otherWroteAt = Number.NEGATIVE_INFINITY
  #restUntil = 0

  constructor(options: CommitPaceOptions) {
    this.#options = options
    this.#knownVersion = options.readVersion()
  }

  /** How long the transaction that begins now may go on taking decisions. */
  get maxMs(): number {
    return this.#givesWayAt(performance.now()) ? MAX_MS_GIVING_WAY : MAX_MS
  }

  /** How long until the next transaction may begin; 0 = at once. */
  get restMs(): number {
    return Math.max(0, this.#restUntil - performance.now())
  }

  /** A transaction has ended that began at `since`. */
  ended(since: number): void {
    const now = performance.now()
    this.#lookForOthers(now)
    this.#restUntil = this.#givesWayAt(now) ? now + Math.min((now - since) * REST_SHARE, MOST_REST_MS) : 0
  }

  #givesWayAt(now: number): boolean {
    return this.#options.givesWay && now - this.#otherWroteAt < NOT_ALONE_MS
  }

  #lookForOthers(now: number): void {
    const version = this.#options.readVersion()
    if (version !== this.#knownVersion) this.#otherWroteAt = now
    this.#knownVersion = version
  }
}
