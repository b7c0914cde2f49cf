import { afterAll, beforeAll } from 'vitest'
import { systemClock } from '../../src/clock.js'
import { openPostgres } from '../../src/db/postgres.js'
import { dispatcherContract } from '../contracts/dispatcher.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  dispatcherContract('PostgreSQL', async () => {
    const db = await openPostgres(await server.createDatabase(`dispatcher_${++databases}`), systemClock)
    return { db, close: () => db.close() }
  })
})
