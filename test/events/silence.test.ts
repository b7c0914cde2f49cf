import { DateTime } from 'luxon'
import { describe, expect, test } from 'vitest'
import { SILENCE_HISTORY_MS, silenceOf } from '../../src/events/silence.js'
import { type CafeHours, cafeEvents } from './cafe-calendar.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const KYIV = 'Europe/Kyiv'
const WEEKDAYS_AND_SATURDAY: CafeHours = {
  open: { 1: [8, 20], 2: [8, 20], 3: [8, 20], 4: [8, 20], 5: [8, 20], 6: [10, 18] },
}

const at = (iso: string, zone = KYIV) => DateTime.fromISO(iso, { zone }).toMillis()

/** Asks every few minutes of a span, as the program does, with what had come by then; gives back the silences told. */
const silencesTold = (eventAts: readonly number[], from: string, to: string, zone = KYIV, everyMs = 10 * MINUTE) => {
  const told = new Map<number, { firstAt: string; gapMinutes: number }>()
  const until = at(to, zone)
  let first = 0
  let end = 0
  for (let now = at(from, zone); now <= until; now += everyMs) {
    while ((eventAts[end] ?? Number.POSITIVE_INFINITY) <= now) end++
    while ((eventAts[first] ?? Number.POSITIVE_INFINITY) <= now - SILENCE_HISTORY_MS) first++
    const silence = silenceOf(eventAts.slice(first, end), now, zone)
    if (silence && !told.has(silence.silentSince))
      told.set(silence.silentSince, {
        firstAt: DateTime.fromMillis(now, { zone }).toFormat('yyyy-MM-dd HH:mm'),
        gapMinutes: silence.usualGapMs / MINUTE,
      })
  }
  return [...told.values()]
}

/** A shop with an event every 10 minutes from 9:00 to 17:50 on every day. */
const everyTenMinutes = (from: string, to: string) => {
  const eventAts: number[] = []
  for (
    let day = DateTime.fromISO(from, { zone: KYIV });
    day <= DateTime.fromISO(to, { zone: KYIV });
    day = day.plus({ days: 1 })
  )
    for (let minute = 0; minute < 9 * 60; minute += 10)
      eventAts.push(day.set({ hour: 9, minute: 0 }).toMillis() + minute * MINUTE)
  return eventAts
}

describe('an owner is told', () => {
  test('after three usual gaps of opening time', () => {
    const eventAts = everyTenMinutes('2026-05-01', '2026-05-20').filter((eventAt) => eventAt <= at('2026-05-20T12:00'))
    expect(silenceOf(eventAts, at('2026-05-20T12:29:59'), KYIV)).toBeNull()
    expect(silenceOf(eventAts, at('2026-05-20T12:30'), KYIV)).toEqual({
      silentSince: at('2026-05-20T12:00'),
      usualGapMs: 10 * MINUTE,
    })
  })

  test('the same silence for as long as it lasts', () => {
    const eventAts = everyTenMinutes('2026-05-01', '2026-05-20').filter((eventAt) => eventAt <= at('2026-05-20T12:00'))
    expect(silencesTold(eventAts, '2026-05-20T12:00', '2026-05-23T18:00')).toEqual([
      { firstAt: '2026-05-20 12:30', gapMinutes: 10 },
    ])
  })

  test('never before half an hour, however busy the place', () => {
    const eventAts = Array.from({ length: 20 }, (_, day) => day)
      .flatMap((day) =>
        Array.from({ length: 9 * 60 }, (_, minute) => at('2026-05-01T09:00') + day * 24 * HOUR + minute * MINUTE),
      )
      .filter((eventAt) => eventAt <= at('2026-05-20T12:00'))
    expect(silenceOf(eventAts, at('2026-05-20T12:29'), KYIV)).toBeNull()
    expect(silenceOf(eventAts, at('2026-05-20T12:30'), KYIV)).toMatchObject({ silentSince: at('2026-05-20T12:00') })
  })

  test('of a silence that began shortly before closing only when the next day goes on with it', () => {
    const eventAts = everyTenMinutes('2026-05-01', '2026-05-19').filter((eventAt) => eventAt <= at('2026-05-19T17:40'))
    // 20 minutes of the 19th; the 20th may be a holiday; then 10 more on the 21st.
    expect(silencesTold(eventAts, '2026-05-19T17:40', '2026-05-21T18:00')).toEqual([
      { firstAt: '2026-05-21 09:10', gapMinutes: 10 },
    ])
  })
})

describe('an ordinary café', () => {
  const months = { from: '2026-02-15', to: '2026-05-31', timeZone: KYIV, hours: WEEKDAYS_AND_SATURDAY }

  test.each([6, 20, 60, 200])(
    'with %i visits a day is never alarmed about: nights, Sundays, quiet hours, a clock change',
    (visitsPerDay) => {
      const eventAts = cafeEvents({ ...months, visitsPerDay })
      expect(silencesTold(eventAts, '2026-03-25T00:00', '2026-04-06T23:50', KYIV, 30 * MINUTE)).toEqual([])
    },
  )

  test('nor for a holiday in the week', () => {
    const hours = { ...WEEKDAYS_AND_SATURDAY, holidays: ['2026-05-01', '2026-05-06'] }
    const eventAts = cafeEvents({ ...months, hours, visitsPerDay: 40 })
    expect(silencesTold(eventAts, '2026-04-29T00:00', '2026-05-08T23:50', KYIV, 30 * MINUTE)).toEqual([])
  })

  test('nor for a lunch break', () => {
    const all = cafeEvents({ ...months, visitsPerDay: 60 })
    const eventAts = all.filter((eventAt) => {
      const { hour } = DateTime.fromMillis(eventAt, { zone: KYIV })
      return hour < 13 || hour >= 16
    })
    expect(silencesTold(eventAts, '2026-04-29T00:00', '2026-05-08T23:50', KYIV, 30 * MINUTE)).toEqual([])
  })

  test.each([
    [20, '2026-05-20T11:00', 8],
    [60, '2026-05-20T11:00', 4],
    [200, '2026-05-20T11:00', 1.5],
  ])('with %i visits a day hears of an outage within its opening hours', (visitsPerDay, outage, withinHours) => {
    const eventAts = cafeEvents({ ...months, visitsPerDay }).filter((eventAt) => eventAt < at(outage))
    const [told, ...others] = silencesTold(eventAts, outage, '2026-05-22T20:00')
    expect(told && at(told.firstAt.replace(' ', 'T')) - at(outage)).toBeLessThanOrEqual(withinHours * HOUR)
    expect(others).toEqual([])
  })
})

describe('opening hours follow the local clock', () => {
  test.each([
    ['Europe/Kyiv', '2026-03-29', '2026-03-30T08:00'],
    ['America/New_York', '2026-11-01', '2026-11-02T08:00'],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-06T08:00'],
    ['Asia/Kathmandu', '2026-04-05', '2026-04-06T08:00'],
  ])('in %s around %s', (timeZone, change, monday) => {
    const from = DateTime.fromISO(change).minus({ days: 40 }).toISODate() ?? ''
    const to = DateTime.fromISO(change).plus({ days: 4 }).toISODate() ?? ''
    const eventAts = cafeEvents({ hours: WEEKDAYS_AND_SATURDAY, from, to, timeZone, visitsPerDay: 60 })
    expect(silencesTold(eventAts, `${change}T00:00`, to, timeZone, 30 * MINUTE)).toEqual([])
    const silent = eventAts.filter((eventAt) => eventAt < at(monday, timeZone) + 3 * HOUR)
    expect(silencesTold(silent, monday, `${monday.slice(0, 10)}T20:00`, timeZone)).toHaveLength(1)
  })

  test('longer hours are simply learnt, and shorter ones within a fortnight', () => {
    const early: CafeHours = { open: { 1: [8, 20], 2: [8, 20], 3: [8, 20], 4: [8, 20], 5: [8, 20] } }
    const winter: CafeHours = { open: { 1: [8, 17], 2: [8, 17], 3: [8, 17], 4: [8, 17], 5: [8, 17] } }
    const base = { timeZone: KYIV, visitsPerDay: 60 }
    const eventAts = [
      ...cafeEvents({ ...base, hours: early, from: '2026-09-01', to: '2026-10-02' }),
      ...cafeEvents({ ...base, hours: winter, from: '2026-10-05', to: '2026-11-30', seed: 2 }),
    ]
    expect(silencesTold(eventAts, '2026-10-19T00:00', '2026-10-30T23:50', KYIV, 30 * MINUTE)).toEqual([])
  })
})

describe('nobody is alarmed', () => {
  const eventAts = everyTenMinutes('2026-05-01', '2026-05-20').filter((eventAt) => eventAt <= at('2026-05-20T12:00'))

  test('in closed hours', () => {
    expect(silenceOf(eventAts, at('2026-05-20T17:59'), KYIV)).not.toBeNull()
    expect(silenceOf(eventAts, at('2026-05-20T18:00'), KYIV)).toBeNull()
    expect(silenceOf(eventAts, at('2026-05-21T03:00'), KYIV)).toBeNull()
  })

  test('about a business that is new', () => {
    expect(silenceOf([], at('2026-05-20T12:00'), KYIV)).toBeNull()
    const opened = everyTenMinutes('2026-05-14', '2026-05-20').filter((eventAt) => eventAt <= at('2026-05-20T10:00'))
    expect(silenceOf(opened, at('2026-05-20T17:00'), KYIV)).toBeNull()
    expect(silenceOf(eventAts.slice(-19), at('2026-05-20T17:00'), KYIV)).toBeNull()
  })

  test('by a time zone nobody knows', () => {
    expect(silenceOf(eventAts, at('2026-05-20T17:00'), 'Mars/Olympus')).toBeNull()
  })
})
