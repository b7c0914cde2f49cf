import { afterAll, beforeAll } from 'vitest'
import { openPostgres } from '../../../src/db/postgres.js'
import { ownVouchersContract } from '../../contracts/own-vouchers.js'
import { describeWith } from '../../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../../support/postgres-server.js'
import { openTestSqlite } from '../../support/sqlite.js'

ownVouchersContract('SQLite', (clock) => openTestSqlite(clock))

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  ownVouchersContract('PostgreSQL', async (clock) => {
    const db = await openPostgres(await server.createDatabase(`own_vouchers_${databases++}`), clock)
    return { db, close: () => db.close() }
  })
})
