import { execFile } from 'node:child_process'
import { chownSync, mkdtempSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { findProgram } from './engines.js'
import { freePort, ServerProcess } from './server-process.js'

/** A PostgreSQL of this test's own: an empty cluster on a free port of 127.0.0.1. What it stores, a power cut may lose. */
export interface PostgresServer {
  /** The address of the empty database `postgres`. */
  readonly url: string
  /** Creates an empty database, and gives its address. */
  createDatabase(name: string): Promise<string>
  /** Ends it in order, breaking all connections; the data stay for `restart`. */
  stop(): Promise<void>
  /** Starts it again on the same port with the same data. */
  restart(): Promise<void>
  /** Ends it and removes its data. */
  close(): Promise<void>
}

const run = promisify(execFile)
const DEBIAN = '/usr/lib/postgresql'

/** Why there is no PostgreSQL on this machine; null when there is one. */
export const postgresMissing = (): string | null =>
  findPostgres('initdb') && findPostgres('postgres') ? null : 'PostgreSQL (initdb, postgres) is not installed'

export const startPostgres = async (): Promise<PostgresServer> => {
  const [initdb, postgres] = [findPostgres('initdb'), findPostgres('postgres')]
  if (!initdb || !postgres) throw new Error('PostgreSQL is not installed')
  const account = await unprivilegedAccount()
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-postgres-'))
  if (account) chownSync(folder, account.uid, account.gid)
  const options = { ...account, cwd: folder }
  const data = join(folder, 'data')
  const creation = ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--no-sync', '--encoding', 'UTF8']
  await run(initdb, [...creation, '--locale', 'C'], options)
  const port = await freePort()
  const address = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  const start = async (): Promise<ServerProcess> => {
    const process = new ServerProcess(postgres, ['-D', data, '-p', String(port), ...SETTINGS], options)
    await process.untilReady(() => execute(address('postgres'), 'select 1'))
    return process
  }
  let server = await start()
  return {
    url: address('postgres'),
    createDatabase: async (name) => {
      await execute(address('postgres'), `create database ${pg.escapeIdentifier(name)}`)
      return address(name)
    },
    stop: () => server.end('SIGINT'),
    restart: async () => {
      server = await start()
    },
    close: async () => {
      await server.end('SIGQUIT')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const SETTINGS = Object.entries({
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '100',
}).flatMap(([name, value]) => ['-c', `${name}=${value}`])

const findPostgres = (program: string): string | null => findProgram(program, debianFolders())

/** The newest version first. */
const debianFolders = (): string[] => {
  try {
    const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))
    return versions.map((version) => join(DEBIAN, version, 'bin'))
  } catch {
    return []
  }
}

/** PostgreSQL refuses to run as root. */
const unprivilegedAccount = async (): Promise<{ uid: number; gid: number } | null> => {
  if (process.getuid?.() !== 0) return null
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name])))
      if (uid && gid) return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    } catch {
      // There is no such account.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither an account "postgres" nor "nobody"')
}

const execute = async (url: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(sql)
  } finally {
    await client.end()
  }
}
