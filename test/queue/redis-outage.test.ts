import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, vi } from 'vitest'
import { survivesOutage } from '../contracts/queue-outage.js'
import { describeWith } from '../support/engines.js'
import { recordRuns, SOON, topic } from '../support/queue-work.js'
import { recordLog } from '../support/recorded-log.js'
import { testOnRedis } from '../support/redis-queue.js'
import { redisMissing } from '../support/redis-server.js'

const AWAY = { code: 'unavailable' }

describeWith('queue on a Redis that fails', redisMissing(), () => {
  describe.concurrent('away', { timeout: 40_000 }, () => {
    testOnRedis('for 8 s, it goes on by itself when Redis is back', async ({ redis, open }) => {
      const resumedAfterMs = await survivesOutage(redis, open, 8_000)
      console.info(`resumed ${resumedAfterMs} ms after Redis was back`)
    })

    testOnRedis('killed, it loses no wake that was stored', async ({ redis, open }) => {
      const queue = await open()
      const name = topic()
      // With `everysec` a busy disk may cost the last second, and the reconciler asks for it again.
      await redis.command('CONFIG SET appendfsync always')
      const ids = Array.from({ length: 50 }, (_, index) => `c_${index}`)
      await Promise.all(ids.map((id) => queue.wake(name, id)))
      await redis.kill()
      await redis.restart()
      const runs = await recordRuns(await open(), name)
      await runs.reach(ids)
    })

    testOnRedis('at the start, the program starts and takes part when Redis comes', async ({ redis, open }) => {
      await redis.stop()
      const queue = await open()
      const runs = await recordRuns(queue, topic())
      await expect(queue.wake(runs.topic, 'c_1')).rejects.toMatchObject(AWAY)
      await redis.restart()
      await vi.waitFor(() => queue.wake(runs.topic, 'c_2'), SOON)
      await runs.reach(['c_2'])
    })

    testOnRedis('at the end, closing waits for the work that runs, and no longer', async ({ redis, open }) => {
      const queue = await open()
      let ended = false
      const runs = await recordRuns(queue, topic(), {
        run: async () => {
          await delay(1_000)
          ended = true
        },
      })
      await queue.wake(runs.topic, 'c_1')
      await runs.reach(['c_1'])
      await redis.stop()
      await queue.close()
      expect(ended).toBe(true)
      await redis.restart()
      // Whose end Redis never learned of is run again: at least once.
      const again = await recordRuns(await open(), runs.topic)
      await vi.waitFor(() => expect(again.ids).toEqual(['c_1']), { timeout: 20_000 })
    })
  })

  describe.concurrent('frozen', { timeout: 30_000 }, () => {
    testOnRedis('it refuses soon, and goes on when Redis answers again', async ({ redis, open }) => {
      const queue = await open()
      const runs = await recordRuns(queue, topic())
      await queue.wake(runs.topic, 'c_1')
      await runs.reach(['c_1'])
      redis.freeze()
      await expect(queue.wake(runs.topic, 'c_2')).rejects.toMatchObject(AWAY)
      await expect(queue.check()).rejects.toMatchObject(AWAY)
      redis.resume()
      await vi.waitFor(() => queue.check(), SOON)
      await queue.wake(runs.topic, 'c_3')
      await vi.waitFor(() => expect(runs.ids).toContain('c_3'), SOON)
    })
  })

  describe.concurrent('out of memory', { timeout: 30_000 }, () => {
    testOnRedis('it refuses what is asked, keeps what is stored, and goes on with more', async ({ redis, open }) => {
      const { log, events } = recordLog()
      const queue = await open(log)
      const name = topic()
      await queue.wake(name, 'c_1')
      await queue.wake(name, 'c_2')
      await redis.command('CONFIG SET maxmemory 1')
      const runs = await recordRuns(queue, name)
      await expect(queue.wake(name, 'c_3')).rejects.toMatchObject(AWAY)
      await delay(1_500)
      expect(events('queue.server_error')).not.toEqual([])
      expect(events('queue.server_error').length).toBeLessThan(10)
      await redis.command('CONFIG SET maxmemory 0')
      await vi.waitFor(() => expect(runs.ids).toEqual(expect.arrayContaining(['c_1', 'c_2'])), SOON)
    })
  })

  describe.concurrent('emptied by FLUSHALL', { timeout: 30_000 }, () => {
    testOnRedis(
      'while idle: what is asked afterwards is worked, now, later and on schedule',
      async ({ redis, open }) => {
        const queue = await open()
        const runs = await recordRuns(queue, topic())
        await queue.wake(runs.topic, 'c_1')
        await queue.repeat(runs.topic, 'daily', '0 9 * * *', 'UTC')
        await runs.reach(['c_1'])
        await redis.flush()
        await queue.wake(runs.topic, 'c_1')
        await queue.wake(runs.topic, 'c_2', Date.now() + 200)
        await queue.repeat(runs.topic, 'every second', '* * * * * *', 'UTC')
        await vi.waitFor(
          () => expect(runs.ids).toEqual(expect.arrayContaining(['c_1', 'c_1', 'c_2', 'every second', 'every second'])),
          SOON,
        )
      },
    )

    testOnRedis(
      'while it works: the run ends, and what is asked again runs after it, not beside it',
      async ({ redis, open }) => {
        const queue = await open()
        let release = (): void => undefined
        const released = new Promise<void>((resolve) => {
          release = resolve
        })
        const runs = await recordRuns(queue, topic(), { run: () => released })
        await queue.wake(runs.topic, 'c_1')
        await runs.reach(['c_1'])
        await redis.flush()
        await queue.wake(runs.topic, 'c_1')
        await queue.wake(runs.topic, 'c_2')
        await runs.reach(['c_1', 'c_2'])
        await delay(100)
        expect(runs.ids).toEqual(['c_1', 'c_2'])
        release()
        await runs.reach(['c_1', 'c_1', 'c_2'])
        await queue.wake(runs.topic, 'c_3')
        await runs.reach(['c_1', 'c_1', 'c_2', 'c_3'])
      },
    )

    testOnRedis('a wake for later that it forgot can be asked again', async ({ redis, open }) => {
      const queue = await open()
      const runs = await recordRuns(queue, topic())
      const at = Date.now() + 6_500
      await queue.wake(runs.topic, 'c_1', at)
      await redis.flush()
      await delay(5_100)
      await queue.wake(runs.topic, 'c_1', at)
      await runs.reach(['c_1'])
    })
  })
})
