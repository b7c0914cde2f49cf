import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, vi } from 'vitest'
import { type OpenQueue, recordRuns, SOON, testOn, topic } from '../support/queue-work.js'

const YEARLY = '0 0 1 1 *'
const EVERY_SECOND = '* * * * * *'

/** What every queue promises. The suite runs on each adapter, with a real server where there is one. */
export const queueContract = (open: OpenQueue): void => {
  const test = testOn(open)
  describe.concurrent('the queue', { timeout: 20_000 }, () => {
    test('wakes the work of an id, now', async ({ queue }) => {
      const runs = await recordRuns(queue, topic())
      await queue.wake(runs.topic, 'c_1')
      await runs.reach(['c_1'])
    })

    test('keeps a wake until somebody works the topic', async ({ queue }) => {
      const name = topic()
      await queue.wake(name, 'c_1')
      const runs = await recordRuns(queue, name)
      await runs.reach(['c_1'])
    })

    test('takes any id and keeps the ids of topics apart', async ({ queue }) => {
      const [one, other] = [await recordRuns(queue, topic()), await recordRuns(queue, topic())]
      const ids = ['7', '0', 'a:b:c', 'a b', 'Київ/☕', "'; drop", '%3A', 'x'.repeat(200)]
      for (const id of ids) {
        await queue.wake(one.topic, id)
        await queue.wake(other.topic, id, Date.now() + 20)
      }
      await one.reach(ids)
      await other.reach(ids)
    })

    test('runs an id once for many wakes that nobody has taken yet', async ({ queue }) => {
      const name = topic()
      for (let wakes = 0; wakes < 5; wakes++) await queue.wake(name, 'c_1')
      await Promise.all(Array.from({ length: 50 }, () => queue.wake(name, 'c_1')))
      const runs = await recordRuns(queue, name)
      await runs.staysAt(['c_1'])
    })

    test('runs an id exactly once more for all the wakes that come while it runs', async ({ queue }) => {
      const gate = newGate()
      const runs = await recordRuns(queue, topic(), { run: () => gate.passed })
      await queue.wake(runs.topic, 'c_1')
      await runs.reach(['c_1'])
      for (let wakes = 0; wakes < 5; wakes++) await queue.wake(runs.topic, 'c_1')
      await Promise.all(Array.from({ length: 20 }, () => queue.wake(runs.topic, 'c_1')))
      gate.open()
      await runs.staysAt(['c_1', 'c_1'])
    })

    test('runs an id again that its own work wakes', async ({ queue }) => {
      const name = topic()
      let left = 3
      const runs = await recordRuns(queue, name, {
        run: async (id) => {
          left -= 1
          if (left > 0) await queue.wake(name, id)
        },
      })
      await queue.wake(name, 'c_1')
      await runs.staysAt(['c_1', 'c_1', 'c_1'])
    })

    test('works as many ids at once as it may, and never more', async ({ queue }) => {
      const gate = newGate()
      const runs = await recordRuns(queue, topic(), { concurrency: 3, run: () => gate.passed })
      const ids = ['c_1', 'c_2', 'c_3', 'c_4', 'c_5', 'c_6', 'c_7']
      for (const id of ids) await queue.wake(runs.topic, id)
      await vi.waitFor(() => expect(runs.ids).toHaveLength(3), SOON)
      await delay(100)
      expect(runs.ids).toHaveLength(3)
      gate.open()
      await runs.reach(ids)
      expect(runs.mostAtOnce).toBe(3)
    })

    describe('at a time', () => {
      test('wakes no earlier than asked', async ({ queue }) => {
        const runs = await recordRuns(queue, topic())
        const at = Date.now() + 300
        await queue.wake(runs.topic, 'c_1', at)
        await runs.reach(['c_1'])
        expect(runs.startedAt[0]).toBeGreaterThanOrEqual(at)
      })

      test('wakes now for a time that has passed', async ({ queue }) => {
        const runs = await recordRuns(queue, topic())
        await queue.wake(runs.topic, 'c_1', Date.now() - 60_000)
        await queue.wake(runs.topic, 'c_2', 0)
        await runs.reach(['c_1', 'c_2'])
      })

      test.for([
        { asked: 'first the earlier, then the later', waitsMs: [2_000, 2_400] },
        { asked: 'first the later, then the earlier', waitsMs: [2_400, 2_000] },
        { asked: 'the earliest in the middle', waitsMs: [2_800, 2_000, 2_400] },
      ])('wakes once, at the earliest time asked for: $asked', async ({ waitsMs }, { queue }) => {
        const runs = await recordRuns(queue, topic())
        const now = Date.now()
        for (const waitMs of waitsMs) await queue.wake(runs.topic, 'c_1', now + waitMs)
        await runs.reach(['c_1'])
        expect(runs.startedAt[0]).toBeGreaterThanOrEqual(now + 2_000)
        await delay(Math.max(0, now + 3_200 - Date.now()))
        expect(runs.ids).toEqual(['c_1'])
      })

      test('wakes once for times asked for in the same instant', async ({ queue }) => {
        const runs = await recordRuns(queue, topic())
        const now = Date.now()
        await Promise.all([1_600, 1_200, 1_500, 1_200].map((waitMs) => queue.wake(runs.topic, 'c_1', now + waitMs)))
        await runs.reach(['c_1'])
        await delay(700)
        expect(runs.ids).toEqual(['c_1'])
      })

      test('does not forget the later wake when one for now comes', async ({ queue }) => {
        const runs = await recordRuns(queue, topic())
        const at = Date.now() + 400
        await queue.wake(runs.topic, 'c_1', at)
        await queue.wake(runs.topic, 'c_1')
        await vi.waitFor(() => expect(runs.startedAt.at(-1)).toBeGreaterThanOrEqual(at), SOON)
      })

      test('takes a time months away', async ({ queue }) => {
        const runs = await recordRuns(queue, topic())
        await queue.wake(runs.topic, 'c_1', Date.now() + 60 * 24 * 3_600_000)
        await queue.wake(runs.topic, 'c_2')
        await runs.reach(['c_2'])
        await delay(200)
        expect(runs.ids).toEqual(['c_2'])
      })
    })

    describe('when the work fails', () => {
      test('tries again, later, until it succeeds', async ({ queue }) => {
        let failures = 1
        const runs = await recordRuns(queue, topic(), { run: async () => failWhile(failures-- > 0) })
        await queue.wake(runs.topic, 'c_1')
        await runs.reach(['c_1', 'c_1'])
        const [first = 0, second = 0] = runs.startedAt
        expect(second - first).toBeGreaterThanOrEqual(990)
        await runs.staysAt(['c_1', 'c_1'])
      })

      test('does not hold up other ids', async ({ queue }) => {
        const runs = await recordRuns(queue, topic(), { concurrency: 1, run: async (id) => failWhile(id === 'c_1') })
        await queue.wake(runs.topic, 'c_1')
        await runs.reach(['c_1'])
        await queue.wake(runs.topic, 'c_2')
        await vi.waitFor(() => expect(runs.ids).toContain('c_2'), SOON)
      })

      test('a wake for now does not wait for the backoff', async ({ queue }) => {
        const runs = await recordRuns(queue, topic(), { run: async () => failWhile(true) })
        const began = Date.now()
        for (let tries = 1; tries <= 6; tries++) {
          await queue.wake(runs.topic, 'c_1')
          await vi.waitFor(() => expect(runs.ids.length).toBeGreaterThanOrEqual(tries), SOON)
          await vi.waitFor(() => expect(runs.atOnce).toBe(0), SOON)
          // The queue learns of the failure a moment after the work has ended.
          await delay(50)
        }
        // The backoffs alone would take 1 + 2 + 4 + 8 + 16 s.
        expect(Date.now() - began).toBeLessThan(15_000)
      })
    })

    describe('on a schedule', () => {
      test('wakes at every instant of the schedule', async ({ queue }) => {
        const runs = await recordRuns(queue, topic())
        await queue.repeat(runs.topic, 'daily', EVERY_SECOND, 'Europe/Kyiv')
        await runs.reach(['daily', 'daily'])
      })

      test('asked again it has the new schedule only', async ({ queue }) => {
        const runs = await recordRuns(queue, topic())
        await Promise.all([1, 2, 3].map(() => queue.repeat(runs.topic, 'daily', EVERY_SECOND, 'UTC')))
        await queue.repeat(runs.topic, 'daily', EVERY_SECOND, 'UTC')
        await vi.waitFor(() => expect(runs.ids.length).toBeGreaterThan(0), SOON)
        await queue.repeat(runs.topic, 'daily', YEARLY, 'UTC')
        await delay(200)
        const before = runs.ids.length
        await delay(1_500)
        expect(runs.ids).toHaveLength(before)
      })

      test.for([
        { cron: 'every day', timeZone: 'UTC' },
        { cron: '61 * * * *', timeZone: 'UTC' },
        { cron: '0 0 31 2 *', timeZone: 'UTC' },
        { cron: '0 9 * * *', timeZone: 'Europe/Atlantis' },
      ])('refuses what names no time: $cron in $timeZone', async ({ cron, timeZone }, { queue }) => {
        await expect(queue.repeat(topic(), 'daily', cron, timeZone)).rejects.toMatchObject({ code: 'invalid_input' })
      })
    })

    describe('closing', () => {
      test('waits for the work that runs', async ({ queue }) => {
        let ended = false
        const runs = await recordRuns(queue, topic(), {
          run: async () => {
            await delay(300)
            ended = true
          },
        })
        await queue.wake(runs.topic, 'c_1')
        await runs.reach(['c_1'])
        await queue.close()
        expect(ended).toBe(true)
      })

      test('refuses everything afterwards, and may be closed again', async ({ queue }) => {
        await queue.check()
        await queue.close()
        await queue.close()
        const unavailable = { code: 'unavailable' }
        await expect(queue.wake(topic(), 'c_1')).rejects.toMatchObject(unavailable)
        await expect(queue.wake(topic(), 'c_1', Date.now() + 1_000)).rejects.toMatchObject(unavailable)
        await expect(queue.repeat(topic(), 'c_1', YEARLY, 'UTC')).rejects.toMatchObject(unavailable)
        await expect(queue.work(topic(), { concurrency: 1 }, async () => undefined)).rejects.toMatchObject(unavailable)
        await expect(queue.check()).rejects.toMatchObject(unavailable)
      })

      test('a closed worker takes nothing new, and the next one gets it', async ({ queue }) => {
        const gate = newGate()
        const before = await recordRuns(queue, topic(), { run: () => gate.passed })
        await queue.wake(before.topic, 'c_1')
        await before.reach(['c_1'])
        const closing = before.worker.close()
        await queue.wake(before.topic, 'c_2')
        gate.open()
        await closing
        const after = await recordRuns(queue, before.topic)
        await after.reach(['c_2'])
        expect(before.ids).toEqual(['c_1'])
      })

      test('a topic is worked once per process', async ({ queue }) => {
        const { topic: name } = await recordRuns(queue, topic())
        const second = queue.work(name, { concurrency: 1 }, async () => undefined)
        await expect(second).rejects.toMatchObject({ code: 'conflict' })
      })
    })
  })
}

const failWhile = (fails: boolean): void => {
  if (fails) throw new Error('the database is away')
}

const newGate = (): { readonly passed: Promise<void>; open(): void } => {
  let open = (): void => undefined
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}
