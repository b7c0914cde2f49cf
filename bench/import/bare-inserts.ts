import { join } from 'node:path'
import SqliteFile from 'better-sqlite3'
import { monotonicMs } from '../rig/clock.js'

const TABLES = ['customers', 'cards']
/** Of one transaction, as in an import that is alone. */
const AT_ONCE = 10_000

/**
 * The rows that an import made, copied into the same tables with the same indexes by prepared inserts and nothing else:
 * what SQLite itself takes for them. `dataDir` is the folder of the import.
 */
export const bareInsertsPerSec = (dataDir: string): number => {
  const made = new SqliteFile(join(dataDir, 'stampcast.sqlite'), { readonly: true })
  const file = new SqliteFile(join(dataDir, 'bare.sqlite'))
  file.pragma('journal_mode = WAL')
  file.pragma('synchronous = FULL')
  for (const sql of schemaOf(made)) file.exec(sql)
  const copies = TABLES.map((table) => copyOf(made, file, table))
  const count = copies[0]?.rows.length ?? 0
  const since = monotonicMs()
  for (let from = 0; from < count; from += AT_ONCE)
    file.transaction(() => {
      for (const { insert, rows } of copies) for (const row of rows.slice(from, from + AT_ONCE)) insert.run(row)
    })()
  const rowsPerSec = (count * 1_000) / (monotonicMs() - since)
  file.close()
  made.close()
  return rowsPerSec
}

/** Tables before their indexes. */
const schemaOf = (made: SqliteFile.Database): readonly string[] =>
  made
    .prepare<[string], string>(
      `select sql from sqlite_master where sql is not null and tbl_name in (select value from json_each(?))
       order by type desc`,
    )
    .pluck()
    .all(JSON.stringify(TABLES))

const copyOf = (made: SqliteFile.Database, file: SqliteFile.Database, table: string) => {
  const select = made.prepare<[], unknown[]>(`select * from ${table}`)
  const places = select.columns().map(() => '?')
  return { insert: file.prepare(`insert into ${table} values (${places.join(', ')})`), rows: select.raw().all() }
}
