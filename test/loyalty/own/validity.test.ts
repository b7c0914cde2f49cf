import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, test } from 'vitest'
import { lastMomentOf } from '../../../src/loyalty/own/validity.js'
import type { Validity } from '../../../src/loyalty/own/voucher-offer.js'

const KYIV = 'Europe/Kyiv'
const days = (count: number): Validity => ({ kind: 'days', days: count })
const months = (count: number): Validity => ({ kind: 'months', months: count })

const last = (validity: Validity, issued: string, zone = KYIV) => {
  const at = lastMomentOf(validity, Date.parse(issued), zone)
  return at === null ? null : DateTime.fromMillis(at, { zone }).toISO()
}

describe('a voucher’s last moment', () => {
  test('an unlimited one has none', () => expect(last({ kind: 'unlimited' }, '2026-05-11T12:00:00Z')).toBeNull())

  test('is the end of its last day, as the business’s clocks show it', () => {
    expect(last(days(0), '2026-05-11T22:30:00Z')).toBe('2026-05-12T23:59:59.999+03:00')
    expect(last(days(3), '2026-05-11T12:00:00Z')).toBe('2026-05-14T23:59:59.999+03:00')
    expect(last({ kind: 'until', lastDay: '2026-12-31' }, '2026-05-11T12:00:00Z')).toBe('2026-12-31T23:59:59.999+02:00')
  })

  test('days with 23 and 25 hours count as days', () => {
    expect(last(days(1), '2026-03-28T22:30:00+02:00')).toBe('2026-03-29T23:59:59.999+03:00')
    expect(last(days(1), '2026-10-24T23:30:00+03:00')).toBe('2026-10-25T23:59:59.999+02:00')
  })

  test('a day that begins at one o’clock ends like any other', () => {
    expect(last(days(0), '2026-09-05T20:00:00-04:00', 'America/Santiago')).toBe('2026-09-05T23:59:59.999-04:00')
  })

  test('a month after the 31st is the last day of the month', () => {
    expect(last(months(1), '2026-01-31T12:00:00Z')).toBe('2026-02-28T23:59:59.999+02:00')
    expect(last(months(1), '2028-01-31T12:00:00Z')).toBe('2028-02-29T23:59:59.999+02:00')
    expect(last(months(13), '2026-03-31T12:00:00Z')).toBe('2027-04-30T23:59:59.999+03:00')
  })

  test('is never on another day, nor before it was issued, wherever and whenever', () => {
    const zones = fc.constantFrom(KYIV, 'America/Santiago', 'Asia/Beirut', 'Australia/Lord_Howe', 'Asia/Kathmandu')
    const moments = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) })
    fc.assert(
      fc.property(zones, moments, fc.nat(400), (zone, issuedAt, count) => {
        const at = lastMomentOf(days(count), issuedAt, zone) ?? 0
        const first = DateTime.fromMillis(issuedAt, { zone }).startOf('day')
        const day = DateTime.fromMillis(at, { zone }).startOf('day')
        expect(at).toBeGreaterThanOrEqual(issuedAt)
        expect(Math.round(day.diff(first, 'days').days)).toBe(count)
        expect(DateTime.fromMillis(at + 1, { zone }).startOf('day') > day).toBe(true)
      }),
    )
  })
})
