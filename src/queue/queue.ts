/**
 * The queue is motion, not truth: a wake carries a topic and an id, and whoever works the topic re-reads the database.
 * Losing every wake loses nothing, because the reconciler asks again for whatever the database still holds as due.
 * One contract suite (test/contracts/queue.ts) runs on every adapter.
 */
export interface Queue {
  /**
   * Asks for `work(id)` now, or at `at` (Unix ms). Of several wakes for later the earliest wins: a run that leaves
   * something due later asks again. A wake for now leaves one for later standing. One asked while the work runs causes
   * one more run. An extra run is always possible and must do no harm.
   * Rejects with AppError('unavailable') when the queue is away: the caller has stored the truth already and goes on.
   */
  wake(topic: string, id: string, at?: number): Promise<void>
  /**
   * Asks for `work(id)` on a cron schedule (five fields; six with seconds first) in an IANA time zone, as `cron.ts` reads
   * it. Asking again replaces the schedule. Missed instants are made up for by one run.
   * Rejects with AppError('invalid_input') for a schedule that cannot be read, and as `wake` does.
   */
  repeat(topic: string, id: string, cron: string, timeZone: string): Promise<void>
  /**
   * Starts to work a topic, once per process. One id is never worked twice at the same time by one process, nor by two,
   * unless a process loses sight of the queue server for 10 s or the server forgets everything: the database has the last
   * word. A failed run is tried again with backoff (1 s … 60 s) until it succeeds; a wake for now does not wait for that.
   */
  work(topic: string, options: WorkOptions, run: (id: string) => Promise<void>): Promise<Worker>
  /** Called whenever the connection comes back after an outage. */
  onReconnect(listener: () => void): void
  /** Rejects when the queue cannot take a wake now; for `/readyz`. */
  check(): Promise<void>
  /** Closes every worker, then the connections. What is asked afterwards is rejected. */
  close(): Promise<void>
}

export interface WorkOptions {
  /** Runs of this topic at once, per process. */
  readonly concurrency: number
  /**
   * Where one event loop starts the work of several topics, the higher starts first. With BullMQ each topic has a
   * worker and slots of its own, and none waits for another's.
   */
  readonly priority?: number
}

export interface Worker {
  /** Takes no new work, and resolves when what runs has ended. */
  close(): Promise<void>
}
