import { describe, expect, test } from 'vitest'
import { ChatPace, TokenBucket } from '../../src/deliveries/rate.js'

/** How many leave within `ms`, for a loop that looks every `everyMs`. */
const sentWithin = (bucket: TokenBucket, ms: number, everyMs: number): number => {
  let sent = 0
  for (let now = 0; now <= ms; now += everyMs) {
    const count = bucket.available(now)
    bucket.take(count)
    sent += count
  }
  return sent
}

describe('a limit of messages per second', () => {
  test('starts empty, because a new owner does not know what the last one just sent', () => {
    const bucket = new TokenBucket(25, 5, 0)
    expect(bucket.available(0)).toBe(0)
    expect(bucket.waitMs(0)).toBe(40)
  })

  test('saves up no more than its burst, however long nothing is sent', () => {
    const bucket = new TokenBucket(30, 5, 0)
    expect(bucket.available(3_600_000)).toBe(5)
  })

  test.each([1, 25, 30, 2_000])('of %i is kept and used up over ten seconds', (perSec) => {
    const sent = sentWithin(new TokenBucket(perSec, 1, 0), 10_000, 7)
    expect(sent).toBeLessThanOrEqual(perSec * 10 + Math.max(1, perSec / 20))
    expect(sent).toBeGreaterThanOrEqual(perSec * 10 * 0.95 - 1)
  })

  test('in no second lets more through than the limit and its burst', () => {
    const bucket = new TokenBucket(30, 5, 0)
    const times: number[] = []
    for (let now = 0; now < 5_000; now += 3) {
      if (bucket.available(now) === 0) continue
      bucket.take(1)
      times.push(now)
    }
    for (const start of times)
      expect(times.filter((at) => at >= start && at < start + 1_000).length).toBeLessThanOrEqual(35)
  })

  test('gives back what was not used', () => {
    const bucket = new TokenBucket(10, 5, 0)
    bucket.take(bucket.available(1_000))
    bucket.take(-3)
    expect(bucket.available(1_000)).toBe(3)
  })

  test('does not run backwards with the clock', () => {
    const bucket = new TokenBucket(10, 5, 1_000)
    expect(bucket.available(0)).toBe(0)
    expect(bucket.available(1_100)).toBe(1)
  })
})

describe('the pace of one chat', () => {
  test('lets the next message wait, and other chats not', () => {
    const pace = new ChatPace(1_000)
    pace.sent('a', 0)
    expect(pace.waitMs('a', 400)).toBe(600)
    expect(pace.waitMs('b', 400)).toBe(0)
    expect(pace.waitMs('a', 1_000)).toBe(0)
  })

  test('is counted from the last message', () => {
    const pace = new ChatPace(1_000)
    pace.sent('a', 0)
    pace.sent('b', 500)
    pace.sent('a', 1_000)
    expect(pace.waitMs('a', 1_500)).toBe(500)
    expect(pace.waitMs('b', 1_500)).toBe(0)
  })

  test('of nought is none', () => {
    const pace = new ChatPace(0)
    pace.sent('a', 0)
    expect(pace.waitMs('a', 0)).toBe(0)
  })
})
