import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { adoptionContract } from '../../contracts/adoption.js'
import { describeWith } from '../../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../../support/postgres-server.js'
import { openTestBot } from '../../support/test-bot.js'

adoptionContract('SQLite', (clock) => openTestBot({}, clock))

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  adoptionContract('PostgreSQL', async (clock) => {
    const DATABASE_URL = await server.createDatabase(`adoption_${databases++}`)
    return openTestBot({ DATABASE_URL, MASTER_KEY: randomBytes(32).toString('base64') }, clock)
  })
})
