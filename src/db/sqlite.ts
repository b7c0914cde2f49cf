import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import SqliteFile from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { type Clock, sleep } from '../clock.js'
import { AppError } from '../errors.js'
import type { Bound, Database, Decision, Found, QueryBuilder, Reads, Statement } from './database.js'
import { memoByKit } from './declared-tables.js'
import { type Kit, sqliteKit } from './kit.js'
import { leaseTables } from './lease-tables.js'
import { migrateSqlite } from './migrate.js'
import { RowCountError } from './row-count.js'
import { type DrizzleQuery, fastStatement, type SqliteStatement } from './sqlite-statement.js'
import { createWriteCheck } from './write-check.js'

/** One decision waiting for the next shared commit. */
interface Waiting {
  /** Runs inside the transaction; returns what to do once it is committed. Throws what the caller shall get. */
  run(): () => void
  fail(error: unknown): void
  readonly since: number
}

/** A write transaction stays short, so that another process's writer never waits long for its turn. */
const MAX_DECISIONS_PER_COMMIT = 500
const MAX_COMMIT_MS = 8
/** So long after another process has written, it is taken to be writing still. */
const NOT_ALONE_MS = 1_000
/** How long a decision waits for a busy database before its caller is told to come back. */
const MAX_WAIT_MS = 2_000
const RETRY_AFTER_SEC = 2

/** Opens (and creates) the SQLite file and brings it to the newest schema. Two processes may do so at the same time. */
export const openSqlite = (path: string, clock: Clock): Database => {
  if (path !== ':memory:') createPrivately(path)
  const file = new SqliteFile(path)
  configure(file)
  migrateSqlite(file, clock())
  // From here on nothing may block the event loop: a busy database is asked again by a timer (see `commit`).
  file.pragma('busy_timeout = 0')
  return new SqliteDatabase(file, clock)
}

const createPrivately = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  if (existsSync(path)) return
  new SqliteFile(path).close()
  chmodSync(path, 0o600)
}

const configure = (file: SqliteFile.Database): void => {
  file.pragma('busy_timeout = 5000')
  file.pragma('journal_mode = WAL')
  // better-sqlite3 is built with NORMAL, which may lose the last commits when power fails.
  file.pragma('synchronous = FULL')
  file.pragma('foreign_keys = ON')
  file.pragma('trusted_schema = OFF')
  file.pragma('journal_size_limit = 67108864')
}

class SqliteDatabase implements Database {
  readonly kit: Kit = sqliteKit
  readonly tables = memoByKit(sqliteKit)
  readonly #file: SqliteFile.Database
  readonly #builder: QueryBuilder
  readonly #clock: Clock
  readonly #prepared = new Map<Statement, SqliteStatement>()
  readonly #writeCheck = createWriteCheck(this.tables(leaseTables))
  readonly #begin: SqliteFile.Statement
  readonly #commit: SqliteFile.Statement
  readonly #rollback: SqliteFile.Statement
  readonly #savepoint: SqliteFile.Statement
  readonly #release: SqliteFile.Statement
  readonly #rollbackTo: SqliteFile.Statement
  readonly #dataVersion: SqliteFile.Statement<[], number>
  #waiting: Waiting[] = []
  #scheduled = false
  /** A decision has failed among others: the next transaction gives each a savepoint of its own. */
  #isApart = false
  #knownVersion = 0
  #otherWroteAt = Number.NEGATIVE_INFINITY
  #restUntil = 0
  #closed = false

  constructor(file: SqliteFile.Database, clock: Clock) {
    this.#file = file
    this.#builder = drizzle({ client: file })
    this.#clock = clock
    this.#begin = file.prepare('begin immediate')
    this.#commit = file.prepare('commit')
    this.#rollback = file.prepare('rollback')
    this.#savepoint = file.prepare('savepoint decision')
    this.#release = file.prepare('release decision')
    this.#rollbackTo = file.prepare('rollback to decision')
    this.#dataVersion = file.prepare<[], number>('pragma data_version').pluck()
  }

  async read<R extends readonly unknown[]>(query: Bound<R>): Promise<R> {
    const since = performance.now()
    for (;;) {
      try {
        return this.#rows(query)
      } catch (error) {
        // A reader meets a locked file only while another process recovers or closes it.
        if (!isBusy(error) || performance.now() - since >= MAX_WAIT_MS) throw translate(error)
        await sleep(busyPauseMs())
      }
    }
  }

  atomically<R extends Reads, T>(reads: R, decide: (found: Found<R>, now: number) => Decision<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        since: performance.now(),
        fail: (error) => reject(translate(error)),
        run: () => {
          const found: Record<string, unknown> = {}
          for (const name in reads) {
            const query = reads[name]
            found[name] = query ? this.#rows(query) : []
          }
          const decision = decide(found as Found<R>, this.#clock())
          for (const write of decision.writes) this.#write(write)
          return () => resolve(decision.result)
        },
      })
      this.#schedule()
    })
  }

  async write(...writes: readonly Bound<unknown>[]): Promise<void> {
    await this.atomically({}, () => ({ writes, result: undefined }))
  }

  async check(): Promise<void> {
    await this.write(this.#writeCheck({ at: String(this.#clock()) }))
  }

  async close(): Promise<void> {
    while (this.#waiting.length > 0) await new Promise((resolve) => setImmediate(resolve))
    this.#closed = true
    this.#file.close()
  }

  #rows<R>(query: Bound<R>): R {
    return this.#prepare(query.statement).all(query.values) as R
  }

  #write(write: Bound<unknown>): void {
    const { changes } = this.#prepare(write.statement).run(write.values)
    if (write.demand !== undefined && write.demand !== changes)
      throw new RowCountError(write.statement.name, write.demand, changes)
  }

  #prepare(statement: Statement): SqliteStatement {
    const known = this.#prepared.get(statement)
    if (known) return known
    const prepared = fastStatement(statement.build(this.#builder).prepare() as DrizzleQuery)
    this.#prepared.set(statement, prepared)
    return prepared
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    const restMs = this.#restUntil - performance.now()
    if (restMs > 0) setTimeout(() => this.#flush(), restMs)
    else setImmediate(() => this.#flush())
  }

  /** Group commit: all decisions of one turn of the event loop share a transaction. */
  #flush(): void {
    this.#scheduled = false
    const batch = this.#waiting.splice(0, MAX_DECISIONS_PER_COMMIT)
    if (batch.length === 0) return
    const since = performance.now()
    try {
      if (this.#closed) throw new AppError('unavailable', 'the database is closed')
      this.#begin.run()
    } catch (error) {
      this.#retryOrFail(batch, error)
      return
    }
    this.#decideAndCommit(batch, since)
    this.#restUntil = performance.now() + this.#restMs(performance.now() - since)
    if (this.#waiting.length > 0) this.#schedule()
  }

  /**
   * Runs decisions until `MAX_COMMIT_MS` have passed, and commits them. They run side by side without savepoints, which
   * would cost as much as many a decision; when one fails among others, all is undone and each is run apart.
   */
  #decideAndCommit(batch: readonly Waiting[], since: number): void {
    const isApart = this.#isApart
    this.#isApart = false
    const finished: (() => void)[] = []
    let begun = 0
    let isDeciding = true
    try {
      for (const waiting of batch) {
        if (begun > 0 && performance.now() - since > MAX_COMMIT_MS) break
        begun++
        const done = isApart ? this.#decideApart(waiting) : waiting.run()
        if (done) finished.push(done)
      }
      isDeciding = false
      this.#commit.run()
    } catch (error) {
      const failedAlone = isDeciding && this.#file.inTransaction
      this.#undo()
      finished.length = 0
      if (failedAlone && begun > 1) {
        this.#isApart = true
        begun = 0
      }
      // Whatever broke the transaction, nothing of it is stored.
      for (const waiting of batch.slice(0, begun)) waiting.fail(error)
    }
    this.#waiting.unshift(...batch.slice(begun))
    for (const done of finished) done()
  }

  /**
   * Another process at the same file finds its turn only between our transactions, and asks for it by a timer. So whoever is
   * not alone rests for as long as it has worked; what comes meanwhile shares the next commit.
   */
  #restMs(workedMs: number): number {
    const version = this.#readVersion()
    const now = performance.now()
    if (version !== this.#knownVersion) this.#otherWroteAt = now
    this.#knownVersion = version
    return now - this.#otherWroteAt < NOT_ALONE_MS ? Math.min(workedMs, MAX_COMMIT_MS) : 0
  }

  /** Another number than last time says that another connection has written since. */
  #readVersion(): number {
    try {
      return this.#dataVersion.get() ?? 0
    } catch {
      return this.#knownVersion
    }
  }

  /** A full disk may have ended the transaction already, or may refuse even this: the next `begin` tells. */
  #undo(): void {
    try {
      if (this.#file.inTransaction) this.#rollback.run()
    } catch {
      // Nothing is left to undo.
    }
  }

  /** Null when the decision failed alone: its caller has been told and its writes are undone. */
  #decideApart(waiting: Waiting): (() => void) | null {
    this.#savepoint.run()
    try {
      const done = waiting.run()
      this.#release.run()
      return done
    } catch (error) {
      // A full disk or an I/O error may have ended the whole transaction; then no savepoint is left to return to.
      if (!this.#file.inTransaction) throw error
      this.#rollbackTo.run()
      this.#release.run()
      waiting.fail(error)
      return null
    }
  }

  #retryOrFail(batch: Waiting[], error: unknown): void {
    const patientSince = isBusy(error) ? performance.now() - MAX_WAIT_MS : Number.POSITIVE_INFINITY
    const patient: Waiting[] = []
    for (const waiting of batch) {
      if (waiting.since > patientSince) patient.push(waiting)
      else waiting.fail(error)
    }
    if (patient.length === 0) return
    this.#waiting.unshift(...patient)
    this.#scheduled = true
    setTimeout(() => this.#flush(), busyPauseMs())
  }
}

const busyPauseMs = (): number => 1 + Math.random() * 2

/** better-sqlite3 says SqliteError; Drizzle may wrap it. */
const sqliteCode = (error: unknown): string => {
  const cause = error instanceof Error && error.cause ? error.cause : error
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}

const isBusy = (error: unknown): boolean => sqliteCode(error).startsWith('SQLITE_BUSY')

const UNAVAILABLE = ['SQLITE_BUSY', 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_CANTOPEN', 'SQLITE_READONLY']

const translate = (error: unknown): unknown => {
  if (error instanceof RowCountError) return new AppError('conflict', error.message, { cause: error })
  const code = sqliteCode(error)
  if (UNAVAILABLE.some((prefix) => code.startsWith(prefix)))
    return new AppError('unavailable', `the database cannot take it now (${code})`, {
      retryAfterSec: RETRY_AFTER_SEC,
      cause: error,
    })
  return error
}
