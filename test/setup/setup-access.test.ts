import { afterAll, beforeAll } from 'vitest'
import { openPostgres } from '../../src/db/postgres.js'
import { setupAccessContract } from '../contracts/setup-access.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'
import { openTestSqlite } from '../support/sqlite.js'

setupAccessContract('SQLite', openTestSqlite)

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  setupAccessContract('PostgreSQL', async (clock) => {
    const db = await openPostgres(await server.createDatabase(`setup_${databases++}`), clock)
    return { db, close: () => db.close() }
  })
})
