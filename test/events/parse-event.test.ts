import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { canonical } from '../../src/events/aliases.js'
import { eventNames, isKnownEvent, type LoyaltyEvent } from '../../src/events/glossary.js'
import { parseEvent } from '../../src/events/parse-event.js'
import { type Frame, frame, frameNames } from './frames.js'
import { parse, RECEIVED_AT, voucherFrame, wrongFields } from './parsed-event.js'

const SHARED_FRAMES = new URL('../../../shared/data/webhook-frames.json', import.meta.url)

/** What a frame says, with times in the one form an event has. */
const inUtc = (json: Frame): unknown =>
  JSON.parse(JSON.stringify(json), (_key, value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value).toISOString() : value,
  )

describe('the glossary', () => {
  test('has the 13 events, each with a documented frame', () => {
    expect([...eventNames].sort()).toEqual(frameNames.filter((name) => !name.includes('.')).sort())
    expect(eventNames).toHaveLength(13)
  })

  test.each(eventNames)('reads the frame of %s, and nothing of it is lost', (name) => {
    const { event, notes } = parse(frame(name))
    expect(event).toEqual(inUtc(frame(name)))
    expect(notes).toEqual([])
  })

  test.skipIf(!existsSync(SHARED_FRAMES))('reads every frame of the shared reference', () => {
    const { frames } = JSON.parse(readFileSync(SHARED_FRAMES, 'utf8'))
    for (const shared of frames) expect(parse(shared).event).toEqual(inUtc(shared))
  })

  test('knows its names, and no names of Object.prototype', () => {
    expect(isKnownEvent('voucher_redeemed')).toBe(true)
    for (const name of ['toString', '__proto__', 'voucher.redeemed', '', null, 7])
      expect(isKnownEvent(name)).toBe(false)
  })

  test('tells the frames apart by type', () => {
    const redeemCode = (event: LoyaltyEvent) => (event.event === 'voucher_redeemed' ? event.voucher?.redeem_code : null)
    expect(redeemCode(parse(frame('voucher_redeemed')).event)).toBe('FREECOFFEE')
    expect(redeemCode(parse(frame('card_saved')).event)).toBeNull()
  })
})

describe('what may be missing', () => {
  const least = { event: 'stamp_added', timestamp: '2026-05-11T09:00:00Z', business_id: 'b_1', customer: { id: 'c_1' } }

  test('everything but event, timestamp, business_id and customer.id', () => {
    expect(parse(least).event).toEqual({ ...least, timestamp: '2026-05-11T09:00:00.000Z' })
    for (const name of eventNames) expect(parse({ ...least, event: name }).event.event).toBe(name)
  })

  test('null and an empty text mean "not given"', () => {
    const { event } = parse({ ...least, location_id: '', card: null, stamp: { count: null, source: '' } })
    expect(JSON.parse(JSON.stringify(event))).toEqual({ ...least, timestamp: '2026-05-11T09:00:00.000Z', stamp: {} })
  })

  test('members we do not know are kept where they are, nulls included', () => {
    const extra = { shift: { id: 4, open: null }, customer: { id: 'c_1', tier: 'gold' }, stamp: { till: [1, 2] } }
    expect(parse({ ...least, ...extra }).event).toMatchObject(extra)
  })
})

describe('a known event whose fields are wrong', () => {
  test('every wrong field is named, with what to change', () => {
    const body = {
      ...voucherFrame({ redeem_code_formats: ['text', 7, 'fax'], status: 'gone', title: {} }),
      timestamp: 'yesterday',
      business_id: undefined,
      customer: { id: '', name: ['Olena'] },
      card: { stamps: -1, goal_index: 1.5, goals: 'many' },
    }
    expect(wrongFields(body)).toEqual({
      timestamp: 'must be a time since 2000 as ISO 8601 with Z or an offset, such as 2026-05-11T12:34:56Z',
      business_id: 'is required',
      'customer.id': 'must not be empty',
      'customer.name': 'must be a string',
      'card.stamps': 'must be at least 0',
      'card.goal_index': 'must be a whole number',
      'card.goals': 'must be an array',
      'voucher.title': 'must be a string',
      'voucher.status': 'must be one of issued, active, redeemed, expired',
      'voucher.redeem_code_formats[1]': 'must be one of text, qr, barcode',
      'voucher.redeem_code_formats[2]': 'must be one of text, qr, barcode',
    })
  })

  test('a missing customer, a block of the wrong type, a body that is no object', () => {
    expect(wrongFields({ ...frame('card_saved'), customer: undefined })).toEqual({ customer: 'is required' })
    expect(wrongFields({ ...frame('voucher_issued'), voucher: 'FREECOFFEE' })).toEqual({ voucher: 'must be an object' })
    for (const body of [null, [], 'card_issued', 7]) expect(wrongFields(body)).toEqual({ body: 'must be an object' })
  })

  test('texts and lists have a limit', () => {
    const long = 'x'.repeat(20_000)
    expect(wrongFields({ ...voucherFrame({ title: long, description: long, id: long }), business_id: long })).toEqual({
      business_id: 'must have at most 128 characters',
      'voucher.id': 'must have at most 128 characters',
      'voucher.title': 'must have at most 500 characters',
      'voucher.description': 'must have at most 10000 characters',
    })
    expect(wrongFields(voucherFrame({ redeem_code_formats: Array(101).fill('qr') }))).toEqual({
      'voucher.redeem_code_formats': 'must have at most 100 items',
    })
  })

  test('a great many wrong fields are named up to fifty', () => {
    const goals = Array(100).fill(-1)
    expect(Object.keys(wrongFields({ ...frame('card_issued'), card: { goals } }))).toHaveLength(50)
  })

  test('no message repeats a value', () => {
    const fields = wrongFields({ ...frame('card_issued'), customer: { id: {}, phone: { secret: '+380501112233' } } })
    expect(JSON.stringify(fields)).not.toContain('380')
    expect(Object.keys(fields)).toEqual(['customer.id', 'customer.phone'])
  })
})

describe('an event that is not in the glossary', () => {
  test('is told apart, with what is known of it', () => {
    const moved = { event: 'card_moved', business_id: 12, anything: true }
    expect(parseEvent(moved, RECEIVED_AT)).toEqual({ kind: 'unrecognised', name: 'card_moved', businessId: '12' })
    const lost = { event: 'card_lost', business_id: {} }
    expect(parseEvent(lost, RECEIVED_AT)).toEqual({ kind: 'unrecognised', name: 'card_lost', businessId: null })
  })

  test('without a usable name it is wrong', () => {
    expect(Object.keys(wrongFields({}))).toEqual(['event', 'timestamp', 'business_id', 'customer'])
    expect(Object.keys(wrongFields({ ...frame('card_saved'), event: 7 }))).toEqual(['event'])
    expect(wrongFields({ event: 'x'.repeat(101) })).toEqual({ event: 'must have at most 100 characters' })
    expect(wrongFields({ event: ' ' })).toEqual({ event: 'must have at least 1 character' })
  })
})

test('parsing again with the same time of receipt gives the same event', () => {
  for (const name of frameNames) {
    const json = { ...(canonical(frame(name)) as object), timestamp: '2099-01-01T00:00:00Z' }
    expect(parse(json)).toEqual(parse(json))
  }
})
