import { test } from 'vitest'
import { createLog, type Log } from '../../src/log.js'
import type { Queue } from '../../src/queue/queue.js'
import { createRedisQueue } from '../../src/queue/redis-queue.js'
import { type RedisServer, startRedis } from './redis-server.js'

interface Fixtures {
  readonly redis: RedisServer
  /** Opens a queue on it, as one more process does. */
  readonly open: (log?: Log) => Promise<Queue>
}

/** A test that has a Redis to itself, to do with it what it likes. */
export const testOnRedis = test.extend<Fixtures>({
  redis: async ({ onTestFinished }, use) => {
    const redis = await startRedis()
    onTestFinished(() => redis.close())
    await use(redis)
  },
  open: async ({ redis, onTestFinished }, use) => {
    await use(async (log = createLog('silent')) => {
      const queue = await createRedisQueue({ url: redis.url, log })
      onTestFinished(() => queue.close())
      return queue
    })
  },
})
