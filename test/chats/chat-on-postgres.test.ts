import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { chatContract } from '../contracts/chat.js'
import { counterContract } from '../contracts/counter.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'
import { openTestBot } from '../support/test-bot.js'

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  const open = async () =>
    openTestBot({
      DATABASE_URL: await server.createDatabase(`chat_${++databases}`),
      MASTER_KEY: randomBytes(32).toString('base64'),
    })
  chatContract('PostgreSQL', open)
  counterContract('PostgreSQL', open)
})
