import { readdirSync, readFileSync } from 'node:fs'
import SqliteFile from 'better-sqlite3'
import pg from 'pg'

/** The statements of all migrations before the one whose name begins so, by its name. */
const migrationsBefore = (dialect: 'sqlite' | 'postgres', number: string) => {
  const folder = new URL(`../../src/db/migrations/${dialect}/`, import.meta.url)
  const older = readdirSync(folder)
    .filter((file) => file.endsWith('.sql') && file < number)
    .sort()
  return older.map((file) => ({
    name: file.replace(/\.sql$/, ''),
    statements: readFileSync(new URL(file, folder), 'utf8').split('--> statement-breakpoint'),
  }))
}

const CREATE_LIST = 'create table migrations (name text primary key, applied_at bigint not null)'

/** A database as the program left it before migration `number` (`0016`), with what `rows` inserts. */
export const writeOlderSqlite = (path: string, number: string, rows: readonly string[]): void => {
  const file = new SqliteFile(path)
  file.exec(CREATE_LIST)
  for (const { name, statements } of migrationsBefore('sqlite', number)) {
    for (const statement of statements) file.exec(statement)
    file.prepare('insert into migrations values (?, 0)').run(name)
  }
  file.exec(['begin', ...rows, 'commit'].join(';'))
  file.close()
}

export const writeOlderPostgres = async (url: string, number: string, rows: readonly string[]): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(CREATE_LIST)
  for (const { name, statements } of migrationsBefore('postgres', number)) {
    for (const statement of statements) await client.query(statement)
    await client.query('insert into migrations values ($1, 0)', [name])
  }
  for (const row of rows) await client.query(row)
  await client.end()
}
