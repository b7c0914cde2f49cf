import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLog } from '../../src/log.js'
import { createInProcessQueue } from '../../src/queue/in-process-queue.js'
import type { Queue } from '../../src/queue/queue.js'
import { queueContract } from '../contracts/queue.js'
import { recordRuns } from '../support/queue-work.js'
import { recordLog } from '../support/recorded-log.js'

const DAY_MS = 24 * 3_600_000

describe('in-process queue', () => {
  queueContract(async () => createInProcessQueue({ log: createLog('silent') }))
})

describe('in-process queue, as time passes', () => {
  let queue: Queue
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-03-27T12:00:00Z') })
    queue = createInProcessQueue({ log: createLog('silent') })
  })
  afterEach(async () => {
    await queue.close()
    vi.useRealTimers()
  })

  test('a wake may be further away than a timer can sleep (2^31 ms)', async () => {
    const runs = await recordRuns(queue, 'campaign')
    const at = Date.now() + 30 * DAY_MS
    await queue.wake('campaign', 'cmp_1', at)
    await vi.advanceTimersByTimeAsync(30 * DAY_MS - 1)
    expect(runs.ids).toEqual([])
    await vi.advanceTimersByTimeAsync(10)
    expect(runs.ids).toEqual(['cmp_1'])
  })

  test('a clock that is set forward is noticed within a minute', async () => {
    const runs = await recordRuns(queue, 'campaign')
    await queue.wake('campaign', 'cmp_1', Date.now() + DAY_MS)
    vi.setSystemTime(Date.now() + 2 * DAY_MS)
    await vi.advanceTimersByTimeAsync(60_010)
    expect(runs.ids).toEqual(['cmp_1'])
  })

  test('a schedule keeps the local time when the clocks change', async () => {
    const runs = await recordRuns(queue, 'birthdays')
    await queue.repeat('birthdays', 'b_1', '0 9 * * *', 'Europe/Berlin')
    await vi.advanceTimersByTimeAsync(3 * DAY_MS)
    expect(runs.startedAt.map((at) => new Date(at).toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length))).toEqual([
      '2026-03-28T08:00:00',
      '2026-03-29T07:00:00',
      '2026-03-30T07:00:00',
    ])
  })

  test('instants that were slept through are made up for by one run', async () => {
    const runs = await recordRuns(queue, 'birthdays')
    await queue.repeat('birthdays', 'b_1', '0 9 * * *', 'Europe/Berlin')
    vi.setSystemTime(Date.now() + 10 * DAY_MS)
    await vi.advanceTimersByTimeAsync(60_010)
    expect(runs.ids).toEqual(['b_1'])
  })

  test('what keeps failing is tried ever more rarely, up to once a minute', async () => {
    const runs = await recordRuns(queue, 'inbox', { run: () => Promise.reject(new Error('no database')) })
    await queue.wake('inbox', 'c_1')
    await vi.advanceTimersByTimeAsync(5 * 60_000)
    const waitsSec = runs.startedAt.slice(1).map((at, index) => (at - (runs.startedAt[index] ?? 0)) / 1_000)
    const least = [1, 2, 4, 8, 16, 32, 48, 48, 48]
    expect(waitsSec.length).toBeGreaterThanOrEqual(7)
    for (const [index, wait] of waitsSec.entries()) {
      expect(wait).toBeGreaterThanOrEqual(least[index] ?? 48)
      expect(wait).toBeLessThanOrEqual(60)
    }
  })
})

describe('in-process queue, with work in several topics', () => {
  test('starts the higher priority first', async ({ onTestFinished }) => {
    const queue = createInProcessQueue({ log: createLog('silent') })
    onTestFinished(() => queue.close())
    const started: string[] = []
    const run = async (id: string): Promise<void> => {
      started.push(id)
    }
    await queue.work('bulk', { concurrency: 10 }, run)
    await queue.work('answers', { concurrency: 10, priority: 10 }, run)
    await queue.work('events', { concurrency: 10, priority: 5 }, run)
    for (const topic of ['bulk', 'events', 'answers']) {
      for (const number of [1, 2]) await queue.wake(topic, `${topic} ${number}`)
    }
    await vi.waitFor(() => expect(started).toHaveLength(6))
    expect(started).toEqual(['answers 1', 'answers 2', 'events 1', 'events 2', 'bulk 1', 'bulk 2'])
  })

  test('says in the log what failed, with ids only', async ({ onTestFinished }) => {
    const { log, events } = recordLog()
    const queue = createInProcessQueue({ log })
    onTestFinished(() => queue.close())
    await queue.work('inbox', { concurrency: 1 }, () => Promise.reject(new Error('no database')))
    await queue.wake('inbox', 'c_1')
    await vi.waitFor(() => expect(events('queue.run_failed')).toHaveLength(1))
    expect(events('queue.run_failed')[0]).toMatchObject({
      topic: 'inbox',
      id: 'c_1',
      failures: 1,
      error: 'no database',
    })
  })
})
