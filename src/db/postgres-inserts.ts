import { getTableColumns, getTableName } from 'drizzle-orm'
import type { Bound, Insert } from './database.js'

/** So many rows are one statement at most: its text is in memory several times. */
const MOST_ROWS = 2_000

/**
 * The writes in their order, with inserts that follow each other in one run: each statement is a journey to the server, so
 * many rows travel as one. Demanded rows and others are not in one run, since the server only counts them together.
 */
export const runsOf = (writes: readonly Bound<unknown>[]): readonly (readonly Bound<unknown>[])[] => {
  const runs: Bound<unknown>[][] = []
  for (const write of writes) {
    const run = runs.at(-1)
    if (run?.[0] && run.length < MOST_ROWS && areAlike(run[0], write)) run.push(write)
    else runs.push([write])
  }
  return runs
}

const areAlike = (one: Bound<unknown>, other: Bound<unknown>): boolean =>
  one.statement === other.statement && one.statement.insert !== undefined && one.demand === other.demand

/** Inserts the rows of a JSON array, its one parameter. */
export const manyRowsText = ({ table, keys, ignoresExisting }: Insert): string => {
  const columns = getTableColumns(table)
  const names = keys.map((key) => `"${columns[key]?.name}"`).join(', ')
  const name = `"${getTableName(table)}"`
  const insert = `insert into ${name} (${names}) select ${names} from json_populate_recordset(null::${name}, $1::json)`
  return ignoresExisting ? `${insert} on conflict do nothing` : insert
}

export const rowsAsJson = ({ table, keys }: Insert, writes: readonly Bound<unknown>[]): string => {
  const columns = getTableColumns(table)
  const rows = writes.map(({ values }) =>
    Object.fromEntries(
      keys.flatMap((key) => {
        const column = columns[key]
        const value: unknown = Reflect.get(values, key)
        return column ? [[column.name, inJson(column.mapToDriverValue(value))]] : []
      }),
    ),
  )
  return JSON.stringify(rows)
}

/** PostgreSQL reads bytes from text by their hexadecimal digits. */
const inJson = (value: unknown): unknown =>
  value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value
