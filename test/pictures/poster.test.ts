import { describe, expect, test } from 'vitest'
import { drawPoster } from '../../src/pictures/draw-poster.js'
import { outlineOf } from '../../src/pictures/outline.js'
import type { Poster } from '../../src/pictures/poster.js'
import { svgToPdf } from '../../src/pictures/svg-to-pdf.js'
import { readPdf } from './pdf-reading.js'
import { pixelAt, scan } from './reading.js'

const TELEGRAM = 'https://t.me/demo_coffee_bot?start=j_loc_0123456789abcdef0123456789abcdef'
const WEB = 'https://bot.example.com/try?start=j_loc_0123456789abcdef0123456789abcdef'
const POSTER: Poster = {
  brand: { businessName: 'Кав’ярня', color: '#1f5fbf', logo: null, language: 'uk' },
  headline: 'Скануйте й отримайте картку',
  hint: 'Наведіть камеру на код',
  doors: [
    { address: TELEGRAM, label: 'Telegram' },
    { address: WEB, label: 'Браузер' },
  ],
  goals: ['8 штампів: Безкоштовна кава'],
  goalStamps: [8],
  locationName: null,
}
const RED_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1" fill="#ff0000"/></svg>'

const draw = async (change: Partial<Poster> = {}) => {
  const pdf = await drawPoster({ ...POSTER, ...change })
  if (pdf === null) throw new Error('it was not drawn')
  return { pdf, page: readPdf(pdf) }
}

describe('the counter’s poster', () => {
  test('is one page of A4 that says what it is', async () => {
    const { page } = await draw()
    expect(page.widthPt).toBeCloseTo((210 / 25.4) * 72, 1)
    expect(page.heightPt).toBeCloseTo((297 / 25.4) * 72, 0)
    expect(page.title).toBe('Кав’ярня: Скануйте й отримайте картку')
  })

  test('has a code for each way into the chat, which a phone reads from a fine print and from a coarse one', async () => {
    const { page } = await draw()
    for (const widthPx of [2480, 620])
      expect(await scan(page.png(widthPx))).toEqual([`QRCode ${WEB}`, `QRCode ${TELEGRAM}`])
    const { page: single } = await draw({ doors: POSTER.doors.slice(1) })
    expect(await scan(single.png(620))).toEqual([`QRCode ${WEB}`])
  })

  test('is in the business’s colour, with its letters as outlines: small, and sharp on any printer', async () => {
    const { pdf, page } = await draw()
    expect(pixelAt(page.png(620), 5, 5)).toBe('#1f5fbf')
    expect(pixelAt(page.png(620), 5, 800)).toBe('#ffffff')
    expect(page.images).toEqual([])
    expect(pdf.length).toBeLessThan(60_000)
  })

  test('shows the business’s logo, whatever kind of picture it is', async () => {
    const logo = `data:image/svg+xml;base64,${Buffer.from(RED_SVG).toString('base64')}`
    const { page } = await draw({ brand: { ...POSTER.brand, logo } })
    const [image] = page.images
    expect(image).toMatchObject({ width: 400, height: 400 })
    expect(image?.rgb.length).toBe(400 * 400 * 3)
    expect(image?.rgb.subarray(0, 3)).toEqual(Buffer.from([255, 0, 0]))
  })

  test('is not drawn with an address that makes no code', async () => {
    expect(await drawPoster({ ...POSTER, doors: [{ address: `https://${'x'.repeat(700)}`, label: 'Web' }] })).toBeNull()
  })
})

describe('a page from a drawing', () => {
  const page = (inside: string) =>
    svgToPdf(`<svg viewBox="0 0 100 100">${inside}</svg>`, {
      widthPt: 100,
      title: '',
      language: 'en',
      images: new Map(),
    })

  test('has its curves where the drawing has them', () => {
    // A ring of two arcs, and a corner by a quadratic curve.
    const png = readPdf(
      page('<path d="M10 50a40 40 0 1 1 80 0A40 40 0 0 1 10 50zM40 50Q50 50 50 60L40 60z" fill="#ff0000"/>'),
    ).png(100)
    const colours = [
      [50, 13],
      [13, 50],
      [50, 87],
      [13, 13],
      [87, 87],
    ].map(([x = 0, y = 0]) => pixelAt(png, x, y))
    expect(colours).toEqual(['#ff0000', '#ff0000', '#ff0000', '#ffffff', '#ffffff'])
  })

  test.each([
    ['<text>a</text>', 'no SVG of ours'],
    ['<clipPath/>', '<clipPath>'],
    ['<image href="data:x"/>', 'has no pixels'],
    ['<g transform="rotate(3)"/>', 'rotate'],
    ['<rect width="1" height="1" fill="red"/>', 'no colour'],
    ['<path d="M0 0S1 1 2 2"/>', 'path command S'],
    ['<path d="M0 0A1 2 0 0 1 2 2"/>', 'ellipse'],
    ['<g>', 'ends nothing'],
  ])('leaves nothing out silently: %s', (inside, words) => {
    expect(() => page(inside)).toThrow(words)
  })

  test('takes pairs after a move as lines, and goes back to the start at a close', () => {
    expect(outlineOf('M1 1 2 1zl1 1')).toEqual([
      { kind: 'move', to: [1, 1] },
      { kind: 'line', to: [2, 1] },
      { kind: 'close' },
      { kind: 'line', to: [2, 2] },
    ])
  })
})
