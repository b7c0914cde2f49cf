import { describe, expect, test } from 'vitest'
import { composeCardPicture } from '../../src/pictures/card-picture.js'
import type { CardPicture } from '../../src/pictures/picture.js'
import { layOutStamps } from '../../src/pictures/stamp-grid.js'
import { createTypesetting } from '../../src/pictures/typesetter.js'
import { stampsOn, textsOn, wordsOn } from './reading.js'
import { brand, card } from './samples.js'

const typesetting = createTypesetting()
const compose = (picture: CardPicture): string => composeCardPicture(picture, typesetting(picture.brand.language))

/** The drawing of the first stamp in this state, without its place, number and colours. */
const shapeOf = (svg: string, state: string): string =>
  (new RegExp(`<g data-stamp="${state}">(.*?)</g>`, 's').exec(svg)?.[1] ?? '').replace(/="[^"]*"/g, '')

describe('stamps', () => {
  test('as many as were collected are filled, and the ones that earn a reward are marked', () => {
    expect(stampsOn(compose(card()))).toEqual([
      'filled',
      'filled',
      'filled-goal',
      'filled',
      'filled',
      'empty',
      'empty',
      'empty-goal',
    ])
  })

  test('filled and empty differ by shape, not only by colour', () => {
    const svg = compose(card())
    expect(shapeOf(svg, 'filled')).toContain('<circle')
    expect(shapeOf(svg, 'filled')).toContain('<path')
    expect(shapeOf(svg, 'empty')).not.toContain('stroke-linecap')
    const states = ['filled', 'empty', 'filled-goal', 'empty-goal']
    expect(new Set(states.map((state) => new RegExp(`data-stamp="${state}">.*?</g>`, 's').exec(svg)?.[0])).size).toBe(4)
  })

  test('an empty stamp shows its number, so that one sees how far it is', () => {
    expect(wordsOn(compose(card()))).toEqual(expect.arrayContaining(['6', '7']))
  })

  test.each([
    ['none', 0, Array(8).fill('empty')],
    ['all', 8, Array(8).fill('filled')],
    ['more than the card has', 11, Array(8).fill('filled')],
  ])('%s collected', (_, stamps, expected) => {
    expect(stampsOn(compose(card({ stamps, goals: [] })))).toEqual(expected)
  })

  test('while the count is not known, no number and no filled or empty stamp is shown', () => {
    const labels = { progress: 'leftover 5 of 8', nextReward: null, cardNumber: 'Card number' }
    const svg = compose(card({ stamps: null, nextReward: null, cardNumber: 'ABC-XYZ', labels }))
    expect(stampsOn(svg)).toEqual([])
    expect(wordsOn(svg).join(' ')).not.toMatch(/\d/)
    expect(wordsOn(svg)).toContain('ABC-XYZ')
  })

  test.each([
    ['unknown', null],
    ['zero', 0],
    ['longer than can be drawn', 101],
  ])('a card whose length is %s has a progress line and no grid', (_, stampsGoal) => {
    const svg = compose(card({ stampsGoal }))
    expect(stampsOn(svg)).toEqual([])
    expect(wordsOn(svg)).toContain('5 of 8 stamps')
  })

  test('every card of 1 to 100 stamps fits its grid: within the width, in order, nothing overlapping', () => {
    for (let count = 1; count <= 100; count++) {
      const { centers, sizePx, heightPx } = layOutStamps(count, 888)
      expect(centers).toHaveLength(count)
      expect(sizePx).toBeGreaterThanOrEqual(40)
      expect(heightPx).toBeLessThan(620)
      for (const [i, { x, y }] of centers.entries()) {
        expect(x - sizePx / 2).toBeGreaterThanOrEqual(-0.01)
        expect(x + sizePx / 2).toBeLessThanOrEqual(888.01)
        expect(y + sizePx / 2).toBeLessThanOrEqual(heightPx + 0.01)
        const previous = centers[i - 1]
        if (previous) expect(Math.hypot(x - previous.x, y - previous.y)).toBeGreaterThan(sizePx * 1.1)
      }
    }
  })

  test('usual cards come in full rows', () => {
    const rows = (count: number) => new Set(layOutStamps(count, 888).centers.map(({ y }) => y)).size
    expect([3, 5, 6, 8, 10, 12, 20, 30, 50].map((count) => [count, rows(count)])).toEqual([
      [3, 1],
      [5, 1],
      [6, 1],
      [8, 2],
      [10, 2],
      [12, 2],
      [20, 2],
      [30, 3],
      [50, 5],
    ])
  })
})

describe('words', () => {
  test('the card says whose it is, what it is, the progress, the next reward and its number', () => {
    expect(wordsOn(compose(card()))).toEqual(
      expect.arrayContaining([
        'Demo Coffee',
        'Coffee lovers card',
        '5 of 8 stamps',
        'Next reward',
        'Card number',
        '7S-0412-8830',
      ]),
    )
  })

  test('without a next reward nothing is said about one', () => {
    expect(wordsOn(compose(card({ nextReward: null })))).not.toContain('Next reward')
  })

  test('a long title is wrapped, then cut with an ellipsis, and stays inside the card', () => {
    const title = 'Loyalty card for early birds who love a flat white with their croissant '.repeat(4)
    const texts = textsOn(compose(card({ title })))
    expect(texts.some(({ text }) => text.startsWith('Loyalty card'))).toBe(true)
    expect(texts.some(({ text }) => text.endsWith('…'))).toBe(true)
    for (const { firstX, lastX } of texts) {
      expect(firstX).toBeGreaterThanOrEqual(95)
      expect(lastX).toBeLessThan(984)
    }
  })

  test('one endless word is broken rather than let out of the card', () => {
    for (const { lastX } of textsOn(compose(card({ title: 'W'.repeat(200), nextReward: 'Ж'.repeat(200) }))))
      expect(lastX).toBeLessThan(984)
  })

  test('empty and hostile words still make a card', () => {
    const svg = compose(
      card({ brand: brand({ businessName: '' }), title: '<b>&"\'\0\u0007\ud800\ufffe', cardNumber: '' }),
    )
    expect(wordsOn(svg)).toContain('<b>&"\' \ufffd')
    expect(svg).not.toContain('<b>')
  })
})

describe('right-to-left', () => {
  const arabic = card({ brand: brand({ language: 'ar', businessName: 'قهوة الصباح' }), title: 'بطاقة محبي القهوة' })

  test('the picture is mirrored: words end at the right edge and stamps fill from the right', () => {
    const start = (svg: string, word: string) => textsOn(svg).find(({ text }) => text === word)
    expect(start(compose(card()), '5 of 8 stamps')?.firstX).toBe(96)
    expect(start(compose(arabic), '5 of 8 stamps')?.lastX).toBeGreaterThan(930)
    const firstStamp = (svg: string) => Number(/data-stamp="filled"><circle cx="([\d.]+)"/.exec(svg)?.[1])
    expect(firstStamp(compose(card()))).toBe(170)
    expect(firstStamp(compose(arabic))).toBe(1080 - 170)
  })

  test('a number of groups keeps its order among Arabic words', () => {
    const svg = compose({ ...arabic, cardNumber: '0412 8830' })
    const number = textsOn(svg).find(({ text }) => text === '0412 8830')
    const same = textsOn(compose(card({ cardNumber: '0412 8830' }))).find(({ text }) => text === '0412 8830')
    expect(number?.glyphs).toEqual(same?.glyphs)
  })
})
