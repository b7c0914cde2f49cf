import { afterAll, beforeAll } from 'vitest'
import { createLog } from '../../src/log.js'
import { createRedisQueue } from '../../src/queue/redis-queue.js'
import { queueContract } from '../contracts/queue.js'
import { sharedQueueContract } from '../contracts/shared-queue.js'
import { describeWith } from '../support/engines.js'
import { type RedisServer, redisMissing, startRedis } from '../support/redis-server.js'

describeWith('queue on Redis', redisMissing(), () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  }, 30_000)
  afterAll(() => redis?.close())

  const open = () => createRedisQueue({ url: redis.url, log: createLog('silent') })
  queueContract(open)
  sharedQueueContract(open)
})
