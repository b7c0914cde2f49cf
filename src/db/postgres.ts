import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { type Clock, sleep } from '../clock.js'
import { AppError } from '../errors.js'
import type { Bound, Database, Decision, Found, Insert, Lock, QueryBuilder, Reads, Statement } from './database.js'
import { memoByKit } from './declared-tables.js'
import { type Kit, postgresKit } from './kit.js'
import { leaseTables } from './lease-tables.js'
import { migratePostgres } from './migrate.js'
import { manyRowsText, rowsAsJson, runsOf } from './postgres-inserts.js'
import { RowCountError } from './row-count.js'
import { withoutValues } from './statement-error.js'
import { createWriteCheck } from './write-check.js'

// PostgreSQL hands 64-bit integers over as strings; ours are Unix ms, counts and minor units, all below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

const POOL_SIZE = 10
const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 15_000
/**
 * Between two statements of a transaction lie milliseconds. A process that froze there, or whose machine is gone, holds its
 * locks until the server ends its session: a lane of its own could not be taken over.
 */
const IDLE_IN_TRANSACTION_MS = 5_000
const RETRY_AFTER_SEC = 5
/** Serialization failure, deadlock, and a unique row or demanded row count that a concurrent write beat: decided again. */
const MAX_ATTEMPTS = 8
const CONFLICT_CODES = new Set(['40001', '40P01', '23505'])
/** SQLSTATE classes of a server that cannot serve now: connection, resources (disk full), operator intervention. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57', '58'])
/** The server ended the session because its transaction stood still for too long. */
const STOOD_STILL = '25P03'

interface Prepared {
  execute(values: object): Promise<unknown>
}

/** A Drizzle query of PostgreSQL: what the builder, typed as SQLite's, really gives here. */
interface PostgresQuery {
  for(mode: Lock['mode'], config?: { of?: Lock['of'] }): PostgresQuery
  prepare(name: string): Prepared
}

/** Opens the database and brings it to the newest schema. */
export const openPostgres = async (url: string, clock: Clock): Promise<Database> => {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    application_name: 'stampcast',
  })
  // An idle connection that breaks is replaced when it is next needed; without a listener it would end the process.
  pool.on('error', () => undefined)
  try {
    await migratePostgres(pool, clock())
  } catch (error) {
    await pool.end()
    throw translate(error)
  }
  return new PostgresDatabase(pool, clock)
}

class PostgresDatabase implements Database {
  readonly kit: Kit = postgresKit
  readonly tables = memoByKit(postgresKit)
  readonly #pool: pg.Pool
  readonly #clock: Clock
  readonly #connections = new WeakMap<pg.PoolClient, Connection>()
  readonly #writeCheck = createWriteCheck(this.tables(leaseTables))

  constructor(pool: pg.Pool, clock: Clock) {
    this.#pool = pool
    this.#clock = clock
  }

  async read<R extends readonly unknown[]>(query: Bound<R>): Promise<R> {
    return this.#withConnection((connection) => connection.rows(query, false))
  }

  async atomically<R extends Reads, T>(reads: R, decide: (found: Found<R>, now: number) => Decision<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#withConnection((connection) => this.#transact(connection, reads, decide))
      } catch (error) {
        if (attempt >= MAX_ATTEMPTS || !isConflict(error)) throw error
        await sleep(Math.random() * 5 * 2 ** attempt)
      }
    }
  }

  async write(...writes: readonly Bound<unknown>[]): Promise<void> {
    await this.atomically({}, () => ({ writes, result: undefined }))
  }

  async check(): Promise<void> {
    await this.write(this.#writeCheck({ at: String(this.#clock()) }))
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  async #transact<R extends Reads, T>(
    connection: Connection,
    reads: R,
    decide: (found: Found<R>, now: number) => Decision<T>,
  ): Promise<T> {
    await connection.command('begin')
    try {
      const found: Record<string, unknown> = {}
      for (const name in reads) {
        const query = reads[name]
        found[name] = query ? await connection.rows(query, true) : []
      }
      const decision = decide(found as Found<R>, this.#clock())
      for (const run of runsOf(decision.writes)) await connection.write(run)
      await connection.command('commit')
      return decision.result
    } catch (error) {
      await connection.command('rollback')
      throw error
    }
  }

  async #withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    let client: pg.PoolClient | undefined
    let broken: Error | undefined
    try {
      client = await this.#pool.connect()
      return await work(this.#connectionOf(client))
    } catch (error) {
      const translated = translate(error)
      // A connection in an unclear state is not given back to the pool.
      if (translated instanceof AppError && translated.code === 'unavailable') broken = translated
      throw translated
    } finally {
      client?.release(broken)
    }
  }

  #connectionOf(client: pg.PoolClient): Connection {
    const known = this.#connections.get(client)
    if (known) return known
    const connection = new Connection(client)
    this.#connections.set(client, connection)
    return connection
  }
}

/** One connection of the pool with the statements it has prepared. */
class Connection {
  readonly #client: pg.PoolClient
  readonly #builder: QueryBuilder
  readonly #prepared = new Map<string, Prepared>()

  constructor(client: pg.PoolClient) {
    this.#client = client
    this.#builder = drizzle({ client }) as unknown as QueryBuilder
    // A connection that breaks fails its query, and says so here once more; without a listener it would end the process.
    // The pool listens only while it is idle.
    client.on('error', () => undefined)
  }

  async command(text: string): Promise<void> {
    await this.#client.query(text)
  }

  async rows<R>(query: Bound<R>, locking: boolean): Promise<R> {
    const lock = locking ? query.statement.lock : undefined
    return (await this.#execute(query, lock)) as R
  }

  /** A run of writes that are taken together; see `runsOf`. */
  async write(run: readonly Bound<unknown>[]): Promise<void> {
    const [first] = run
    if (!first) return
    const { statement, demand } = first
    const { rowCount } = (await (statement.insert && run.length > 1
      ? this.#insertMany(statement.name, statement.insert, run)
      : this.#execute(first, undefined))) as pg.QueryResult
    const demanded = demand === undefined ? undefined : demand * run.length
    if (demanded !== undefined && demanded !== rowCount)
      throw new RowCountError(statement.name, demanded, rowCount ?? 0)
  }

  async #insertMany(name: string, insert: Insert, run: readonly Bound<unknown>[]): Promise<unknown> {
    const rows = rowsAsJson(insert, run)
    try {
      return await this.#client.query({ name: `${name} (many)`, text: manyRowsText(insert), values: [rows] })
    } catch (error) {
      throw withoutValues(name, error)
    }
  }

  async #execute({ statement, values }: Bound<unknown>, lock: Lock | undefined): Promise<unknown> {
    try {
      return await this.#prepare(statement, lock).execute(values)
    } catch (error) {
      throw withoutValues(statement.name, error)
    }
  }

  #prepare(statement: Statement, lock: Lock | undefined): Prepared {
    const name = lock ? `${statement.name} for ${lock.mode}` : statement.name
    const known = this.#prepared.get(name)
    if (known) return known
    const query = statement.build(this.#builder) as unknown as PostgresQuery
    const prepared = (lock ? query.for(lock.mode, lock.of ? { of: lock.of } : {}) : query).prepare(name)
    this.#prepared.set(name, prepared)
    return prepared
  }
}

/** SQLSTATE, or Node's code of a failed connection. */
const codeOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause ? error.cause : error
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}

const isConflict = (error: unknown): boolean =>
  CONFLICT_CODES.has(codeOf(error)) || (error instanceof AppError && error.cause instanceof RowCountError)

const LOST_CONNECTION = /ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|terminat|timeout/i

const translate = (error: unknown): unknown => {
  if (error instanceof AppError) return error
  if (error instanceof RowCountError) return new AppError('conflict', error.message, { cause: error })
  const code = codeOf(error)
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const lost =
    LOST_CONNECTION.test(code) || (code === '' && cause instanceof Error && LOST_CONNECTION.test(cause.message))
  if (lost || code === STOOD_STILL || UNAVAILABLE_CLASSES.has(code.slice(0, 2)))
    return new AppError('unavailable', `the database cannot take it now (${code || 'connection lost'})`, {
      retryAfterSec: RETRY_AFTER_SEC,
      cause: error,
    })
  return error
}
