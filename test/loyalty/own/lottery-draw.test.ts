import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Variant } from '../../../src/loyalty/own/card-rules.js'
import { type DrawSubject, drawVariant, variantAt } from '../../../src/loyalty/own/lottery-draw.js'

const SUBJECT: DrawSubject = {
  businessId: 'b_cafe',
  customerId: 'c_1',
  cardId: 'card_1',
  rewardId: 'rwd_1',
  templateId: 'ct_1',
  templateVersion: 1,
}

const variants = (...chances: number[]): readonly Variant[] =>
  chances.map((chanceBp, index) => ({ kind: 'award', title: `prize ${index}`, greeting: null, chanceBp }))

/** Any whole basis points that sum to 10,000. */
const anyChances = fc
  .uniqueArray(fc.integer({ min: 1, max: 9_999 }), { maxLength: 9 })
  .map((cuts) => [0, ...cuts.sort((a, b) => a - b), 10_000])
  .map((cuts) => cuts.slice(1).map((cut, index) => cut - (cuts[index] ?? 0)))

const countsOf = (indexes: readonly number[], length: number): readonly number[] =>
  Array.from({ length }, (_, index) => indexes.filter((each) => each === index).length)

describe('a lottery', () => {
  test('gives each variant exactly its share of the 10,000 rolls', () => {
    fc.assert(
      fc.property(anyChances, (chances) => {
        const all = variants(...chances)
        const rolls = Array.from({ length: 10_000 }, (_, roll) => variantAt(all, roll))
        expect(countsOf(rolls, chances.length)).toEqual(chances)
      }),
      { numRuns: 20 },
    )
  })

  test('is drawn again from what was recorded, by anybody', () => {
    const all = variants(5_000, 3_000, 2_000)
    const drawn = drawVariant(all, 'a1b2', SUBJECT)
    expect(drawVariant(all, 'a1b2', SUBJECT)).toEqual(drawn)
    expect(drawn.seed).toMatch(/^[0-9a-f]{64}$/)
  })

  test('a draw holds for its own reward only', () => {
    const all = variants(5_000, 5_000)
    const seeds = [SUBJECT, { ...SUBJECT, rewardId: 'rwd_2' }, { ...SUBJECT, templateVersion: 2 }].map(
      (subject) => drawVariant(all, 'a1b2', subject).seed,
    )
    expect(new Set(seeds).size).toBe(3)
  })

  test('over many draws comes out as its chances say', () => {
    const all = variants(7_000, 2_500, 500)
    const draws = Array.from({ length: 20_000 }, (_, draw) => drawVariant(all, `random ${draw}`, SUBJECT).variantIndex)
    const [often = 0, seldom = 0, rare = 0] = countsOf(draws, all.length)
    expect(Math.abs(often - 14_000)).toBeLessThan(300)
    expect(Math.abs(seldom - 5_000)).toBeLessThan(300)
    expect(Math.abs(rare - 1_000)).toBeLessThan(150)
  })
})
