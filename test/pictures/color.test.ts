import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contrast, paletteOf } from '../../src/pictures/color.js'

const anyColor = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

describe('whatever the colour of the business', () => {
  test('text on it can be read (WCAG AA)', () => {
    fc.assert(fc.property(anyColor, (color) => contrast(paletteOf(color).onBrand, paletteOf(color).brand) >= 4.5))
  })

  test('shapes and text of its shade can be seen on white', () => {
    fc.assert(fc.property(anyColor, (color) => contrast(paletteOf(color).accent, '#ffffff') >= 3))
    fc.assert(fc.property(anyColor, (color) => contrast(paletteOf(color).accentText, '#ffffff') >= 4.5))
  })

  test('the mark on a filled stamp can be seen, and small print on the tinted ground', () => {
    fc.assert(fc.property(anyColor, (color) => contrast(paletteOf(color).onStamp, paletteOf(color).stamp) >= 4.5))
    fc.assert(fc.property(anyColor, (color) => contrast(paletteOf(color).muted, paletteOf(color).wash) >= 4.5))
  })
})

test('white is preferred on strong colours, dark on light ones', () => {
  expect(paletteOf('#be123c').onBrand).toBe('#ffffff')
  expect(paletteOf('#fde047').onBrand).toBe('#161a22')
})

test('short and upper-case notations are understood', () => {
  expect(paletteOf('#F0A').brand).toBe('#ff00aa')
})
