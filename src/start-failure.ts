import { AppError } from './errors.js'

/** What is known about an error of the system, SQLite, PostgreSQL or Redis, besides its code. */
interface Details {
  readonly path: string
  /** `host:port` of a failed connection. */
  readonly peer: string
}

const notWritable = ({ path }: Details) =>
  `${path} cannot be written: give this user the right to it, or set DATA_DIR to a folder that is writable.`
const notAFolder = ({ path }: Details) =>
  `${path} is not a folder: set DATA_DIR to another path, or move that file away.`
const noDiskSpace = () => 'The disk is full: free some space, or set DATA_DIR to a folder on another disk.'
const noSqlite = () =>
  'The database in DATA_DIR cannot be opened: give this user the right to the folder, or set DATA_DIR to another one.'
const damagedSqlite = () =>
  'stampcast.sqlite in DATA_DIR is damaged or not a database: put back a backup, or set DATA_DIR to another folder.'
const noAnswer = ({ peer }: Details) =>
  `Nothing answers at ${peer}: start the server there, or correct DATABASE_URL or REDIS_URL.`
const noLogin = () => 'PostgreSQL refuses the login: correct user and password in DATABASE_URL.'
const noRedisLogin = () =>
  'Redis refuses the login: put the right password into REDIS_URL (redis://:password@host:6379).'

/** By code; the codes of PostgreSQL are SQLSTATEs (Appendix A of its manual). */
const ADVICE: ReadonlyMap<string, (details: Details) => string> = new Map(
  Object.entries({
    EACCES: notWritable,
    EPERM: notWritable,
    EROFS: notWritable,
    EEXIST: notAFolder,
    ENOTDIR: notAFolder,
    ENOSPC: noDiskSpace,
    SQLITE_FULL: noDiskSpace,
    SQLITE_CANTOPEN: noSqlite,
    SQLITE_READONLY: noSqlite,
    SQLITE_NOTADB: damagedSqlite,
    SQLITE_CORRUPT: damagedSqlite,
    SQLITE_BUSY: () => 'Another program holds the database in DATA_DIR: end it, or set DATA_DIR to another folder.',
    ECONNREFUSED: noAnswer,
    ENOTFOUND: noAnswer,
    EAI_AGAIN: noAnswer,
    EHOSTUNREACH: noAnswer,
    ETIMEDOUT: noAnswer,
    '28000': noLogin,
    '28P01': noLogin,
    '3D000': () => 'PostgreSQL has no such database: create it (createdb), or correct its name in DATABASE_URL.',
    '42501': () => 'PostgreSQL does not let this user create tables: grant it CREATE on the schema public.',
    '53300': () => 'PostgreSQL takes no more connections: raise its max_connections, or end other programs.',
    '57P03': () => 'PostgreSQL is still starting: try again in a moment.',
    NOAUTH: noRedisLogin,
    WRONGPASS: noRedisLogin,
    ERR_DLOPEN_FAILED: () =>
      'The installed packages were built for another version of Node: run "npm ci" and start again.',
  }),
)

/** One sentence with the fix for what an operator can mend; null for what only a developer can, which deserves its stack. */
export const startFailure = (error: unknown): string | null => {
  for (const link of causesOf(error)) {
    if (link instanceof AppError && link.code === 'misconfigured') return link.message
    const code = codeOf(link)
    // SQLite's extended codes go on from the plain ones: SQLITE_READONLY_DIRECTORY.
    const advice = ADVICE.get(code) ?? ADVICE.get(code.split('_', 2).join('_'))
    if (advice) return advice(detailsOf(link))
  }
  return error instanceof AppError && error.code === 'unavailable' ? error.message : null
}

/** The error and what it was caused by. Of a connection that was tried at several addresses the first try speaks. */
const causesOf = (error: unknown): Error[] => {
  if (error instanceof AggregateError) return causesOf(error.errors[0])
  return error instanceof Error ? [error, ...causesOf(error.cause)] : []
}

/** Redis has no field for it: its code is the first word of what it says. */
const codeOf = (error: Error): string => {
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.message.split(' ', 1)[0] ?? ''
}

const detailsOf = (error: Error): Details => {
  const { path, address, hostname, port } = error as NodeJS.ErrnoException & Partial<Record<string, unknown>>
  const host = String(address ?? hostname ?? 'the given address')
  return { path: path ?? 'DATA_DIR', peer: port === undefined ? host : `${host}:${port}` }
}
