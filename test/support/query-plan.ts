import SqliteFile from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Bound } from '../../src/db/database.js'

/** How SQLite finds the rows of a statement in the file at `path`, a line for each step. */
export const queryPlan = (path: string, { statement }: Bound<unknown>): readonly string[] => {
  const file = new SqliteFile(path, { readonly: true })
  try {
    const { sql, params } = sqlOf(statement.build(drizzle(file)))
    const steps = file.prepare(`explain query plan ${sql}`).all(...params.map(() => null))
    return steps.map((step) => String(Reflect.get(Object(step), 'detail')))
  } finally {
    file.close()
  }
}

const sqlOf = (query: unknown): { readonly sql: string; readonly params: readonly unknown[] } => {
  const toSql: unknown = Reflect.get(Object(query), 'toSQL')
  if (typeof toSql !== 'function') throw new Error('this is no query')
  return toSql.call(query)
}
