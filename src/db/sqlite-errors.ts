import { AppError } from '../errors.js'
import { RowCountError } from './row-count.js'

const RETRY_AFTER_SEC = 2

/** better-sqlite3 says SqliteError; Drizzle may wrap it. */
const sqliteCode = (error: unknown): string => {
  const cause = error instanceof Error && error.cause ? error.cause : error
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}

/** Another process has the file; it will be free again. */
export const isBusy = (error: unknown): boolean => sqliteCode(error).startsWith('SQLITE_BUSY')

const UNAVAILABLE = ['SQLITE_BUSY', 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_CANTOPEN', 'SQLITE_READONLY']

/** SQLite's error as the database port names it; what is not SQLite's stays as it is. */
export const asPortError = (error: unknown): unknown => {
  if (error instanceof RowCountError) return new AppError('conflict', error.message, { cause: error })
  const code = sqliteCode(error)
  if (UNAVAILABLE.some((prefix) => code.startsWith(prefix)))
    return new AppError('unavailable', `the database cannot take it now (${code})`, {
      retryAfterSec: RETRY_AFTER_SEC,
      cause: error,
    })
  return error
}
