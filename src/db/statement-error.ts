import { DrizzleQueryError } from 'drizzle-orm'
import pg from 'pg'

/** A statement that failed. What it was given is people's data and is not in here, so that it may be logged as it is. */
class StatementError extends Error {
  /** SQLSTATE, or Node's code of a failed connection; empty where the driver gave none. */
  readonly code: string

  constructor(statementName: string, { message, code }: { message: string; code: string }) {
    super(`${statementName}: ${message}`)
    this.name = 'StatementError'
    this.code = code
  }
}

/** Drizzle's error quotes the query with all its values, and PostgreSQL's `detail` the whole row; neither goes further. */
export const withoutValues = (statementName: string, error: unknown): unknown => {
  const isFailed = error instanceof DrizzleQueryError || error instanceof pg.DatabaseError
  if (!isFailed) return error
  const cause = error instanceof DrizzleQueryError ? (error.cause ?? new Error('unknown')) : error
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  return new StatementError(statementName, { message: cause.message, code })
}
