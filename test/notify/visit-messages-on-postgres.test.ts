import { afterAll, beforeAll } from 'vitest'
import { openPostgres } from '../../src/db/postgres.js'
import { visitMessagesContract } from '../contracts/visit-messages.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  visitMessagesContract('PostgreSQL', async (clock) => {
    const db = await openPostgres(await server.createDatabase(`visits_${databases++}`), clock)
    return { db, close: () => db.close() }
  })
})
