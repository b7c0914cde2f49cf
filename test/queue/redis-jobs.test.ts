import { Queue as JobQueue } from 'bullmq'
import { Redis } from 'ioredis'
import { expect, vi } from 'vitest'
import { describeWith } from '../support/engines.js'
import { recordRuns, SOON, topic } from '../support/queue-work.js'
import { recordLog } from '../support/recorded-log.js'
import { testOnRedis } from '../support/redis-queue.js'
import { redisMissing } from '../support/redis-server.js'

describeWith('what the queue stores on Redis', redisMissing(), () => {
  testOnRedis('are ids, and nothing that a failed run says about a customer', async ({ redis, open }) => {
    const queue = await open()
    const runs = await recordRuns(queue, topic(), {
      run: () => Promise.reject(new Error('no chat for +380501234567')),
    })
    await queue.wake(runs.topic, 'c_1')
    await queue.wake(runs.topic, 'c_2', Date.now() + 3_600_000)
    await runs.reach(['c_1'])
    await redis.command('CONFIG SET rdbcompression no')
    const stored = () => readEverything(redis.port)
    // Until the failed run waits for its next try.
    await vi.waitFor(async () => expect(await stored()).toContain('the run failed'), SOON)
    expect(await stored()).toContain('c_2')
    expect(await stored()).not.toContain('380501234567')
  })

  testOnRedis('is nothing any more once the work is done', async ({ redis, open }) => {
    const queue = await open()
    const runs = await recordRuns(queue, topic())
    const ids = Array.from({ length: 200 }, (_, index) => `c_${index}`)
    await Promise.all(ids.map((id) => queue.wake(runs.topic, id)))
    await Promise.all(ids.map((id) => queue.wake(runs.topic, `${id} later`, Date.now() + 50)))
    await runs.reach([...ids, ...ids.map((id) => `${id} later`)])
    await vi.waitFor(async () => expect(await jobKeys(redis.port)).toEqual([]), SOON)
  })

  testOnRedis('and does not know is dropped, and said in the log', async ({ redis, open }) => {
    const { log, events } = recordLog()
    const queue = await open(log)
    const runs = await recordRuns(queue, topic())
    const foreign = new JobQueue(runs.topic, { connection: { port: redis.port }, prefix: '{stampcast}' })
    await foreign.add('send-email', { to: 'somebody' })
    await foreign.close()
    await vi.waitFor(() => expect(events('queue.unknown_job')).toHaveLength(1), SOON)
    await queue.wake(runs.topic, 'c_1')
    await runs.reach(['c_1'])
  })
})

const onRedis = async <T>(port: number, ask: (client: Redis) => Promise<T>): Promise<T> => {
  const client = new Redis(port)
  try {
    return await ask(client)
  } finally {
    client.disconnect()
  }
}

/** Keys of single jobs and ids; a queue's own (meta, events, …) stay. */
const jobKeys = (port: number): Promise<string[]> =>
  onRedis(port, async (client) => {
    const keys = await client.keys('*')
    return keys.filter((key) => !/^\{stampcast\}:[^:]+:(meta|events|id|marker|stalled-check|stalled)$/.test(key))
  })

const readEverything = (port: number): Promise<string> =>
  onRedis(port, async (client) => {
    const dumps = await Promise.all((await client.keys('*')).map((key) => client.dumpBuffer(key)))
    return dumps.map(String).join('\n')
  })
