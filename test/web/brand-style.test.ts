import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brandStyle } from '../../bots/web/brand-style.js'
import { contrast } from '../../src/pictures/color.js'

const colors = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

const variables = (style: string) =>
  [...style.matchAll(/--brand:(#\w{6});--on-brand:(#\w{6});--accent:(#\w{6})/g)].map(
    ([, brand = '', onBrand = '', accent = '']) => ({ brand, onBrand, accent }),
  )

describe('a business’s colour', () => {
  test('whichever it is, can be read on and can be read, by day and by night', () => {
    fc.assert(
      fc.property(colors, (color) => {
        const [day, night] = variables(brandStyle(color))
        if (!day || !night) throw new Error('no variables')
        for (const { brand, onBrand } of [day, night]) expect(contrast(brand, onBrand)).toBeGreaterThanOrEqual(4.5)
        for (const ground of ['#ffffff', '#f1f2f5', '#f5f6f8'])
          expect(contrast(day.accent, ground)).toBeGreaterThanOrEqual(4.5)
        for (const ground of ['#16181c', '#26292f', '#363b44'])
          expect(contrast(night.accent, ground)).toBeGreaterThanOrEqual(4.5)
      }),
      { numRuns: 3_000 },
    )
  })

  test('that can be read already stays as it is', () => {
    expect(brandStyle('#7a4a2b')).toContain('--brand:#7a4a2b;--on-brand:#ffffff;--accent:#7a4a2b')
  })
})
