import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createLog } from '../../src/log.js'
import { openQueue } from '../../src/queue/open-queue.js'
import { describeWith } from '../support/engines.js'
import { postgresMissing, startPostgres } from '../support/postgres-server.js'
import { recordRuns } from '../support/queue-work.js'
import { redisMissing, startRedis } from '../support/redis-server.js'

const log = createLog('silent')

/** Which of the servers' libraries a program loads that opens the queue without a server. */
const LOADED = `
  import { createRequire } from 'node:module'
  const { openQueue } = await import(process.argv[1])
  const { queue } = await openQueue({ log: {} })
  await queue.wake('inbox', 'c_1')
  const files = Object.keys(createRequire(process.argv[1]).cache)
  console.log(JSON.stringify(['bullmq', 'ioredis', 'pg'].filter((name) => files.some((f) => f.includes('/' + name + '/')))))
`

describe('the queue and the signals that are opened', () => {
  test('without a server work in the process, and load no library of a server', async () => {
    const { queue, signals } = await openQueue({ log })
    const runs = await recordRuns(queue, 'inbox')
    await queue.wake('inbox', 'c_1')
    await runs.reach(['c_1'])
    await Promise.all([queue.close(), signals.close()])
    const built = new URL('../../dist/src/queue/open-queue.js', import.meta.url).href
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', LOADED, built])
    expect(JSON.parse(stdout)).toEqual([])
  })

  test('refuse a REDIS_URL that cannot be read', async () => {
    const opening = openQueue({ redisUrl: 'localhost:6379', log })
    await expect(opening).rejects.toMatchObject({ code: 'misconfigured' })
  })
})

describeWith('the queue with PostgreSQL as the database and no Redis', postgresMissing(), () => {
  test('is on PostgreSQL', async ({ onTestFinished }) => {
    const postgres = await startPostgres()
    onTestFinished(() => postgres.close())
    await expectOneQueue({ databaseUrl: postgres.url })
  })
})

describeWith('the queue with PostgreSQL as the database and a Redis', redisMissing(), () => {
  test('is on Redis', async ({ onTestFinished }) => {
    const redis = await startRedis()
    onTestFinished(() => redis.close())
    await expectOneQueue({ redisUrl: redis.url, databaseUrl: 'postgres://nobody@127.0.0.1:1/none' })
  })
})

/** Two processes with these settings have one queue. */
const expectOneQueue = async (options: { redisUrl?: string; databaseUrl?: string }): Promise<void> => {
  const [one, other] = [await openQueue({ ...options, log }), await openQueue({ ...options, log })]
  const runs = await recordRuns(other.queue, 'inbox')
  await one.queue.wake('inbox', 'c_1')
  await runs.reach(['c_1'])
  await Promise.all([one, other].flatMap(({ queue, signals }) => [queue.close(), signals.close()]))
}
