import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { systemClock } from '../../src/clock.js'
import { openPostgres } from '../../src/db/postgres.js'
import { stopRaceContract } from '../contracts/stop-race.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'

/** PostgreSQL itself tells in which order the transactions were committed. */
const ENTERED_AFTER_STOP = `
  select deliveries.id from deliveries join consents on consents.customer_id = deliveries.recipient_id
  where deliveries.state = 'sending'
    and pg_xact_commit_timestamp(deliveries.xmin) > pg_xact_commit_timestamp(consents.xmin)`

const query = async (url: string, sql: string): Promise<readonly { readonly id: string }[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<{ id: string }>(sql)).rows
  } finally {
    await client.end()
  }
}

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
    await query(server.url, 'alter system set track_commit_timestamp = on')
    await server.stop()
    await server.restart()
  })
  afterAll(() => server.close())

  const open = async () => {
    const url = await server.createDatabase(`stop_${++databases}`)
    const db = await openPostgres(url, systemClock)
    return {
      db,
      enteredAfterStop: async () => (await query(url, ENTERED_AFTER_STOP)).map(({ id }) => id),
      close: () => db.close(),
    }
  }
  stopRaceContract('PostgreSQL', open, 10)
})
