import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../../src/log.js'
import { createPostgresQueue } from '../../src/queue/postgres-queue.js'
import { queueContract } from '../contracts/queue.js'
import { survivesOutage } from '../contracts/queue-outage.js'
import { sharedQueueContract } from '../contracts/shared-queue.js'
import { describeWith } from '../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../support/postgres-server.js'

describeWith('queue on PostgreSQL', postgresMissing(), () => {
  let postgres: PostgresServer
  beforeAll(async () => {
    postgres = await startPostgres()
  }, 30_000)
  afterAll(() => postgres?.close())

  const open = () => createPostgresQueue({ url: postgres.url, log: createLog('silent') })
  queueContract(open)
  sharedQueueContract(open)

  test('goes on by itself after the server was away', { timeout: 40_000 }, async ({ onTestFinished }) => {
    const resumedAfterMs = await survivesOutage(
      postgres,
      async (log) => {
        const queue = await createPostgresQueue({ url: postgres.url, log })
        onTestFinished(() => queue.close())
        return queue
      },
      3_000,
    )
    console.info(`resumed ${resumedAfterMs} ms after PostgreSQL was back`)
  })

  test('does not open without the server', async () => {
    await postgres.stop()
    await expect(open()).rejects.toThrow()
    await postgres.restart()
  })
})
