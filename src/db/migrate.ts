import { readdirSync, readFileSync } from 'node:fs'
import type SqliteFile from 'better-sqlite3'
import type pg from 'pg'
import type { Dialect } from './kit.js'

/** One generated migration: `0001_first_house.sql`, its statements separated by a marker line. */
interface Migration {
  readonly name: string
  readonly statements: readonly string[]
}

/** Any number will do, as long as every process of this program uses the same. */
const MIGRATION_LOCK = 7_514_001

const CREATE_LIST = 'create table if not exists migrations (name text primary key, applied_at bigint not null)'

const listMigrations = (dialect: Dialect): Migration[] => {
  const folder = new URL(`./migrations/${dialect}/`, import.meta.url)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.sql$/, ''),
      statements: readFileSync(new URL(file, folder), 'utf8').split('--> statement-breakpoint'),
    }))
}

/** Applies what is missing, all or nothing. A second process waits for the first (busy_timeout) and finds it done. */
export const migrateSqlite = (file: SqliteFile.Database, now: number): void => {
  const apply = file.transaction(() => {
    file.exec(CREATE_LIST)
    const applied = new Set(file.prepare<[], string>('select name from migrations').pluck().all())
    for (const migration of listMigrations('sqlite')) {
      if (applied.has(migration.name)) continue
      for (const statement of migration.statements) file.exec(statement)
      file.prepare('insert into migrations (name, applied_at) values (?, ?)').run(migration.name, now)
    }
  })
  apply.immediate()
}

/** Applies what is missing under an advisory lock, all or nothing. */
export const migratePostgres = async (pool: pg.Pool, now: number): Promise<void> => {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    await client.query(CREATE_LIST)
    const { rows } = await client.query<{ name: string }>('select name from migrations')
    const applied = new Set(rows.map((row) => row.name))
    for (const migration of listMigrations('postgres')) {
      if (applied.has(migration.name)) continue
      for (const statement of migration.statements) await client.query(statement)
      await client.query('insert into migrations (name, applied_at) values ($1, $2)', [migration.name, now])
    }
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}
