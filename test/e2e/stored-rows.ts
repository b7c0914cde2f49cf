import { isUtf8 } from 'node:buffer'
import { join } from 'node:path'
import SqliteFile from 'better-sqlite3'
import { getTableColumns, getTableName } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { sqliteKit } from '../../src/db/kit.js'
import { readWebhook } from '../../src/events/webhook.js'
import { schemaOf } from '../../src/schema.js'

/** How many rows of each table were read, and what could not be read back as it must have been meant. */
export interface ReadBack {
  readonly rows: Readonly<Record<string, number>>
  readonly unreadable: readonly string[]
}

/** Reads every row of the program's SQLite file: its text as bytes, its JSON as JSON, its webhooks as webhooks. */
export const readEverythingBack = (dataDir: string): ReadBack => {
  const file = new SqliteFile(join(dataDir, 'stampcast.sqlite'), { readonly: true })
  try {
    const unreadable: string[] = []
    const rows: Record<string, number> = {}
    if (file.pragma('integrity_check', { simple: true }) !== 'ok') unreadable.push('the file itself')
    for (const table of Object.values(schemaOf(sqliteKit))) {
      const name = getTableName(table)
      rows[name] = 0
      for (const row of file.prepare(selectBytes(table)).iterate() as Iterable<Record<string, unknown>>) {
        rows[name]++
        unreadable.push(...faultsIn(table, row).map((fault) => `${name}.${fault}`))
      }
    }
    return { rows, unreadable: [...unreadable, ...unreadableWebhooks(file)] }
  } finally {
    file.close()
  }
}

/** Text as the bytes that are stored: SQLite checks none of them, and its driver repairs what it reads. */
const selectBytes = (table: SQLiteTable): string => {
  const columns = Object.values(getTableColumns(table)).map(({ name, columnType }) =>
    columnType.startsWith('SQLiteText') ? `cast("${name}" as blob) as "${name}"` : `"${name}"`,
  )
  return `select ${columns.join()} from "${getTableName(table)}"`
}

const faultsIn = (table: SQLiteTable, row: Record<string, unknown>): string[] =>
  Object.values(getTableColumns(table)).flatMap(({ name, columnType, notNull }) => {
    const value = row[name]
    if (value === null) return notNull ? [`${name}: null`] : []
    if (!columnType.startsWith('SQLiteText')) return []
    if (!Buffer.isBuffer(value) || !isUtf8(value) || value.includes(0)) return [`${name}: ${String(value)}`]
    return columnType === 'SQLiteTextJson' && !isJson(value.toString()) ? [`${name}: ${value.toString()}`] : []
  })

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** What each state of the journal says its body is. */
const KIND_OF: Readonly<Record<string, string>> = {
  pending: 'event',
  applied: 'event',
  ignored: 'event',
  dead: 'event',
  invalid: 'invalid',
  unrecognised: 'unrecognised',
}

const unreadableWebhooks = (file: SqliteFile.Database): string[] => {
  const unreadable: string[] = []
  const journal = file.prepare('select id, state, received_at as receivedAt, body from events where body is not null')
  for (const row of journal.iterate() as Iterable<{ id: string; state: string; receivedAt: number; body: Buffer }>) {
    const { kind } = readWebhook(row.body, undefined, row.receivedAt).content
    if (kind !== KIND_OF[row.state]) unreadable.push(`event ${row.id}: ${row.state}, but its body is ${kind}`)
  }
  return unreadable
}
