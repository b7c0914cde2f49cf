import { systemClock } from '../../src/clock.js'
import { openPostgres } from '../../src/db/postgres.js'
import { loyaltyStoreContract } from '../contracts/loyalty-store.js'
import { describeWith } from '../support/engines.js'
import { postgresMissing, startPostgres } from '../support/postgres-server.js'
import { openTestSqlite } from '../support/sqlite.js'

loyaltyStoreContract('SQLite', () => openTestSqlite())

describeWith('PostgreSQL', postgresMissing(), () => {
  loyaltyStoreContract('PostgreSQL', async () => {
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
