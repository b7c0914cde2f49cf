import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, vi } from 'vitest'
import type { Queue } from '../../src/queue/queue.js'
import { type OpenQueue, recordRuns, SOON, testOn, topic } from '../support/queue-work.js'

const YEARLY = '0 0 1 1 *'
const EVERY_SECOND = '* * * * * *'

/** What a queue promises whose server is shared by several processes. */
export const sharedQueueContract = (open: OpenQueue): void => {
  const test = testOn(open)
  describe.concurrent('several processes on one server', { timeout: 20_000 }, () => {
    test('what one asks, another works, also after the first has gone', async ({ another }) => {
      const web = await another()
      const name = topic()
      await web.wake(name, 'c_1')
      await web.wake(name, 'c_2', Date.now() + 200)
      await web.close()
      const runs = await recordRuns(await another(), name)
      await runs.reach(['c_1', 'c_2'])
    })

    test('an id is never worked twice at once, and no wake is lost', async ({ another }) => {
      const processes = [await another(), await another(), await another()]
      const name = topic()
      const stored = new Map<string, number>()
      const seen = new Map<string, number>()
      const inWork = new Set<string>()
      const overlaps: string[] = []
      const work = async (id: string): Promise<void> => {
        if (inWork.has(id)) overlaps.push(id)
        inWork.add(id)
        const version = stored.get(id) ?? 0
        await delay(Math.random() * 4)
        seen.set(id, version)
        inWork.delete(id)
      }
      for (const queue of processes) await queue.work(name, { concurrency: 10 }, work)
      const ask = async (queue: Queue): Promise<void> => {
        for (let wakes = 0; wakes < 150; wakes++) {
          const id = `c_${Math.floor(Math.random() * 12)}`
          stored.set(id, (stored.get(id) ?? 0) + 1)
          await queue.wake(name, id, wakes % 5 === 0 ? Date.now() + 5 : undefined)
        }
      }
      await Promise.all([...processes, ...processes].map(ask))
      await vi.waitFor(() => expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(stored)), SOON)
      expect(overlaps).toEqual([])
    })

    test('all of them together keep one schedule', async ({ another }) => {
      const processes = [await another(), await another()]
      const runs = await recordRuns(await another(), topic())
      const ask = (cron: string) =>
        Promise.all(processes.map((queue) => queue.repeat(runs.topic, 'daily', cron, 'UTC')))
      await ask(EVERY_SECOND)
      await runs.reach(['daily'])
      await ask(YEARLY)
      await delay(200)
      const before = runs.ids.length
      await delay(1_300)
      expect(runs.ids).toHaveLength(before)
    })
  })
}
