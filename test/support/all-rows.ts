import { getTableName, type Table } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { type Database, statement } from '../../src/db/database.js'
import { schemaOf } from '../../src/schema.js'

/** Every row of every table as one text each, `table: {…}`; bytes are read as text too. */
export const allRows = async (db: Database): Promise<string[]> => {
  const tables: readonly SQLiteTable[] = Object.values(db.tables(schemaOf))
  const rows = await Promise.all(tables.map((table) => rowsOf(db, table)))
  return rows.flat()
}

const rowsOf = async (db: Database, table: SQLiteTable & Table): Promise<string[]> => {
  const name = getTableName(table)
  const all = statement(`test all of ${name}`, (q) => q.select().from(table))
  return (await db.read(all({}))).map((row) => `${name}: ${JSON.stringify(Object.entries(row).map(readable))}`)
}

const readable = ([name, value]: [string, unknown]) => [name, Buffer.isBuffer(value) ? value.toString() : value]
