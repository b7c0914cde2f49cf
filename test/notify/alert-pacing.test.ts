import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AlertStep, type ChatAlerts, NO_ALERTS, nextAlert } from '../../src/notify/alert-pacing.js'
import { type AlertPace, type AlertRoute, paceOf } from '../../src/notify/alert-routes.js'

const NOON = Date.parse('2026-05-11T12:00:00Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE

const stepsAt = (times: readonly number[], pace: AlertPace = 'instant', timeZone = 'Europe/Kyiv'): AlertStep[] => {
  let alerts: ChatAlerts = NO_ALERTS
  return times.map((now) => {
    const next = nextAlert(alerts, pace, now, timeZone)
    // As the database keeps it.
    alerts = JSON.parse(JSON.stringify(next.alerts))
    return next.step
  })
}
const every = (count: number, stepMs: number, from = NOON) => Array.from({ length: count }, (_, n) => from + n * stepMs)
const instants = (steps: readonly AlertStep[]) => steps.filter(({ kind }) => kind === 'instant').length

describe('alerts sent one by one', () => {
  test('are 20 in an hour; what is more is one message that counts them all', () => {
    const steps = stepsAt(every(23, MINUTE))
    expect(instants(steps)).toBe(20)
    const at = NOON + 20 * MINUTE
    expect(steps.slice(20)).toEqual([
      { kind: 'summary', at, count: 21, isFirst: true },
      { kind: 'summary', at, count: 22, isFirst: false },
      { kind: 'summary', at, count: 23, isFirst: false },
    ])
  })

  test('300 in an hour are 20 and one', () => {
    const steps = stepsAt(every(300, HOUR / 300))
    expect(instants(steps)).toBe(20)
    expect(steps.filter((step) => step.kind === 'summary' && step.isFirst)).toHaveLength(1)
    expect(steps.at(-1)).toMatchObject({ count: 300 })
  })

  test('20 an hour, hour by hour, are never gathered', () => {
    expect(instants(stepsAt(every(200, HOUR / 20)))).toBe(200)
  })

  test('come one by one again when the message that stood for many is an hour old', () => {
    const quiet = stepsAt([...every(25, 1_000), NOON + 2 * HOUR])
    expect(quiet.at(-1)).toEqual({ kind: 'instant' })
  })

  test('whenever they come: at most 20 in any hour and a message for many at most once an hour, which never counts short', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6 * MINUTE), { maxLength: 200 }), (gaps) => {
        let now = NOON
        const times = gaps.map((gap) => {
          now += gap
          return now
        })
        const steps = stepsAt(times)
        const timesOf = (isIt: (step: AlertStep) => boolean) =>
          times.filter((_, n) => isIt(steps[n] ?? { kind: 'off' }))
        const single = timesOf(({ kind }) => kind === 'instant')
        const begun = timesOf((step) => step.kind === 'summary' && step.isFirst)
        for (const at of single)
          expect(single.filter((each) => each > at - HOUR && each <= at).length).toBeLessThanOrEqual(20)
        for (const at of begun) expect(begun.filter((each) => each > at - HOUR && each <= at)).toHaveLength(1)
        for (const [n, step] of steps.entries()) {
          const at = times[n] ?? 0
          const inHour = times.filter((each, m) => m <= n && each > at - HOUR + MINUTE).length
          if (step.kind === 'summary') expect(step.count).toBeGreaterThanOrEqual(inHour)
        }
      }),
    )
  })
})

describe('gathered alerts', () => {
  test.each([
    ['hourly', '2026-05-11T12:00:00Z', 'Europe/Kyiv', '2026-05-11T13:00:00Z'],
    ['hourly', '2026-05-11T12:20:00Z', 'Asia/Kolkata', '2026-05-11T12:30:00Z'],
    ['daily', '2026-05-11T05:59:00Z', 'Europe/Kyiv', '2026-05-11T06:00:00Z'],
    ['daily', '2026-05-11T06:00:00Z', 'Europe/Kyiv', '2026-05-12T06:00:00Z'],
    ['daily', '2026-10-24T12:00:00Z', 'Europe/Kyiv', '2026-10-25T07:00:00Z'],
    ['daily', '2026-05-11T12:00:00Z', 'Mars/Olympus', '2026-05-12T09:00:00Z'],
  ] as const)('%s at %s in %s come at %s', (pace, now, timeZone, dueAt) => {
    expect(stepsAt([Date.parse(now)], pace, timeZone)).toEqual([
      { kind: 'digest', pace, dueAt: Date.parse(dueAt), count: 1, isFirst: true },
    ])
  })

  test('are one message for each hour that had any', () => {
    const steps = stepsAt([...every(300, 12_000), NOON + 3 * HOUR], 'hourly')
    const first = steps.filter((step) => step.kind === 'digest' && step.isFirst)
    expect(first).toMatchObject([{ dueAt: NOON + HOUR }, { dueAt: NOON + 4 * HOUR, count: 1 }])
    expect(steps.at(-2)).toMatchObject({ count: 300 })
  })

  test('that nobody wants are none', () => expect(stepsAt([NOON], 'off')).toEqual([{ kind: 'off' }]))
})

describe('the route of an alert', () => {
  const route = (pace: AlertPace, locationId: string | null, chatId: string | null): AlertRoute => ({
    event: 'goal_reached',
    locationId,
    chatId,
    pace,
  })
  const pace = (routes: readonly AlertRoute[], locationId: string | null = 'podil') =>
    paceOf(routes, 'goal_reached', { locationId, chatId: 'team' })

  test('is instant for every staff chat where nobody said otherwise', () => expect(pace([])).toBe('instant'))

  test('is the closest: the chat’s own for the location, the chat’s own, the location’s, everybody’s', () => {
    const all = [
      route('off', null, null),
      route('daily', 'podil', null),
      route('hourly', null, 'team'),
      route('instant', 'podil', 'team'),
    ]
    expect(pace(all)).toBe('instant')
    expect(pace(all.slice(0, 3))).toBe('hourly')
    expect(pace(all.slice(0, 2))).toBe('daily')
    expect(pace(all.slice(0, 2), 'obolon')).toBe('off')
    expect(pace(all.slice(1, 2), null)).toBe('instant')
    expect(pace([route('off', null, 'another')])).toBe('instant')
  })
})
