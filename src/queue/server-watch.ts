import { sleep } from '../clock.js'
import { describeError } from '../errors.js'
import type { Log } from '../log.js'

const PROBE_EVERY_MS = 250
/** A server that answers yet keeps refusing something says so in the log this often at most. */
const SAME_ERROR_EVERY_MS = 60_000
const MAX_KNOWN_ERRORS = 100

/**
 * Knows whether a server is away. Libraries report one outage as a storm of errors on many connections; each is only a
 * suspicion here, and a probe decides. An outage is logged once when it begins and once when it ends.
 */
export class ServerWatch {
  readonly #name: string
  readonly #probe: () => Promise<unknown>
  readonly #log: Log
  readonly #listeners: (() => void)[] = []
  readonly #reportedAt = new Map<string, number>()
  readonly #closed = new AbortController()
  #probing = false
  #awaySince: number | null = null

  /** `probe` rejects while the server does not answer; it must settle by itself within a few seconds. */
  constructor(name: string, probe: () => Promise<unknown>, log: Log) {
    this.#name = name
    this.#probe = probe
    this.#log = log
  }

  isUp(): boolean {
    return this.#awaySince === null
  }

  /** Rejects when the server does not answer. */
  async check(): Promise<void> {
    await this.#probe()
  }

  /** Called after every outage, also the one in which this process started. */
  onReturn(listener: () => void): void {
    this.#listeners.push(listener)
  }

  /** Looks whether the server is away, and watches until it is back. Never rejects; call it for every error. */
  suspect(error: unknown): void {
    if (this.#probing || this.#closed.signal.aborted) return
    this.#probing = true
    void this.#watch(error).finally(() => {
      this.#probing = false
    })
  }

  isClosed(): boolean {
    return this.#closed.signal.aborted
  }

  close(): void {
    this.#closed.abort()
  }

  async #watch(error: unknown): Promise<void> {
    if (await this.#answers()) return this.#report(error)
    if (this.#closed.signal.aborted) return
    this.#awaySince = Date.now()
    this.#log.warn({ server: this.#name, error: describeError(error) }, 'queue.away')
    do {
      await sleep(PROBE_EVERY_MS, this.#closed.signal)
      if (this.#closed.signal.aborted) return
    } while (!(await this.#answers()))
    this.#log.info({ server: this.#name, outageMs: Date.now() - this.#awaySince }, 'queue.back')
    this.#awaySince = null
    for (const listener of this.#listeners) listener()
  }

  async #answers(): Promise<boolean> {
    try {
      await this.#probe()
      return true
    } catch {
      return false
    }
  }

  #report(error: unknown): void {
    const message = describeError(error)
    const now = Date.now()
    if (now - (this.#reportedAt.get(message) ?? 0) < SAME_ERROR_EVERY_MS) return
    if (this.#reportedAt.size >= MAX_KNOWN_ERRORS) this.#reportedAt.clear()
    this.#reportedAt.set(message, now)
    this.#log.warn({ server: this.#name, error: message }, 'queue.server_error')
  }
}
