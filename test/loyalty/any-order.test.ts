import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JournaledEvent } from '../../src/events/journaled-event.js'
import { bare, NOW, openMirror } from './mirrored.js'

/** Each event at a second of its own: what two events of one moment mean is told apart below. */
const secondsOf = (count: number) =>
  fc.uniqueArray(fc.integer({ min: 0, max: 20_000 }), { minLength: count, maxLength: count })
const timestamp = (second: number) => new Date(NOW - 21_000_000 + second * 1_000).toISOString()

/** The same events in another order, some of them more than once. */
const reordered = <T>(events: readonly T[]) =>
  fc
    .tuple(
      fc.shuffledSubarray([...events], { minLength: events.length, maxLength: events.length }),
      fc.shuffledSubarray([...events]),
    )
    .map(([all, again]) => [...all, ...again])

const outcome = (events: readonly JournaledEvent[]) => {
  const mirror = openMirror()
  mirror.applyAll(events)
  return mirror
}

const voucherEvents = fc
  .record({
    seconds: secondsOf(7),
    parts: fc.subarray(['issued', 'active', 'redeemed', 'redeemed again', 'expired', 'mentioned', 'lottery'], {
      minLength: 1,
    }),
  })
  .map(({ seconds, parts }) => parts.map((part, index) => voucherEvent(part, timestamp(seconds[index] ?? 0))))

const voucherEvent = (part: string, when: string): JournaledEvent => {
  const card = { id: 'card_001' }
  const voucher = (more: object) => ({ card, voucher: { id: 'v_1', ...more } })
  switch (part) {
    case 'issued':
      return bare('voucher_issued', when, voucher({ title: 'Free coffee', redeem_code: 'FREE', status: 'issued' }))
    case 'active':
      return bare('voucher_issued', when, voucher({ title: 'Free coffee!', description: 'Any size', status: 'active' }))
    case 'redeemed':
      return bare('voucher_redeemed', when, voucher({ redeemed_via: 'staff_scanner' }))
    case 'redeemed again':
      return bare('voucher_redeemed', when, voucher({ redeemed_via: 'kiosk', redeem_code: 'FREE2' }))
    case 'expired':
      return bare('voucher_expired', when, voucher({ expires_at: '2026-05-11T12:00:00Z' }))
    case 'mentioned':
      return bare('campaign_sent', when, voucher({ title: 'A gift', redeem_code_formats: ['qr'] }))
    default:
      return bare('lottery_played', when, { card, lottery: { voucher_id: 'v_1', variant: 'A prize' } })
  }
}

describe('a voucher’s events in any order, some of them twice', () => {
  test('end in the same voucher', () => {
    fc.assert(
      fc.property(
        voucherEvents.chain((events) => fc.tuple(fc.constant(events), reordered(events))),
        ([inOrder, shuffled]) => {
          expect(outcome(shuffled).voucher).toEqual(outcome(inOrder).voucher)
          expect(outcome(shuffled).customer).toEqual(outcome(inOrder).customer)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('tell each turn in its life at most once, and its redemption always', () => {
    fc.assert(
      fc.property(voucherEvents.chain(reordered), (events) => {
        const told = outcome(events)
          .transitions()
          .map(({ event }) => event)
        const times = (name: string) => told.filter((event) => event === name).length
        const wasRedeemed = events.some(({ payload }) => payload.event === 'voucher_redeemed')
        expect(times('voucher_redeemed')).toBe(wasRedeemed ? 1 : 0)
        expect(times('voucher_issued')).toBeLessThanOrEqual(1)
        expect(times('voucher_expired')).toBeLessThanOrEqual(1)
        const redeemed = told.indexOf('voucher_redeemed')
        if (redeemed >= 0) expect(told.slice(redeemed)).not.toContain('voucher_issued')
      }),
      { numRuns: 1_000 },
    )
  })
})

type Step = { readonly kind: 'number'; readonly stamps: number } | { readonly kind: 'added'; readonly count: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('number' as const), stamps: fc.nat(12) }),
  fc.record({ kind: fc.constant('added' as const), count: fc.integer({ min: 1, max: 4 }) }),
)

interface Timed {
  readonly second: number
  readonly step: Step
}

const steps: fc.Arbitrary<readonly Timed[]> = fc
  .array(step, { minLength: 1, maxLength: 40 })
  .chain((all) => secondsOf(all.length).map((seconds) => all.map((one, n) => ({ step: one, second: seconds[n] ?? 0 }))))

const stampEvent = ({ step: one, second }: Timed): JournaledEvent =>
  one.kind === 'number'
    ? bare('stamp_added', timestamp(second), { card: { id: 'card_001', stamps: one.stamps } })
    : bare('stamp_added', timestamp(second), { card: { id: 'card_001' }, stamp: { count: one.count } })

/** The number said last and all that was added after it; null if none was said. */
const trueCount = (all: readonly Timed[]): number | null => {
  let count: number | null = null
  for (const { step: one } of [...all].sort((a, b) => a.second - b.second)) {
    if (one.kind === 'number') count = one.stamps
    else if (count !== null) count += one.count
  }
  return count
}

describe('a card’s stamps in any order, some of them twice', () => {
  test('no stamp is lost or counted twice', () => {
    fc.assert(
      fc.property(
        steps.chain((all) => fc.tuple(fc.constant(all), reordered(all.map(stampEvent)))),
        ([all, events]) => {
          expect(outcome(events).card?.stamps).toBe(trueCount(all))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('a repeated event is no news', () => {
    fc.assert(
      fc.property(steps.map((all) => all.map(stampEvent)).chain(reordered), (events) => {
        const mirror = outcome(events)
        const told = mirror.news.length
        mirror.applyAll(events)
        expect(mirror.news).toHaveLength(told)
      }),
      { numRuns: 500 },
    )
  })

  test('of two counts of one second the larger is the later', () => {
    const events = [1, 3, 2].map((stamps) => stampEvent({ second: 5, step: { kind: 'number', stamps } }))
    for (const order of [events, [...events].reverse()]) expect(outcome(order).card?.stamps).toBe(3)
  })

  test('a sender that never says a number is followed for ever', () => {
    const added = (second: number) => stampEvent({ second, step: { kind: 'added', count: 1 } })
    const mirror = outcome([stampEvent({ second: 0, step: { kind: 'number', stamps: 2 } })])
    mirror.applyAll(Array.from({ length: 500 }, (_, n) => added(n + 1)))
    expect(mirror.card).toMatchObject({ stamps: 502 })
    expect(mirror.card?.increments.length).toBeLessThanOrEqual(50)
    // Long contained in the count.
    mirror.apply(added(3))
    expect(mirror.card?.stamps).toBe(502)
  })
})

test('a customer’s profile is the same in any order of the events that told it', () => {
  const field = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined })
  const profile = fc.record({ name: field, wallet_pass_id: field, language: fc.constantFrom(undefined, 'uk', 'en') })
  const profiles = fc
    .array(profile, { minLength: 1, maxLength: 6 })
    .chain((all) => secondsOf(all.length).map((seconds) => all.map((one, n) => ({ one, second: seconds[n] ?? 0 }))))
    .map((all) =>
      all.map(({ one, second }) => bare('card_opened', timestamp(second), { customer: { id: 'c_789', ...one } })),
    )
  fc.assert(
    fc.property(
      profiles.chain((events) => fc.tuple(fc.constant(events), reordered(events))),
      ([inOrder, shuffled]) => {
        expect(outcome(shuffled).customer).toEqual(outcome(inOrder).customer)
      },
    ),
    { numRuns: 500 },
  )
})
