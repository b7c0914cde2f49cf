import { afterAll, beforeAll } from 'vitest'
import { systemClock } from '../../src/clock.js'
import { openPostgres } from '../../src/db/postgres.js'
import { openSqlite } from '../../src/db/sqlite.js'
import { firstBusinessContract } from '../contracts/first-business.js'
import { secretRotationContract } from '../contracts/secret-rotation.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'
import { openTestSqlite } from '../support/sqlite.js'

firstBusinessContract('SQLite', async () => {
  const { db, path, close } = await openTestSqlite()
  return { db, another: async () => openSqlite(path, systemClock), close }
})

secretRotationContract('SQLite', openTestSqlite)

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  firstBusinessContract('PostgreSQL', async () => {
    const url = await server.createDatabase(`business_${databases++}`)
    const db = await openPostgres(url, systemClock)
    return { db, another: () => openPostgres(url, systemClock), close: () => db.close() }
  })

  secretRotationContract('PostgreSQL', async () => {
    const db = await openPostgres(await server.createDatabase(`rotation_${databases++}`), systemClock)
    return { db, close: () => db.close() }
  })
})
