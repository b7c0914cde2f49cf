import { describe, expect, test } from 'vitest'
import { createRateLimit, networkOf } from '../../bots/web/rate-limit.js'

describe('a rate limit', () => {
  test('grants a burst, then one at a time, and says how long to wait', () => {
    let now = 0
    const take = createRateLimit({ burst: 2, perMinute: 30 }, () => now)
    take('a')
    take('a')
    expect(() => take('a')).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfterSec: 2 }))
    take('b')
    now += 2_000
    take('a')
    expect(() => take('a')).toThrow()
  })

  test('gives no more than the burst after a long rest, nor for a clock that goes back', () => {
    let now = 1_000_000
    const take = createRateLimit({ burst: 1, perMinute: 60 }, () => now)
    take('a')
    now += 3_600_000
    take('a')
    expect(() => take('a')).toThrow()
    now -= 3_600_000
    expect(() => take('a')).toThrow()
  })
})

describe('a network', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    [undefined, 'unknown'],
  ])('of %s is %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network)
  })
})
