import { describe, expect, test } from 'vitest'
import { bold, createTypesetting, regular } from '../../src/pictures/typesetter.js'
import { textsOn } from './reading.js'

const typesetting = createTypesetting()
const english = typesetting('en')

const widthOf = (text: string): number => english.line(text, regular(40)).widthPx
const glyphsOf = (text: string): readonly string[] =>
  textsOn(english.line(text, regular(40)).draw(0, 0, {}))[0]?.glyphs ?? []
const linesOf = (text: string, maxWidthPx: number, maxLines: number): string[] =>
  english.fit(text, maxWidthPx, [regular(40, maxLines)]).lines.map((line) => line.text)

describe('measuring', () => {
  test('wide letters are wider than narrow ones, and bold wider than regular', () => {
    expect(widthOf('WWWW')).toBeGreaterThan(2 * widthOf('iiii'))
    expect(english.line('stamps', bold(40)).widthPx).toBeGreaterThan(widthOf('stamps'))
  })

  test('an Arabic word is joined, and so not as wide as its letters alone', () => {
    expect(widthOf('ببب')).toBeLessThan(3 * widthOf('ب') * 0.9)
  })

  test('tracking stands between characters, not after the last', () => {
    const spaced = english.line('ABC', { ...regular(40), trackingPx: 10 }).widthPx
    expect(spaced - widthOf('ABC')).toBeCloseTo(20)
  })
})

describe('scripts', () => {
  const [missing] = glyphsOf('\u0e01')

  test.each(['é', 'ї', 'Ж', 'Ω', '한', '日', 'ア', 'ش', 'ש', 'अ', '☕', '🎉', '★', '→', '€', '₴', '₩'])(
    '%s is drawn',
    (char) => {
      expect(glyphsOf(char)).not.toEqual([])
      expect(glyphsOf(char)).not.toContain(missing)
    },
  )

  test('a family of joined emoji is one drawing', () => {
    expect(glyphsOf('👩‍🍳')).toHaveLength(1)
  })

  test('right-to-left words are drawn from the right, Latin ones among them from the left', () => {
    const [dalet] = glyphsOf('ד')
    const [latin] = glyphsOf('A')
    const hebrewFirst = glyphsOf('ד AB')
    expect(hebrewFirst[0]).toBe(latin)
    expect(hebrewFirst.at(-1)).toBe(dalet)
    expect(glyphsOf('AB ד').at(-1)).toBe(dalet)
  })

  test('brackets are mirrored where the text runs right to left', () => {
    expect(glyphsOf('ד (ד)').filter((glyph) => glyph === glyphsOf('(')[0])).toHaveLength(1)
    expect(glyphsOf('ד (ד)').at(0)).toBe(glyphsOf('(')[0])
  })

  test('hidden direction overrides have no power', () => {
    expect(glyphsOf('\u202eABC')).toEqual(glyphsOf('ABC'))
  })
})

describe('fitting', () => {
  test('breaks at spaces', () => {
    expect(linesOf('free coffee of your choice', widthOf('free coffee of') + 1, 5)).toEqual([
      'free coffee of',
      'your choice',
    ])
  })

  test('breaks inside a word only when it must', () => {
    expect(linesOf('a Wwwwwwwwwww', widthOf('Wwwww') + 1, 9)).toEqual(['a', 'Wwwww', 'wwwww', 'w'])
  })

  test('cuts what is left over with an ellipsis that fits', () => {
    const width = widthOf('free coffee of')
    const lines = linesOf('free coffee of your very own choice', width, 2)
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/^your.*…$/)
    expect(widthOf(lines[1] ?? '')).toBeLessThanOrEqual(width)
  })

  test('takes the first setting that holds all, else the last', () => {
    const settings = [bold(60), bold(40), bold(30, 2)] as const
    expect(english.fit('Coffee', 400, settings).sizePx).toBe(60)
    expect(english.fit('Coffee card for', 400, settings).sizePx).toBe(40)
    expect(english.fit('Coffee card for everyone in town and beyond', 400, settings).sizePx).toBe(30)
  })

  test.each(['', ' ', '\0', '\u202e'])('%j is no line', (text) => {
    expect(linesOf(text, 100, 3)).toEqual([])
  })

  test('a room narrower than a letter still ends', () => {
    expect(linesOf('abc', 1, 2)).toHaveLength(2)
  })

  test('a megabyte of text is cut before it costs time', () => {
    expect(linesOf('x'.repeat(1_000_000), 500, 3)).toHaveLength(3)
  })
})
