import { describe, expect, test } from 'vitest'
import type { VoucherPicture } from '../../src/pictures/picture.js'
import { createTypesetting } from '../../src/pictures/typesetter.js'
import { composeVoucherPicture } from '../../src/pictures/voucher-picture.js'
import { textsOn, wordsOn } from './reading.js'
import { brand, redeemed, voucher } from './samples.js'

const typesetting = createTypesetting()
const compose = (picture: VoucherPicture): string => composeVoucherPicture(picture, typesetting(picture.brand.language))

describe('words', () => {
  test('the voucher says what it is worth, until when, its code and its own number', () => {
    expect(wordsOn(compose(voucher()))).toEqual([
      'D',
      'Demo Coffee',
      'Free coffee of your choice',
      'Any size, hot or iced. One per visit.',
      'Valid until 31 December 2026',
      'COFFEE-7K2M',
      'Voucher number',
      'V-2026-000318',
    ])
  })

  test('the code is spelled out only where the business asks for text', () => {
    expect(wordsOn(compose(voucher({ formats: ['qr', 'barcode'] })))).not.toContain('COFFEE-7K2M')
  })

  test('without a code, or with no format asked for, there is the voucher number alone', () => {
    for (const change of [{ redeemCode: null }, { redeemCode: '' }, { formats: [] }]) {
      const svg = compose(voucher(change))
      expect(svg).not.toContain('crispEdges')
      expect(wordsOn(svg)).toContain('V-2026-000318')
    }
  })

  test('a long code is spelled out whole, over several lines', () => {
    const redeemCode = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.repeat(4)
    const words = wordsOn(compose(voucher({ redeemCode, formats: ['text'] }))).join('')
    expect(words).toContain(redeemCode)
  })

  test('long texts are cut with an ellipsis and stay inside the card', () => {
    const long = 'Безкоштовна кава з молоком та круасаном для найкращих гостей '.repeat(6)
    const texts = textsOn(compose(voucher({ title: long, description: long, voucherNumber: '9'.repeat(90) })))
    expect(texts.filter(({ text }) => text.endsWith('…')).length).toBeGreaterThanOrEqual(2)
    for (const { firstX, lastX } of texts) {
      expect(firstX).toBeGreaterThan(90)
      expect(lastX).toBeLessThan(984)
    }
  })
})

describe('a used voucher', () => {
  test('bears its state on a plate over the codes', () => {
    const svg = compose(redeemed())
    expect(svg).toContain('data-state="redeemed"')
    expect(wordsOn(svg)).toContain('Redeemed')
  })

  test('redeemed and expired differ by the drawing on the plate too', () => {
    const plate = (state: 'redeemed' | 'expired') =>
      /data-state="\w+">(.*?)<g aria/s.exec(compose(redeemed({ state })))?.[1] ?? ''
    expect(plate('redeemed')).not.toBe('')
    expect(plate('redeemed')).not.toBe(plate('expired'))
  })

  test('loses the colour of the business', () => {
    expect(compose(voucher())).toContain('#0f766e')
    expect(compose(redeemed())).not.toContain('#0f766e')
  })

  test('without any code still shows its state', () => {
    for (const change of [{ formats: [] }, { formats: ['text'] }, { redeemCode: null }] as const)
      expect(wordsOn(compose(redeemed(change)))).toContain('Redeemed')
  })

  test('a state without words is still drawn', () => {
    const labels = { expires: null, voucherNumber: 'No.', state: null }
    expect(compose(redeemed({ labels }))).toContain('data-state="redeemed"')
  })
})

test('in Arabic the voucher number is at the left and its label at the right', () => {
  const texts = textsOn(compose(voucher({ brand: brand({ language: 'ar' }) })))
  const [label, number] = ['Voucher number', 'V-2026-000318'].map((word) => texts.find(({ text }) => text === word))
  expect(number?.firstX).toBe(96)
  expect(label?.firstX).toBeGreaterThan(540)
})
