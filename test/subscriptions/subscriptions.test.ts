import { afterAll, beforeAll } from 'vitest'
import { subscriptionsContract } from '../contracts/subscriptions.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'

subscriptionsContract('SQLite', async () => ({}))

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  subscriptionsContract('PostgreSQL', async () => ({
    DATABASE_URL: await server.createDatabase(`hooks_${databases++}`),
    MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
  }))
})
