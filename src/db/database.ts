import { getTableColumns, type Placeholder, type SQL, sql, type Table } from 'drizzle-orm'
import type { BaseSQLiteDatabase, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Kit } from './kit.js'

/** Builds queries; typed as SQLite's for both dialects. */
export type QueryBuilder = Pick<
  BaseSQLiteDatabase<'sync', unknown>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | '$with' | 'with'
>

/** Named parameters of a statement. Typed as SQL too, because Drizzle takes placeholders where its types name only SQL. */
export type Values<V> = { readonly [K in keyof V]-?: Placeholder<K & string, V[K]> & SQL<V[K]> }

/** A query as data: built and prepared once per connection, then run with values. */
export interface Statement {
  readonly name: string
  build(q: QueryBuilder): Preparable
  /** On PostgreSQL a read inside `atomically` locks its rows; SQLite has one writer, so it needs none. */
  readonly lock: Lock | undefined
  /** Of an insertion: an adapter may take many of one statement together. */
  readonly insert?: Insert
}

/** What an insertion puts where: `keys` are the table's columns as our rows name them. */
export interface Insert {
  readonly table: SQLiteTable
  readonly keys: readonly string[]
  readonly ignoresExisting: boolean
}

/** `of` names the tables to lock where a join would lock too much. */
export interface Lock {
  readonly mode: 'update' | 'share'
  readonly of?: Table | Table[]
}

interface Preparable {
  prepare(): unknown
}

/** A statement with its values. `R` is what it gives: rows of a select, nothing of a write. */
export interface Bound<R> {
  readonly statement: Statement
  readonly values: object
  /** Of a write: how many rows it must change, or nothing of the whole decision is written. */
  readonly demand?: number
  /** Carries the row type; never present at run time. */
  readonly rows?: R
}

type RowsOf<B> = B extends Bound<infer R> ? R : never
/** Reads by name; an absent one (`null`) gives no rows, so that a decision need not know what could not be asked. */
export type Reads = Readonly<Record<string, Bound<readonly unknown[]> | null>>
export type Found<R extends Reads> = { readonly [K in keyof R]: RowsOf<NonNullable<R[K]>> }

/** What a pure decision asks the shell to write, and what it answers its caller once that is committed. */
export interface Decision<T> {
  readonly writes: readonly Bound<unknown>[]
  readonly result: T
}

/** The database: the truth. Two adapters, SQLite and PostgreSQL, run one contract suite (test/contracts/database.ts). */
export interface Database {
  readonly kit: Kit
  /** The tables that a capability declares, built once for this database's dialect. */
  tables<T>(declare: (kit: Kit) => T): T
  /** Reads committed rows. */
  read<R extends readonly unknown[]>(query: Bound<R>): Promise<R>
  /**
   * Runs `reads`, gives their rows to the pure `decide`, and commits its writes, all in one transaction that is durable
   * when this resolves. What other calls decide at the same time shares the commit but not the fate: a decision that
   * throws writes nothing and harms no neighbour. `decide` may run again after a conflict or a neighbour's failure, so it
   * must not act.
   * Rejects with AppError('unavailable') when the database cannot take it now (busy for 2 s, disk full, server away) and
   * AppError('conflict') when a demanded row count is not met.
   */
  atomically<R extends Reads, T>(reads: R, decide: (found: Found<R>, now: number) => Decision<T>): Promise<T>
  /** `atomically` without reads. */
  write(...writes: readonly Bound<unknown>[]): Promise<void>
  /** Rejects when the database cannot be read and written; for `/readyz`. */
  check(): Promise<void>
  close(): Promise<void>
}

const placeholders = <V>(): Values<V> =>
  new Proxy({}, { get: (_target, name) => sql.placeholder(String(name)) }) as Values<V>

/**
 * Declares a statement. `name` is unique in the program (PostgreSQL plans it under that name); values are named by the
 * second parameter of `build`. Values meet a column's encoding (json, bool) in `insert` and `set`, not in comparisons.
 */
export const statement = <V extends object, R>(
  name: string,
  build: (q: QueryBuilder, values: Values<V>) => Preparable & { readonly _: { readonly result: R } },
  lock?: Lock,
): ((values: V) => Bound<R>) => {
  const declared: Statement = { name, build: (q) => build(q, placeholders<V>()), lock }
  return (values) => ({ statement: declared, values })
}

/** A write that must change exactly `count` rows. */
export const demand = <R>(count: number, write: Bound<R>): Bound<R> => ({ ...write, demand: count })

/**
 * Declares the insert of one whole row; columns left out are NULL, and a serial one is the database's to give. With
 * `ignoreExisting` a row whose key is there already is passed over (and only that: a NOT NULL violation still fails).
 */
export const insertion = <T extends SQLiteTable>(
  name: string,
  table: T,
  options: { readonly ignoreExisting?: boolean } = {},
): ((row: T['$inferInsert']) => Bound<unknown>) => {
  const keys = Object.entries(getTableColumns(table)).flatMap(([key, column]) => (column.hasDefault ? [] : key))
  const row = Object.fromEntries(keys.map((key) => [key, sql.placeholder(key)])) as T['$inferInsert']
  const absent = Object.fromEntries(keys.map((key) => [key, null]))
  const ignoresExisting = options.ignoreExisting ?? false
  const declared: Statement = {
    name,
    build: (q) => {
      const query = q.insert(table).values(row)
      return ignoresExisting ? query.onConflictDoNothing() : query
    },
    lock: undefined,
    insert: { table, keys, ignoresExisting },
  }
  return (given) => ({ statement: declared, values: { ...absent, ...given } })
}
