import { systemClock } from '../../src/clock.js'
import { openPostgres } from '../../src/db/postgres.js'
import { databaseContract } from '../contracts/database.js'
import { describeWith } from '../support/engines.js'
import { postgresMissing, startPostgres } from '../support/postgres-server.js'

describeWith('PostgreSQL', postgresMissing(), () => {
  databaseContract('PostgreSQL', async () => {
    const server = await startPostgres()
    const db = await openPostgres(server.url, systemClock)
    return {
      db,
      close: async () => {
        await db.close()
        await server.close()
      },
    }
  })
})
