import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { canonical } from '../../src/events/aliases.js'
import { eventNames } from '../../src/events/glossary.js'
import { parseEvent } from '../../src/events/parse-event.js'
import { type Frame, frame } from './frames.js'

const DATA = new URL('../../../shared/data/', import.meta.url)
const shared = (name: string) => JSON.parse(readFileSync(new URL(name, DATA), 'utf8'))

const eventOf = (json: unknown) => parseEvent(canonical(json), Date.parse('2026-05-11T12:35:00Z'))

describe('the published sample, as the translated manuals print it', () => {
  test.each(['ko', 'hi', 'id', 'ms'])('in %s is the same event', (language) => {
    expect(eventOf(frame(`voucher_redeemed.${language}`))).toEqual(eventOf(frame('voucher_redeemed')))
  })

  test.skipIf(!existsSync(DATA))('both shared payloads are the same event, byte for byte once canonical', () => {
    const translated = canonical(shared('webhook-voucher-redeemed.ko.json'))
    expect(translated).toEqual(shared('webhook-voucher-redeemed.json'))
    expect(JSON.stringify(translated)).toBe(JSON.stringify(shared('webhook-voucher-redeemed.json')))
  })

  test('also when Hangul comes decomposed', () => {
    const decomposed = JSON.parse(JSON.stringify(frame('voucher_redeemed.ko')).normalize('NFD'))
    expect(canonical(decomposed)).toEqual(frame('voucher_redeemed'))
  })
})

describe('names of events', () => {
  const nameOf = (event: string) => (canonical({ ...frame('card_saved'), event }) as Frame).event

  test.each([
    ['카드_issued', 'card_issued'],
    [' 카드_issued ', 'card_issued'],
    ['카드_opened', 'card_opened'],
    ['스탬프_added', 'stamp_added'],
    ['보상_issued', 'reward_issued'],
    ['캠페인_sent', 'campaign_sent'],
    ['कार्ड_saved', 'card_saved'],
    ['अभियान_sent', 'campaign_sent'],
    ['kartu_diterbitkan', 'card_issued'],
    ['kartu_disimpan', 'card_saved'],
    ['kartu_opened', 'card_opened'],
    ['Stamp_ditambahkan', 'stamp_added'],
    ['target_reached', 'goal_reached'],
    ['hadiah_diterbitkan', 'reward_issued'],
    ['ganjaran_diterbitkan', 'reward_issued'],
    ['voucher_diterbitkan', 'voucher_issued'],
    ['voucher_ditebus', 'voucher_redeemed'],
    ['voucher_kedaluwarsa', 'voucher_expired'],
    ['lotere_played', 'lottery_played'],
    ['kampanye_sent', 'campaign_sent'],
    ['kad_diterbitkan', 'card_issued'],
  ])('%s is %s', (translated, wire) => {
    expect(nameOf(translated)).toBe(wire)
  })

  test('a name that is no event in any language stays as it was sent', () => {
    for (const name of ['카드_moved', 'kartu_hilang', 'Card moved']) expect(nameOf(name)).toBe(name)
  })
})

describe('free text is never altered', () => {
  test('names, titles, messages and codes keep the very words that are aliases elsewhere', () => {
    const body = {
      event: 'voucher_issued',
      timestamp: '2026-05-11T12:34:56Z',
      business_id: 'b_123',
      customer: { id: 'c_789', name: '카드', email: 'kartu@example.com' },
      card: { id: 'card_001', title: '스탬프_카드' },
      voucher: { title: '보상', description: 'kartu hadiah', redeem_code: '카드_001' },
      note: { 카드: '고객', status: 'ditebus' },
    }
    expect(canonical(body)).toBe(body)
    const campaign = { ...body, campaign: { name: '캠페인_sent', push_text: '보상', text: 'kartu' } }
    expect(canonical(campaign)).toBe(campaign)
  })

  test('an id changes only where its prefix names the very thing it belongs to', () => {
    const ids = (json: object) => canonical({ ...frame('card_saved'), ...json })
    expect(ids({ card: { id: '카드_001' } })).toMatchObject({ card: { id: 'card_001' } })
    const opaque = { card: { id: '고객_1' }, location_id: 'kartu_1', customer: { id: '카드' } }
    expect(ids(opaque)).toMatchObject(opaque)
  })
})

describe('bodies with nothing to translate', () => {
  test.each(eventNames)('%s is handed back as it is', (name) => {
    const body = frame(name)
    expect(canonical(body)).toBe(body)
  })

  test('whatever is no frame is left to the parser', () => {
    for (const json of [null, 7, '카드', ['카드_issued'], {}]) expect(canonical(json)).toBe(json)
    const odd = { event: {}, 고객: '카드', card: null, voucher: [{ status: 'ditebus' }] }
    expect(canonical(odd)).toEqual({ event: {}, customer: '카드', card: null, voucher: [{ status: 'ditebus' }] })
  })
})

test('of a name in two languages English stands, else the first, and reading again changes nothing', () => {
  const both = { 고객: { id: 'c_2' }, customer: { id: 'c_1' }, 카드: { id: 'card_2' }, kartu: { id: 'card_3' } }
  const read = canonical(both)
  expect(read).toEqual({ customer: { id: 'c_1' }, card: { id: 'card_2' } })
  expect(canonical(read)).toBe(read)
})
