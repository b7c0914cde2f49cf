import { afterAll, beforeAll } from 'vitest'
import { importContract } from '../contracts/import.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'

importContract('SQLite', async () => ({}))

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  importContract('PostgreSQL', async () => ({
    DATABASE_URL: await server.createDatabase(`import_${databases++}`),
    MASTER_KEY: 'ab'.repeat(32),
  }))
})
