import { afterAll, beforeAll } from 'vitest'
import { openPostgres } from '../../src/db/postgres.js'
import { eventProcessingContract } from '../contracts/event-processing.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  eventProcessingContract('PostgreSQL', async (clock) => {
    const url = await server.createDatabase(`events_${databases++}`)
    const db = await openPostgres(url, clock)
    return { db, another: () => openPostgres(url, clock), close: () => db.close() }
  })
})
