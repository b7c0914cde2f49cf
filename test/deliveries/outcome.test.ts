import { describe, expect, test } from 'vitest'
import { backoffMs, MAX_TRIES, notBegun, outcomeOf } from '../../src/deliveries/outcome.js'

const NOW = 1_000_000
const of = (result: Parameters<typeof outcomeOf>[0], tries = 1, repeatable = false) =>
  outcomeOf(result, tries, repeatable, NOW)

describe('what a send result means for the delivery', () => {
  test('sent is sent, with the provider’s id', () => {
    expect(of({ status: 'sent', messageId: 'm-1' })).toMatchObject({ state: 'sent', messageId: 'm-1', reason: null })
  })

  test('not sent is tried again, later each time, until it gives up', () => {
    const waits = Array.from({ length: MAX_TRIES - 1 }, (_, n) => {
      const outcome = of({ status: 'not_sent', reason: '500' }, n + 1)
      expect(outcome).toMatchObject({ state: 'pending', isTry: true, pauseLaneUntil: null })
      return (outcome.dueAt ?? 0) - NOW
    })
    expect(waits).toEqual([...waits].sort((a, b) => a - b))
    expect(waits[0]).toBe(2_000)
    const hour = 60 * 60_000
    expect(waits.reduce((sum, each) => sum + each)).toBeGreaterThan(hour / 2)
    expect(of({ status: 'not_sent', reason: '500' }, MAX_TRIES)).toMatchObject({
      state: 'failed',
      reason: `gave up after ${MAX_TRIES} tries: 500`,
    })
  })

  test('a wait that the provider asks for is kept', () => {
    expect(of({ status: 'not_sent', reason: '500', retryAfterMs: 7 })).toMatchObject({ dueAt: NOW + 7 })
  })

  test.each([
    ['asks the whole lane to wait', { status: 'not_sent', reason: '429', pauseLaneMs: 5_000 }, 5_000, false],
    ['cannot be reached', { status: 'not_sent', reason: 'ENOTFOUND', isAway: true }, 2_000, false],
    ['refuses the sender', { status: 'lane_down', reason: '401' }, 60_000, true],
  ] as const)('a provider that %s costs no try, however often', (_what, result, waitMs, laneDown) => {
    expect(of(result, 1_000)).toMatchObject({
      state: 'pending',
      dueAt: NOW + waitMs,
      pauseLaneUntil: NOW + waitMs,
      isTry: false,
      laneDown,
    })
  })

  test('nobody there is failed; somewhere else is tried there at once, but not for ever', () => {
    expect(of({ status: 'unreachable', reason: 'blocked' })).toMatchObject({ state: 'failed', reason: 'blocked' })
    const moved = { status: 'unreachable', reason: 'moved', movedTo: 'there' } as const
    expect(of(moved)).toMatchObject({ state: 'pending', dueAt: NOW })
    expect(of(moved, MAX_TRIES)).toMatchObject({ state: 'failed' })
  })

  test('refused for good is failed', () => {
    expect(of({ status: 'rejected', reason: 'too long' })).toMatchObject({ state: 'failed', reason: 'too long' })
  })

  test('unclear is unknown, unless a second send is not shown twice', () => {
    const unclear = { status: 'unknown', reason: 'reset' } as const
    expect(of(unclear)).toMatchObject({ state: 'unknown', dueAt: null })
    expect(of(unclear, 1, true)).toMatchObject({ state: 'pending', dueAt: NOW + 1_000 })
    expect(of(unclear, MAX_TRIES, true)).toMatchObject({ state: 'unknown' })
  })

  test('what has not begun goes back as it was', () => {
    expect(notBegun('the process stops', NOW)).toMatchObject({ state: 'pending', dueAt: NOW, isTry: false })
  })

  test('a provider’s words are made fit to be stored', () => {
    const { reason } = of({ status: 'rejected', reason: `a\0b\ud83d${'x'.repeat(5_000)}` })
    expect(reason).toMatch(/^a\uFFFDb\uFFFDx+$/)
    expect(reason).toHaveLength(500)
  })
})

test('the wait before a try grows to a quarter of an hour and stays there', () => {
  expect([1, 2, 3, 9, 10, 50].map(backoffMs)).toEqual([2_000, 4_000, 8_000, 512_000, 900_000, 900_000])
})
