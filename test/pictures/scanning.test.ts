import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { createPictures } from '../../src/pictures/pictures.js'
import { halved, scan, sizeOf } from './reading.js'
import { card, redeemed, voucher } from './samples.js'

const pictures = createPictures()
afterAll(() => pictures.close())

const BOTH = ['Code128 COFFEE-7K2M', 'QRCode COFFEE-7K2M']

describe('what a scanner reads', () => {
  test('the card: its number', async () => {
    expect(await scan(await pictures.render(card()))).toEqual(['QRCode 7S-0412-8830'])
  })

  test('a card whose count is not known: its number as well', async () => {
    expect(await scan(await pictures.render(card({ stamps: null, nextReward: null })))).toEqual(['QRCode 7S-0412-8830'])
  })

  test.each([
    [['qr'], ['QRCode COFFEE-7K2M']],
    [['barcode'], ['Code128 COFFEE-7K2M']],
    [['text'], []],
    [['text', 'qr', 'barcode'], BOTH],
  ] as const)('a voucher that asks for %j', async (formats, expected) => {
    expect(await scan(await pictures.render(voucher({ formats })))).toEqual(expected)
  })

  test('still both codes after a messenger has halved the photo', async () => {
    expect(await scan(halved(await pictures.render(voucher())))).toEqual(BOTH)
    expect(await scan(halved(await pictures.render(card())))).toEqual(['QRCode 7S-0412-8830'])
  })

  test('any code a till may have, exactly as it is', async () => {
    const code = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 24 })
    await fc.assert(
      fc.asyncProperty(code, async (redeemCode) => {
        const png = await pictures.render(voucher({ redeemCode }))
        expect(await scan(png)).toEqual([`Code128 ${redeemCode}`, `QRCode ${redeemCode}`])
      }),
      { numRuns: 15 },
    )
  })

  test.each([
    ['Cyrillic', 'КАВА-2026'],
    ['Korean', '커피쿠폰'],
    ['an accent', 'CAFÉ-1'],
    ['too long for bars that can be scanned', 'x'.repeat(70)],
  ])('a barcode that cannot carry the code gives way to a QR: %s', async (_, redeemCode) => {
    expect(await scan(await pictures.render(voucher({ redeemCode, formats: ['barcode'] })))).toEqual([
      `QRCode ${redeemCode}`,
    ])
  })
})

describe('a used voucher cannot be scanned', () => {
  test.each(['redeemed', 'expired'] as const)('%s, whatever its formats', async (state) => {
    for (const formats of [['qr'], ['barcode'], ['text', 'qr', 'barcode']] as const)
      expect(await scan(await pictures.render(redeemed({ state, formats })))).toEqual([])
  })

  test('whatever its code', async () => {
    const code = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(code, fc.constantFrom('qr', 'barcode'), async (redeemCode, format) => {
        expect(await scan(await pictures.render(redeemed({ redeemCode, formats: [format] })))).toEqual([])
      }),
      { numRuns: 15 },
    )
  })
})

test('pictures are 1080 pixels wide, and light enough for every messenger', async () => {
  for (const picture of [card({ stampsGoal: 100 }), voucher()]) {
    const png = await pictures.render(picture)
    expect(sizeOf(png).width).toBe(1080)
    expect(sizeOf(png).height).toBeLessThan(2000)
    expect(png.byteLength).toBeLessThan(200_000)
  }
})
