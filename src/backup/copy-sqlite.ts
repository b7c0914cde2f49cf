import { chmodSync, closeSync, fsyncSync, openSync } from 'node:fs'
import SqliteFile from 'better-sqlite3'

export interface CopySqlite {
  readonly from: string
  readonly to: string
  /** `share` is from 0 to 1. */
  onProgress(share: number): void
}

/** A MB each time: between the steps the event loop goes on. */
const PAGES_A_STEP = 256

/**
 * Copies an SQLite file that others write to, as it was at one moment, and looks the copy through. The open read keeps that
 * moment: without it each of their writes would begin the copy anew. Returns what is wrong with the copy; null if nothing.
 */
export const copySqlite = async ({ from, to, onProgress }: CopySqlite): Promise<string | null> => {
  const source = new SqliteFile(from, { readonly: true, fileMustExist: true })
  try {
    source.exec('begin')
    source.prepare('select count(*) from sqlite_schema').get()
    await source.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress(totalPages === 0 ? 0 : 1 - remainingPages / totalPages)
        return PAGES_A_STEP
      },
    })
  } finally {
    source.close()
  }
  return checkCopy(to)
}

const checkCopy = (path: string): string | null => {
  chmodSync(path, 0o600)
  const copy = new SqliteFile(path)
  try {
    // One file, without the journals that lie beside a database in use.
    copy.pragma('journal_mode = delete')
    const wrong = integrityOf(copy)
    if (wrong !== null) return wrong
  } finally {
    copy.close()
  }
  sync(path)
  return null
}

/** The first thing that is wrong with the file; null if nothing is. */
export const checkSqlite = (path: string): string | null => {
  const file = new SqliteFile(path, { readonly: true, fileMustExist: true })
  try {
    return integrityOf(file)
  } finally {
    file.close()
  }
}

const integrityOf = (file: SqliteFile.Database): string | null => {
  const found = String(file.pragma('integrity_check(1)', { simple: true }))
  return found === 'ok' ? null : found
}

const sync = (path: string): void => {
  const descriptor = openSync(path, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
