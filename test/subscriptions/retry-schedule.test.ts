import { expect, test } from 'vitest'
import { answered } from '../../src/subscriptions/answer-note.js'
import { webhookRetries } from '../../src/subscriptions/retry-schedule.js'

const HOUR_MS = 3_600_000
const waits = (random: number) => {
  const { most, afterUnknownMs } = webhookRetries(() => random)
  return Array.from({ length: most - 1 }, (_, n) => afterUnknownMs(n + 1))
}
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)

test('ten tries over 75 h 35 min 5 s at least; chance adds a tenth at most', () => {
  expect(waits(0)).toHaveLength(9)
  expect(sum(waits(0))).toBe(75 * HOUR_MS + 35 * 60_000 + 5_000)
  expect(sum(waits(1))).toBeLessThanOrEqual(sum(waits(0)) * 1.1)
  for (const [n, waitMs] of waits(0.5).entries()) expect(waitMs).toBeGreaterThan(waits(0)[n] ?? 0)
})

test('what a receiver asks for is a number of seconds or a date; nonsense asks for nothing', () => {
  const now = Date.parse('2030-01-01T00:00:00Z')
  const askedOf = (header: string | string[] | undefined) => {
    const result = answered(429, header, now)
    return result.status === 'not_sent' ? result.retryAfterMs : null
  }
  expect(askedOf('120')).toBe(120_000)
  expect(askedOf('Tue, 01 Jan 2030 00:01:00 GMT')).toBe(60_000)
  expect(askedOf('Mon, 31 Dec 2029 00:00:00 GMT')).toBe(0)
  for (const header of ['soon', '', '-5', undefined, ['1', '2']]) expect(askedOf(header)).toBeUndefined()
})
