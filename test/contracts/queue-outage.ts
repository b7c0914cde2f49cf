import { setTimeout as delay } from 'node:timers/promises'
import { expect, vi } from 'vitest'
import type { Log } from '../../src/log.js'
import type { Queue } from '../../src/queue/queue.js'
import { recordRuns, topic } from '../support/queue-work.js'
import { recordLog } from '../support/recorded-log.js'

/** DESIGN: the queue resumes this long after its server is back, at the latest. */
const RESUMES_WITHIN = { timeout: 5_000, interval: 10 }
const AWAY = { code: 'unavailable' }

/** A server that a test can take away. */
export interface OutageServer {
  stop(): Promise<void>
  restart(): Promise<void>
}

/**
 * What a queue promises when its server is away for `outageMs`: nothing stored is lost, what is asked is refused soon,
 * and everything goes on within 5 s of the server's return, without anybody's help. Returns how long it took, in ms.
 */
export const survivesOutage = async (
  server: OutageServer,
  open: (log: Log) => Promise<Queue>,
  outageMs: number,
): Promise<number> => {
  const { log, events } = recordLog()
  const queue = await open(log)
  let returns = 0
  queue.onReconnect(() => {
    returns += 1
  })
  const runs = await recordRuns(queue, topic())
  let endWork = (): void => undefined
  const workEnds = new Promise<void>((resolve) => {
    endWork = resolve
  })
  const inWork = await recordRuns(queue, topic(), { run: () => workEnds })
  const failing = await recordRuns(queue, topic(), { run: async () => Promise.reject(new Error('no database')) })
  await queue.wake(runs.topic, 'before')
  await queue.wake(failing.topic, 'retried')
  await queue.wake(runs.topic, 'due meanwhile', Date.now() + 500)
  await queue.wake(inWork.topic, 'long')
  await runs.reach(['before'])
  await inWork.reach(['long'])

  await server.stop()
  await vi.waitFor(() => expect(events('queue.away')).toHaveLength(1), { timeout: 5_000 })
  const late = topic()
  await expect(queue.wake(runs.topic, 'refused')).rejects.toMatchObject(AWAY)
  await expect(queue.wake(runs.topic, 'refused', Date.now() + 9_000)).rejects.toMatchObject(AWAY)
  await expect(queue.repeat(runs.topic, 'refused', '0 9 * * *', 'UTC')).rejects.toMatchObject(AWAY)
  await expect(queue.check()).rejects.toMatchObject(AWAY)
  const lateRuns = await recordRuns(queue, late)
  endWork()
  await delay(outageMs)
  const triesBefore = failing.ids.length

  await server.restart()
  const back = Date.now()
  await vi.waitFor(() => expect(returns).toBe(1), RESUMES_WITHIN)
  await queue.check()
  await queue.wake(runs.topic, 'after')
  await queue.wake(late, 'after')
  await vi.waitFor(() => {
    expect(runs.ids).toEqual(expect.arrayContaining(['due meanwhile', 'after']))
    expect(lateRuns.ids).toEqual(['after'])
  }, RESUMES_WITHIN)
  const resumedAfterMs = Date.now() - back
  await queue.wake(failing.topic, 'retried')
  await queue.wake(inWork.topic, 'long')
  await vi.waitFor(() => {
    expect(failing.ids.length).toBeGreaterThan(triesBefore)
    // That the first run ended could not be told to the server; the id is not held for that.
    expect(inWork.ids.length).toBeGreaterThan(1)
  }, RESUMES_WITHIN)
  expect(runs.ids).not.toContain('refused')
  expect(events('queue.away')).toHaveLength(1)
  expect(events('queue.back')).toHaveLength(1)
  return resumedAfterMs
}
