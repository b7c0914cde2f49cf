import { DateTime } from 'luxon'
import { describe, expect, test } from 'vitest'
import { openingHours } from '../../src/events/opening-hours.js'
import { cafeEvents } from './cafe-calendar.js'

const HOUR = 3_600_000

/** Zones whose clocks change at midnight, by half an hour, at odd offsets, or not at all. */
const HARD_ZONES = ['America/Havana', 'Asia/Beirut', 'Africa/Cairo', 'America/Santiago', 'America/Scoresbysund'].concat(
  ['Atlantic/Azores', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Asia/Kathmandu', 'Europe/Kyiv', 'UTC'],
)

describe('local days', () => {
  test.each(HARD_ZONES)('of %s follow each other without a gap, each from its first moment, all year', (zone) => {
    const from = Date.UTC(2026, 0, 1, 5)
    const to = Date.UTC(2027, 0, 1, 5)
    const { days } = openingHours([from], to, zone)
    let day = DateTime.fromMillis(from, { zone }).startOf('day')
    for (const { start, end } of days) {
      expect(DateTime.fromMillis(start, { zone }).toISO()).toBe(day.toISO())
      day = day.plus({ days: 1 }).startOf('day')
      expect(end).toBe(day.toMillis())
    }
    expect(day.toMillis()).toBeGreaterThan(to)
  })
})

describe('a café that is open from 8 to 20, with a break from 13 to 16, not on Sundays', () => {
  const timeZone = 'Europe/Kyiv'
  const open = { 1: [8, 20], 2: [8, 20], 3: [8, 20], 4: [8, 20], 5: [8, 20], 6: [8, 20] } as const
  const local = (iso: string) => DateTime.fromISO(iso, { zone: timeZone }).toMillis()
  const eventAts = cafeEvents({ hours: { open }, from: '2026-04-23', to: '2026-05-20', timeZone, visitsPerDay: 100 })
    // A barman who once cleaned up at midnight is not opening hours.
    .concat(local('2026-05-20T23:30'))
    .filter((at) => ![13, 14, 15].includes(DateTime.fromMillis(at, { zone: timeZone }).hour))
  const hours = openingHours(eventAts, local('2026-05-20T23:59'), timeZone)

  test.each([
    ['2026-05-20T07:59', false],
    ['2026-05-20T08:00', true],
    ['2026-05-20T12:59', true],
    ['2026-05-20T13:00', false],
    ['2026-05-20T16:00', true],
    ['2026-05-20T20:00', false],
    ['2026-05-20T23:30', false],
    ['2026-05-17T12:00', false],
    ['2026-05-16T12:00', true],
  ])('at %s is open: %s', (at, isOpen) => {
    expect(hours.isOpen(local(at))).toBe(isOpen)
  })

  test('its open time is counted across breaks, nights and Sundays', () => {
    const openHours = (from: string, to: string) => hours.openTime(local(from), local(to)) / HOUR
    expect(openHours('2026-05-20T12:30', '2026-05-20T16:30')).toBe(1)
    expect(openHours('2026-05-19T19:45', '2026-05-20T08:15')).toBe(0.5)
    expect(openHours('2026-05-16T19:00', '2026-05-18T09:00')).toBe(2)
    expect(openHours('2026-05-18T00:00', '2026-05-20T00:00')).toBe(18)
  })

  test('each day says whether anything came', () => {
    const silentDays = hours.days.filter((day) => !day.hasEvents)
    expect(silentDays.map(({ start }) => DateTime.fromMillis(start, { zone: timeZone }).weekday)).toEqual([7, 7, 7, 7])
  })
})
