import { afterAll, beforeAll } from 'vitest'
import type { Clock } from '../../src/clock.js'
import { openPostgres } from '../../src/db/postgres.js'
import { alertsContract } from '../contracts/alerts.js'
import { hearingContract } from '../contracts/hearing.js'
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

  const open = async (clock: Clock) => {
    const db = await openPostgres(await server.createDatabase(`told_${databases++}`), clock)
    return { db, close: () => db.close() }
  }
  visitMessagesContract('PostgreSQL', open)
  hearingContract('PostgreSQL', open)
  alertsContract('PostgreSQL', open)
})
