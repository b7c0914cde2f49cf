import { describe, expect, test } from 'vitest'
import { nextRun } from '../../src/queue/cron.js'

/** The next instants of a schedule, as ISO 8601 in UTC. */
const nextRuns = (cron: string, timeZone: string, after: string, count: number): string[] => {
  const runs: number[] = []
  while (runs.length < count) runs.push(nextRun(cron, timeZone, runs.at(-1) ?? Date.parse(after)))
  return runs.map((at) => new Date(at).toISOString())
}

describe('the next run of a schedule', () => {
  test('is at the local time of the zone', () => {
    expect(nextRuns('0 9 * * *', 'Asia/Seoul', '2026-01-01T00:00:00Z', 1)).toEqual(['2026-01-02T00:00:00.000Z'])
    expect(nextRuns('30 18 * * 5', 'Europe/Kyiv', '2026-01-01T00:00:00Z', 1)).toEqual(['2026-01-02T16:30:00.000Z'])
  })

  test('comes strictly after the given instant', () => {
    expect(nextRuns('0 9 * * *', 'UTC', '2026-01-01T09:00:00.000Z', 1)).toEqual(['2026-01-02T09:00:00.000Z'])
    expect(nextRuns('0 9 * * *', 'UTC', '2026-01-01T08:59:59.999Z', 1)).toEqual(['2026-01-01T09:00:00.000Z'])
  })

  test('where clocks go forward: a local time that does not exist comes as late as the clocks jump, once', () => {
    expect(nextRuns('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ])
  })

  test('where clocks go back: a local time that exists twice comes once, the first time', () => {
    expect(nextRuns('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ])
  })

  test('where clocks change, an hourly schedule still comes every hour', () => {
    expect(nextRuns('0 * * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T02:00:00.000Z',
    ])
    expect(nextRuns('0 * * * *', 'Europe/Berlin', '2026-10-24T23:30:00Z', 3)).toEqual([
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T01:00:00.000Z',
      '2026-10-25T02:00:00.000Z',
    ])
  })

  test('of 29 February is in a leap year', () => {
    expect(nextRuns('0 9 29 2 *', 'UTC', '2026-03-01T00:00:00Z', 2)).toEqual([
      '2028-02-29T09:00:00.000Z',
      '2032-02-29T09:00:00.000Z',
    ])
  })

  test.each([
    ['', 'UTC'],
    ['0 9 * *', 'UTC'],
    ['@daily', 'UTC'],
    ['0 0 9 * * * 2030', 'UTC'],
    ['2030-01-01T00:00:00', 'UTC'],
    ['61 * * * *', 'UTC'],
    ['0 9 31 2 *', 'UTC'],
    ['0 9 * * *', 'Europe/Atlantis'],
    ['0 9 * * *', ''],
  ])('is refused for %j in %j', (cron, timeZone) => {
    expect(() => nextRun(cron, timeZone, 0)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})
