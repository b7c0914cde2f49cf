import { afterAll, beforeAll } from 'vitest'
import { type Clock, systemClock } from '../../src/clock.js'
import { openPostgres } from '../../src/db/postgres.js'
import { openSqlite } from '../../src/db/sqlite.js'
import { apiKeysContract } from '../contracts/api-keys.js'
import { auditLogContract } from '../contracts/audit-log.js'
import { staffContract } from '../contracts/staff.js'
import type { AccessDatabase } from '../support/access.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'
import { openTestSqlite } from '../support/sqlite.js'

const onSqlite = async (clock: Clock = systemClock): Promise<AccessDatabase> => {
  const { db, path, close } = await openTestSqlite(clock)
  return withOthers(db, async () => openSqlite(path, clock), close)
}

const withOthers = (
  db: AccessDatabase['db'],
  open: AccessDatabase['another'],
  close: () => Promise<void>,
): AccessDatabase => {
  const others: AccessDatabase['db'][] = []
  return {
    db,
    another: async () => {
      const other = await open()
      others.push(other)
      return other
    },
    close: async () => {
      for (const other of others) await other.close()
      await close()
    },
  }
}

staffContract('SQLite', onSqlite)
apiKeysContract('SQLite', onSqlite)
auditLogContract('SQLite', onSqlite)

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  const onPostgres = async (clock: Clock = systemClock): Promise<AccessDatabase> => {
    const url = await server.createDatabase(`access_${databases++}`)
    const db = await openPostgres(url, clock)
    return withOthers(
      db,
      () => openPostgres(url, clock),
      () => db.close(),
    )
  }
  staffContract('PostgreSQL', onPostgres)
  apiKeysContract('PostgreSQL', onPostgres)
  auditLogContract('PostgreSQL', onPostgres)
})
