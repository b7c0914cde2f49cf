import { describe, expect, test } from 'vitest'
import { buildFrame, DEMO_CUSTOMERS, DEMO_EVENTS, type DemoState, seedFrames } from '../../src/demo/demo-data.js'
import { noteOn } from '../../src/demo/demo-note.js'
import { eventNames } from '../../src/events/glossary.js'
import { parseEvent } from '../../src/events/parse-event.js'

const NOW = Date.parse('2026-11-23T19:00:00.000Z')
const [olena] = DEMO_CUSTOMERS
if (!olena) throw new Error('there are no demo customers')

const state = (fields: Partial<DemoState> = {}): DemoState => ({
  stamps: null,
  openVouchers: [],
  hearing: 'all',
  ...fields,
})
const build = (event: (typeof DEMO_EVENTS)[number]['id'], known = state(), freshId = 'f1') =>
  buildFrame(olena, event, known, { now: NOW, freshId })

describe('a frame of the demo', () => {
  test.each(DEMO_CUSTOMERS.flatMap((customer) => DEMO_EVENTS.map(({ id }) => [customer, id] as const)))(
    'about %o, %s, is one that 7stamp could send',
    (customer, event) => {
      const frame = buildFrame(customer, event, state({ stamps: 5, openVouchers: ['v_1'] }), {
        now: NOW,
        freshId: 'f1',
      })
      expect(parseEvent(JSON.parse(JSON.stringify(frame)), NOW)).toMatchObject({ kind: 'event', notes: [] })
    },
  )

  test('is there for each of the 13 events', () => {
    const names = new Set(DEMO_EVENTS.map(({ id }) => build(id).event))
    expect([...names].sort()).toEqual([...eventNames].sort())
  })

  test('leaves no location among those of the business', () => {
    for (const frame of [...seedFrames(NOW), ...DEMO_EVENTS.map(({ id }) => build(id))])
      expect(frame).not.toHaveProperty('location_id')
  })

  test('happens now and names its event first', () => {
    const frame = build('stamp_added')
    expect(Object.keys(frame)[0]).toBe('event')
    expect(frame.timestamp).toBe('2026-11-23T19:00:00.000Z')
  })

  test.each([
    [null, olena.stamps + 1],
    [0, 1],
    [7, 8],
    [8, 1],
  ])('after %s stamps a stamp makes it %s', (stamps, next) => {
    expect(build('stamp_added', state({ stamps }))).toMatchObject({ card: { stamps: next, stamps_goal: 8 } })
  })

  test('of a goal carries the count that reaches it', () => {
    expect(build('goal_reached_3')).toMatchObject({ card: { stamps: 3, goal_index: 0, goals: [3, 8] } })
    expect(build('goal_reached_8')).toMatchObject({ card: { stamps: 8, goal_index: 1 } })
  })

  test('issues another voucher each time, and redeems the newest that is open', () => {
    const voucher = (freshId: string) => build('voucher_issued', state(), freshId).voucher
    expect(voucher('a')).not.toEqual(voucher('b'))
    const redeemed = build('voucher_redeemed', state({ openVouchers: ['v_new', 'v_old'] }))
    expect(redeemed).toMatchObject({ voucher: { id: 'v_new', status: 'redeemed' } })
  })

  test('that redeems nothing says so before it is sent', () => {
    expect(noteOn('voucher_redeemed', state())).toContain('Voucher issued')
    expect(noteOn('voucher_expired', state())).toContain('Voucher issued')
  })
})

describe('the seed', () => {
  test('is each customer with a card, too old to make anybody’s phone ring', () => {
    const frames = seedFrames(NOW)
    expect(new Set(frames.map(({ customer }) => Reflect.get(Object(customer), 'id')))).toEqual(
      new Set(DEMO_CUSTOMERS.map(({ id }) => id)),
    )
    for (const frame of frames) {
      expect(parseEvent(JSON.parse(JSON.stringify(frame)), NOW)).toMatchObject({ kind: 'event', notes: [] })
      expect(NOW - Date.parse(frame.timestamp)).toBeGreaterThan(6 * 60 * 60_000)
    }
  })

  test('has the same ids at every start, so that it is sown once', () => {
    const ids = (now: number) => seedFrames(now).map(({ id }) => id)
    expect(ids(NOW)).toEqual(ids(NOW + 1_000_000))
    expect(new Set(ids(NOW)).size).toBe(ids(NOW).length)
  })
})
