import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import SqliteFile from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { type Clock, sleep } from '../clock.js'
import { CommitPace } from './commit-pace.js'
import type { Bound, Database, Decision, Found, QueryBuilder, Reads, Statement } from './database.js'
import { memoByKit } from './declared-tables.js'
import { busyPauseMs, GroupCommit, isOutOfPatience } from './group-commit.js'
import { type Kit, sqliteKit } from './kit.js'
import { leaseTables } from './lease-tables.js'
import { migrateSqlite } from './migrate.js'
import { RowCountError } from './row-count.js'
import { asPortError, isBusy } from './sqlite-errors.js'
import { type DrizzleQuery, fastStatement, type SqliteStatement } from './sqlite-statement.js'
import { createWriteCheck } from './write-check.js'

export interface SqliteOptions {
  /** Lets other processes go first that write to the same file; for whoever can wait, as a worker can. */
  readonly givesWay?: boolean
}

/** Opens (and creates) the SQLite file and brings it to the newest schema. Two processes may do so at the same time. */
export const openSqlite = (path: string, clock: Clock, { givesWay = false }: SqliteOptions = {}): Database => {
  if (path !== ':memory:') createPrivately(path)
  const file = new SqliteFile(path)
  configure(file)
  migrateSqlite(file, clock())
  // From here on nothing may block the event loop: a busy database is asked again by a timer (see GroupCommit).
  file.pragma('busy_timeout = 0')
  return new SqliteDatabase(file, clock, givesWay)
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
  // What is erased is overwritten, not only forgotten.
  file.pragma('secure_delete = ON')
}

class SqliteDatabase implements Database {
  readonly kit: Kit = sqliteKit
  readonly tables = memoByKit(sqliteKit)
  readonly #file: SqliteFile.Database
  readonly #builder: QueryBuilder
  readonly #clock: Clock
  readonly #commits: GroupCommit
  readonly #prepared = new Map<Statement, SqliteStatement>()
  readonly #writeCheck = createWriteCheck(this.tables(leaseTables))

  constructor(file: SqliteFile.Database, clock: Clock, givesWay: boolean) {
    this.#file = file
    this.#builder = drizzle({ client: file })
    this.#clock = clock
    this.#commits = new GroupCommit(file, new CommitPace({ givesWay, readVersion: versionReader(file) }))
  }

  async read<R extends readonly unknown[]>(query: Bound<R>): Promise<R> {
    const since = performance.now()
    for (;;) {
      try {
        return this.#rows(query)
      } catch (error) {
        // A reader meets a locked file only while another process recovers or closes it.
        if (!isBusy(error) || isOutOfPatience(since)) throw asPortError(error)
        await sleep(busyPauseMs())
      }
    }
  }

  atomically<R extends Reads, T>(reads: R, decide: (found: Found<R>, now: number) => Decision<T>): Promise<T> {
    return this.#commits.run(() => {
      const found: Record<string, unknown> = {}
      for (const name in reads) {
        const query = reads[name]
        found[name] = query ? this.#rows(query) : []
      }
      const decision = decide(found as Found<R>, this.#clock())
      for (const write of decision.writes) this.#write(write)
      return decision.result
    })
  }

  write(...writes: readonly Bound<unknown>[]): Promise<void> {
    return this.atomically({}, () => ({ writes, result: undefined }))
  }

  async check(): Promise<void> {
    await this.write(this.#writeCheck({ at: String(this.#clock()) }))
  }

  async close(): Promise<void> {
    await this.#commits.close()
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
}

const versionReader = (file: SqliteFile.Database): (() => number) => {
  const version = file.prepare<[], number>('pragma data_version').pluck()
  let last = 0
  return () => {
    try {
      last = version.get() ?? last
    } catch {
      // A locked file tells nothing new.
    }
    return last
  }
}
