import { describe, expect, test } from 'vitest'
import { createWaker } from '../../src/events/waker.js'
import { recordLog } from '../support/recorded-log.js'

const openWaker = (answer: () => Promise<void> = async () => {}) => {
  const asked: { topic: string; id: string; at?: number | undefined }[] = []
  const { log, events } = recordLog()
  const queue = {
    wake: (topic: string, id: string, at?: number) => {
      asked.push({ topic, id, at })
      return answer()
    },
  }
  return { waker: createWaker(queue, log), asked, logged: events }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('waking shards', () => {
  test('the first event of a quiet shard is woken for at once', () => {
    const { waker, asked } = openWaker()
    waker.wake(3)
    expect(asked).toEqual([{ topic: 'events', id: '3', at: undefined }])
  })

  test('a thousand events at once are one wake now and one after them, for each shard', async () => {
    const { waker, asked } = openWaker()
    for (let n = 0; n < 1_000; n++) waker.wake(n % 2)
    expect(asked).toHaveLength(2)
    await expect.poll(() => asked.length).toBe(4)
    await pause(40)
    expect(asked).toHaveLength(4)
  })

  test('an event that comes later than the last wake is woken for', async () => {
    const { waker, asked } = openWaker()
    waker.wake(1)
    await pause(30)
    waker.wake(1)
    expect(asked).toHaveLength(2)
  })

  test('a wake for later is passed on as it is', () => {
    const { waker, asked } = openWaker()
    waker.wake(1, 5_000)
    waker.wake(1, 6_000)
    expect(asked.map(({ at }) => at)).toEqual([5_000, 6_000])
  })

  test('an outage is complained about once, and its end is told', async () => {
    let isAway = true
    const { waker, logged } = openWaker(async () => {
      if (isAway) throw new Error('connection refused')
    })
    for (let n = 0; n < 3; n++) {
      waker.wake(n)
      await pause(1)
    }
    expect(logged('events.wake_failed')).toHaveLength(1)
    isAway = false
    waker.wake(5)
    await expect.poll(() => logged('events.wakes_work_again')).toHaveLength(1)
    isAway = true
    waker.wake(6)
    await expect.poll(() => logged('events.wake_failed')).toHaveLength(2)
  })
})
