import { expect, test } from 'vitest'
import { cardFacts, voucherFacts } from '../../src/loyalty/facts.js'
import { at, event, openMirror } from './mirrored.js'

const mirrored = (...names: string[]) => {
  const mirror = openMirror()
  mirror.applyAll(names.map((name, n) => event(name, at(`12:00:0${n}`))))
  if (!mirror.card) throw new Error('no card')
  return { card: mirror.card, voucher: mirror.voucher }
}

test('a card is known to staff by 7stamp’s own id of it', () => {
  const { card } = mirrored('card_issued')
  expect(cardFacts(card)).toEqual({
    id: card.id,
    number: 'card_001',
    title: 'Coffee card',
    stamps: 0,
    stampsGoal: 8,
    goals: [3, 8],
    nextReward: null,
  })
  expect(cardFacts({ ...card, externalId: null }).number).toMatch(/^.{4}-.{4}$/)
})

test('goals are shown in order, each once; the last is the whole card’s where the event did not say', () => {
  const { card } = mirrored('card_opened')
  expect(cardFacts({ ...card, goals: [8, 3, 8], stampsGoal: null })).toMatchObject({ goals: [3, 8], stampsGoal: 8 })
  expect(cardFacts({ ...card, goals: [], stampsGoal: null })).toMatchObject({ goals: [], stampsGoal: null })
})

test('a voucher is shown with its code and end', () => {
  const { voucher } = mirrored('voucher_issued')
  if (!voucher) throw new Error('no voucher')
  expect(voucherFacts(voucher)).toEqual({
    id: voucher.id,
    master: '7stamp',
    number: voucher.number,
    title: 'Free coffee',
    description: 'Any size',
    redeemCode: 'FREECOFFEE',
    formats: ['text', 'qr', 'barcode'],
    expiresAt: Date.parse('2026-06-11T20:59:59Z'),
    state: 'issued',
  })
})
