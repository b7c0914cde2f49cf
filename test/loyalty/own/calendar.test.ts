import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, test } from 'vitest'
import { awayWindow, birthdaysOn, dayOf, dueDays, momentOf } from '../../../src/loyalty/own/clock/calendar.js'

const KYIV = 'Europe/Kyiv'
const at = (iso: string) => Date.parse(iso)

describe('the days that are due', () => {
  test('of a business that is new is today, from nine in the morning on', () => {
    expect(dueDays(null, at('2026-05-11T08:59:00+03:00'), KYIV)).toEqual(['2026-05-10'])
    expect(dueDays(null, at('2026-05-11T09:00:00+03:00'), KYIV)).toEqual(['2026-05-11'])
  })

  test('are those after the last one done, a week of them at most', () => {
    const noon = at('2026-05-11T12:00:00+03:00')
    expect(dueDays('2026-05-11', noon, KYIV)).toEqual([])
    expect(dueDays('2026-05-08', noon, KYIV)).toEqual(['2026-05-09', '2026-05-10', '2026-05-11'])
    expect(dueDays('2026-01-01', noon, KYIV)).toHaveLength(7)
  })

  test('are each day once, wherever and whenever somebody looks', () => {
    const zones = fc.constantFrom(KYIV, 'America/Santiago', 'Asia/Beirut', 'Australia/Lord_Howe', 'Pacific/Apia')
    const steps = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') }),
        steps,
        (zone, start, hours) => {
          let now = start
          let last: string | null = null
          const done: string[] = []
          for (const hour of hours) {
            now += hour * 3_600_000
            for (const day of dueDays(last, now, zone)) {
              done.push(day)
              last = day
            }
          }
          const first = DateTime.fromISO(done[0] ?? '', { zone: 'UTC' })
          expect(done).toEqual(done.map((_, index) => first.plus({ days: index }).toFormat('yyyy-MM-dd')))
        },
      ),
    )
  })

  test('a day that was missed happened at nine, and today now', () => {
    const noon = at('2026-03-30T12:00:00+03:00')
    expect(momentOf('2026-03-30', noon, KYIV)).toBe(noon)
    expect(momentOf('2026-03-29', noon, KYIV)).toBe(at('2026-03-29T09:00:00+03:00'))
    expect(momentOf('2026-03-28', noon, KYIV)).toBe(at('2026-03-28T09:00:00+02:00'))
  })
})

describe('birthdays', () => {
  test('are kept on their day, with and without a year', () => {
    const kept = birthdaysOn('2026-05-11')
    expect(kept).toEqual(expect.arrayContaining(['--05-11', '1900-05-11', '1991-05-11', '2099-05-11']))
    expect(kept.every((birthday) => birthday.endsWith('-05-11'))).toBe(true)
  })

  test('29 February is kept on the 28th, but on its own day where there is one', () => {
    expect(birthdaysOn('2027-02-28')).toEqual(expect.arrayContaining(['--02-28', '--02-29', '2004-02-29']))
    expect(birthdaysOn('2028-02-28')).not.toContain('2004-02-29')
    expect(birthdaysOn('2028-02-29')).toContain('2004-02-29')
  })
})

describe('somebody away for 30 days', () => {
  test('was seen last on a day 30 days ago, however long the days between were', () => {
    const { from, to } = awayWindow('2026-04-15', 30, KYIV)
    expect(to).toBe(at('2026-03-17T00:00:00+02:00'))
    expect(dayOf(to - 1, KYIV)).toBe('2026-03-16')
    expect(dayOf(from, KYIV)).toBe('2026-03-09')
  })
})
