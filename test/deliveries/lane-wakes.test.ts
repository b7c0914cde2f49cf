import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LaneWakes } from '../../src/deliveries/lane-wakes.js'

const NOW = 1_800_000_000_000

let woken: string[]
let wakes: LaneWakes
beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
  woken = []
  const signals = {
    publish: (_topic: string, lane: string) => void woken.push(lane),
    subscribe: () => () => undefined,
    close: async () => undefined,
  }
  wakes = new LaneWakes(signals, Date.now)
})
afterEach(() => {
  wakes.stop()
  vi.useRealTimers()
})

test('what is due wakes its lane at once', () => {
  wakes.wake('a', NOW)
  wakes.wake('b', NOW - 1)
  expect(woken).toEqual(['a', 'b'])
})

test('what is held wakes its lane when it is due, never before', () => {
  wakes.wake('a', NOW + 2_000)
  vi.advanceTimersByTime(1_999)
  expect(woken).toEqual([])
  vi.advanceTimersByTime(51)
  expect(woken).toEqual(['a'])
})

test('many that fall due at about the same time are one wake of each lane', () => {
  for (let n = 0; n < 1_000; n++) wakes.wake(n % 2 === 0 ? 'a' : 'b', NOW + 2_000 + (n % 40))
  vi.advanceTimersByTime(2_100)
  expect(woken.filter((lane) => lane === 'a').length).toBeLessThanOrEqual(2)
  expect(new Set(woken)).toEqual(new Set(['a', 'b']))
})

test('a lane is woken again for what is held later', () => {
  wakes.wake('a', NOW + 100)
  vi.advanceTimersByTime(200)
  wakes.wake('a', NOW + 300)
  vi.advanceTimersByTime(200)
  expect(woken).toEqual(['a', 'a'])
})

test('nobody is woken after the end', () => {
  wakes.wake('a', NOW + 100)
  wakes.stop()
  vi.advanceTimersByTime(1_000)
  expect(woken).toEqual([])
})
