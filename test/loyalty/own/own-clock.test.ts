import { afterAll, beforeAll } from 'vitest'
import { openPostgres } from '../../../src/db/postgres.js'
import { openSqlite } from '../../../src/db/sqlite.js'
import { ownClockContract } from '../../contracts/own-clock.js'
import { describeWith } from '../../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../../support/postgres-server.js'
import { openTestSqlite } from '../../support/sqlite.js'

ownClockContract('SQLite', async (clock) => {
  const { db, path, close } = await openTestSqlite(clock)
  return { db, another: async () => openSqlite(path, clock), close }
})

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  ownClockContract('PostgreSQL', async (clock) => {
    const url = await server.createDatabase(`own_clock_${databases++}`)
    const db = await openPostgres(url, clock)
    return { db, another: () => openPostgres(url, clock), close: () => db.close() }
  })
})
