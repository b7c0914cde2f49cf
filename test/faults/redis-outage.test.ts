import { inject } from 'vitest'
import { survivesOutage } from '../contracts/queue-outage.js'
import { describeWith } from '../support/engines.js'
import { testOnRedis } from '../support/redis-queue.js'
import { redisMissing } from '../support/redis-server.js'

describeWith('Redis away', redisMissing(), () => {
  testOnRedis.runIf(inject('faultRuns') === 'long')(
    'for 30 s: the queue resumes within 5 s',
    async ({ redis, open }) => {
      const resumedAfterMs = await survivesOutage(redis, open, 30_000)
      console.info(`resumed ${resumedAfterMs} ms after Redis was back`)
    },
  )
})
