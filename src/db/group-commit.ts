import type SqliteFile from 'better-sqlite3'
import { turnEnd } from '../clock.js'
import { AppError } from '../errors.js'
import type { CommitPace } from './commit-pace.js'
import { asPortError, isBusy } from './sqlite-errors.js'

/** One decision waiting for the next shared commit. */
interface Waiting {
  /** Runs inside the transaction; throws what the caller shall get. */
  run(): void
  /** It is committed. */
  settle(): void
  fail(error: unknown): void
  readonly since: number
}

const MAX_DECISIONS = 500
/** How long a decision waits for a busy database before its caller is told to come back. */
const MAX_WAIT_MS = 2_000

/** Between two tries at a busy file; the jitter keeps two processes from meeting again and again. */
export const busyPauseMs = (): number => 1 + Math.random() * 2

/** Whether somebody who has been waiting since then has waited long enough for a busy file. */
export const isOutOfPatience = (since: number): boolean => performance.now() - since >= MAX_WAIT_MS

/**
 * Group commit on one SQLite connection: decisions that come in one turn of the event loop share a transaction and its
 * fsync, but not their fate.
 */
export class GroupCommit {
  readonly #file: SqliteFile.Database
  readonly #pace: CommitPace
  readonly #begin: SqliteFile.Statement
  readonly #commit: SqliteFile.Statement
  readonly #rollback: SqliteFile.Statement
  readonly #savepoint: SqliteFile.Statement
  readonly #release: SqliteFile.Statement
  readonly #rollbackTo: SqliteFile.Statement
  #waiting: Waiting[] = []
  #scheduled = false
  /** A decision has failed among others: the next transaction gives each a savepoint of its own. */
  #isApart = false
  #closed = false

  constructor(file: SqliteFile.Database, pace: CommitPace) {
    this.#file = file
    this.#pace = pace
    this.#begin = file.prepare('begin immediate')
    this.#commit = file.prepare('commit')
    this.#rollback = file.prepare('rollback')
    this.#savepoint = file.prepare('savepoint decision')
    this.#release = file.prepare('release decision')
    this.#rollbackTo = file.prepare('rollback to decision')
  }

  /**
   * Runs `decide` in the next transaction and resolves with what it returned once that is durable. Rejects with what it
   * threw, or with AppError('unavailable') when the transaction could not be had within 2 s or not be committed. `decide`
   * may run again after a neighbour's failure.
   */
  run<T>(decide: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T
      this.#waiting.push({
        since: performance.now(),
        run: () => {
          result = decide()
        },
        settle: () => resolve(result),
        fail: (error) => reject(asPortError(error)),
      })
      this.#schedule()
    })
  }

  /** Resolves when nothing waits any more; what comes afterwards is refused. */
  async close(): Promise<void> {
    while (this.#waiting.length > 0) await turnEnd()
    this.#closed = true
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    const { restMs } = this.#pace
    if (restMs > 0) setTimeout(() => this.#flush(), restMs)
    else setImmediate(() => this.#flush())
  }

  #flush(): void {
    this.#scheduled = false
    const batch = this.#waiting.splice(0, MAX_DECISIONS)
    if (batch.length === 0) return
    const since = performance.now()
    try {
      if (this.#closed) throw new AppError('unavailable', 'the database is closed')
      this.#begin.run()
    } catch (error) {
      this.#retryOrFail(batch, error)
      return
    }
    this.#decideAndCommit(batch, since + this.#pace.maxMs)
    this.#pace.ended(since)
    if (this.#waiting.length > 0) this.#schedule()
  }

  /**
   * Runs decisions until the time is up, and commits them. They run side by side without savepoints, which would cost as
   * much as many a decision; when one fails among others, all is undone and each is run apart.
   */
  #decideAndCommit(batch: readonly Waiting[], until: number): void {
    const isApart = this.#isApart
    this.#isApart = false
    const decided: Waiting[] = []
    let begun = 0
    let isDeciding = true
    try {
      for (const waiting of batch) {
        if (begun > 0 && performance.now() > until) break
        begun++
        if (isApart && !this.#runApart(waiting)) continue
        if (!isApart) waiting.run()
        decided.push(waiting)
      }
      isDeciding = false
      this.#commit.run()
    } catch (error) {
      const failedAlone = isDeciding && this.#file.inTransaction
      this.#undo()
      decided.length = 0
      if (failedAlone && begun > 1) {
        this.#isApart = true
        begun = 0
      }
      // Whatever broke the transaction, nothing of it is stored.
      for (const waiting of batch.slice(0, begun)) waiting.fail(error)
    }
    this.#waiting.unshift(...batch.slice(begun))
    for (const waiting of decided) waiting.settle()
  }

  /** A full disk may have ended the transaction already, or may refuse even this: the next `begin` tells. */
  #undo(): void {
    try {
      if (this.#file.inTransaction) this.#rollback.run()
    } catch {
      // Nothing is left to undo.
    }
  }

  /** False when the decision failed alone: its caller has been told and its writes are undone. */
  #runApart(waiting: Waiting): boolean {
    this.#savepoint.run()
    try {
      waiting.run()
      this.#release.run()
      return true
    } catch (error) {
      // A full disk or an I/O error may have ended the whole transaction; then no savepoint is left to return to.
      if (!this.#file.inTransaction) throw error
      this.#rollbackTo.run()
      this.#release.run()
      waiting.fail(error)
      return false
    }
  }

  #retryOrFail(batch: readonly Waiting[], error: unknown): void {
    const patient: Waiting[] = []
    for (const waiting of batch) {
      if (isBusy(error) && !isOutOfPatience(waiting.since)) patient.push(waiting)
      else waiting.fail(error)
    }
    if (patient.length === 0) return
    this.#waiting.unshift(...patient)
    this.#scheduled = true
    setTimeout(() => this.#flush(), busyPauseMs())
  }
}
