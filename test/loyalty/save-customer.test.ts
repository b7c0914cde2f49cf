import { afterAll, beforeAll } from 'vitest'
import { systemClock } from '../../src/clock.js'
import { openPostgres } from '../../src/db/postgres.js'
import { openSqlite } from '../../src/db/sqlite.js'
import { saveCustomerContract } from '../contracts/save-customer.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'
import { openTestSqlite } from '../support/sqlite.js'

saveCustomerContract('SQLite', async () => {
  const { db, path, close } = await openTestSqlite()
  return { db, another: async () => openSqlite(path, systemClock), close }
})

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  saveCustomerContract('PostgreSQL', async () => {
    const url = await server.createDatabase(`customers_${databases++}`)
    const db = await openPostgres(url, systemClock)
    return { db, another: () => openPostgres(url, systemClock), close: () => db.close() }
  })
})
