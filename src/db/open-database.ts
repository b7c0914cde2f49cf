import type { Clock } from '../clock.js'
import type { Database } from './database.js'
import type { SqliteOptions } from './sqlite.js'

/** Opens the configured database. A driver is loaded only where it is used: it costs memory and start time. */
export const openDatabase = async (
  where: { readonly kind: 'sqlite'; readonly file: string } | { readonly kind: 'postgres'; readonly url: string },
  clock: Clock,
  options: SqliteOptions = {},
): Promise<Database> => {
  if (where.kind === 'postgres') {
    const { openPostgres } = await import('./postgres.js')
    return openPostgres(where.url, clock)
  }
  const { openSqlite } = await import('./sqlite.js')
  return openSqlite(where.file, clock, options)
}
