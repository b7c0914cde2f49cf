import type { Job } from './bullmq-jobs.js'

/** Bounds what one command blocks the server for. */
const MAX_JOBS_PER_ADD = 500

interface Waiting {
  readonly job: Job
  readonly stored: Promise<void>
  readonly settle: (error?: unknown) => void
}

/**
 * Adds jobs of one topic: what is asked in one turn of the event loop, and while the last add is under way, goes out
 * together, and the same job once.
 */
export class JobBatch {
  readonly #addAll: (jobs: Job[]) => Promise<void>
  #waiting = new Map<string, Waiting>()
  #sending = false

  constructor(addAll: (jobs: Job[]) => Promise<void>) {
    this.#addAll = addAll
  }

  /** Resolves when the job is stored. Jobs with one `key` are the same job. */
  add(key: string, job: Job): Promise<void> {
    const known = this.#waiting.get(key)
    if (known) return known.stored
    const waiting = waitingFor(job)
    this.#waiting.set(key, waiting)
    if (!this.#sending) {
      this.#sending = true
      setImmediate(() => void this.#send())
    }
    return waiting.stored
  }

  async #send(): Promise<void> {
    while (this.#waiting.size > 0) {
      const all = [...this.#waiting].sort(byKey)
      this.#waiting = new Map()
      for (let start = 0; start < all.length; start += MAX_JOBS_PER_ADD) {
        await this.#add(all.slice(start, start + MAX_JOBS_PER_ADD).map(([, waiting]) => waiting))
      }
    }
    this.#sending = false
  }

  async #add(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#addAll(batch.map(({ job }) => job))
      for (const { settle } of batch) settle()
    } catch (error) {
      for (const { settle } of batch) settle(error)
    }
  }
}

/** On PostgreSQL every deduplicated job takes a lock: two processes take them in the same order, or stop each other. */
const byKey = ([a]: [string, Waiting], [b]: [string, Waiting]): number => (a < b ? -1 : a > b ? 1 : 0)

const waitingFor = (job: Job): Waiting => {
  let settle: Waiting['settle'] = () => undefined
  const stored = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error))
  })
  return { job, stored, settle }
}
