import { type Column, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import * as pg from 'drizzle-orm/pg-core'
import * as sqlite from 'drizzle-orm/sqlite-core'

export type Dialect = 'sqlite' | 'postgres'

/**
 * The column builders that a table is declared with, once for both dialects. They are typed as SQLite's; PostgreSQL's are
 * built to behave the same:
 * - `int` is a 64-bit integer read as a number (times in Unix ms, money in minor units, counts);
 * - `json` is text on both, so that what was written is read back as it was;
 * - `bool` and `bytes` are each dialect's own.
 */
export interface Kit {
  readonly dialect: Dialect
  readonly table: typeof sqlite.sqliteTable
  readonly text: (name: string) => ReturnType<typeof sqliteText>
  readonly int: (name: string) => ReturnType<typeof sqliteInt>
  readonly bool: (name: string) => ReturnType<typeof sqliteBool>
  readonly json: (name: string) => ReturnType<typeof sqliteJson>
  readonly bytes: (name: string) => ReturnType<typeof sqliteBytes>
  /** An integer key given by the database, growing with each insert; a later commit may carry a smaller one. */
  readonly serial: (name: string) => ReturnType<typeof sqliteSerial>
  readonly index: typeof sqlite.index
  readonly uniqueIndex: typeof sqlite.uniqueIndex
  readonly primaryKey: typeof sqlite.primaryKey
  /** The database's own clock as Unix ms: leases of several machines are compared on it. */
  readonly now: SQL<number>
  /** `column` is one of the strings of a JSON array: a batch of any size is one prepared statement with one parameter. */
  oneOf(column: Column, jsonArray: SQLWrapper): SQL
  /**
   * The rows of a JSON array of arrays as a table for an update's `from`, `columns` in their order: many rows are one
   * statement with one parameter.
   */
  listed<C extends ListedColumns>(jsonArray: SQLWrapper, columns: C): Listed<C>
}

type ListedColumns = Readonly<Record<string, 'text' | 'int'>>

export interface Listed<C extends ListedColumns> {
  readonly table: SQL
  readonly columns: { readonly [K in keyof C]: SQL<C[K] extends 'int' ? number : string> }
}

/** `read` gives a row's value at a place, in the dialect's words. */
const listedBy =
  (elements: (jsonArray: SQLWrapper) => SQL, read: (place: number, type: 'text' | 'int') => string) =>
  <C extends ListedColumns>(jsonArray: SQLWrapper, columns: C): Listed<C> => {
    const names = Object.keys(columns)
    const values = names.map((name, place) => `${read(place, columns[name] ?? 'text')} as "${name}"`)
    return {
      table: sql`(select ${sql.raw(values.join(', '))} from ${elements(jsonArray)}) as listed`,
      columns: Object.fromEntries(names.map((name) => [name, sql.raw(`listed."${name}"`)])) as Listed<C>['columns'],
    }
  }

const sqliteText = (name: string) => sqlite.text(name)
const sqliteInt = (name: string) => sqlite.integer(name, { mode: 'number' })
const sqliteBool = (name: string) => sqlite.integer(name, { mode: 'boolean' })
const sqliteJson = (name: string) => sqlite.text(name, { mode: 'json' })
const sqliteBytes = (name: string) => sqlite.blob(name, { mode: 'buffer' })
const sqliteSerial = (name: string) => sqlite.integer(name, { mode: 'number' }).primaryKey({ autoIncrement: true })

export const sqliteKit: Kit = {
  dialect: 'sqlite',
  table: sqlite.sqliteTable,
  text: sqliteText,
  int: sqliteInt,
  bool: sqliteBool,
  json: sqliteJson,
  bytes: sqliteBytes,
  serial: sqliteSerial,
  index: sqlite.index,
  uniqueIndex: sqlite.uniqueIndex,
  primaryKey: sqlite.primaryKey,
  now: sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
  oneOf: (column, jsonArray) => sql`${column} in (select value from json_each(${jsonArray}))`,
  listed: listedBy(
    (jsonArray) => sql`json_each(${jsonArray})`,
    (place) => `value ->> ${place}`,
  ),
}

const pgJson = pg.customType<{ data: unknown; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (text) => JSON.parse(text),
})
const pgBytes = pg.customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })

// The one place where PostgreSQL's builders pass as SQLite's: same names, same methods, same JavaScript values.
export const postgresKit = {
  dialect: 'postgres',
  table: pg.pgTable,
  text: (name: string) => pg.text(name),
  int: (name: string) => pg.bigint(name, { mode: 'number' }),
  bool: (name: string) => pg.boolean(name),
  json: (name: string) => pgJson(name),
  bytes: (name: string) => pgBytes(name),
  serial: (name: string) => pg.bigserial(name, { mode: 'number' }).primaryKey(),
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  primaryKey: pg.primaryKey,
  now: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
  oneOf: (column: Column, jsonArray: SQLWrapper) =>
    sql`${column} = any (array(select json_array_elements_text(${jsonArray}::json)))`,
  listed: listedBy(
    (jsonArray) => sql`json_array_elements(${jsonArray}::json)`,
    (place, type) => (type === 'int' ? `(value ->> ${place})::bigint` : `value ->> ${place}`),
  ),
} as unknown as Kit
