import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { createPngEncoder } from '../../src/pictures/png.mjs'

type Rgba = readonly [red: number, green: number, blue: number, alpha: number]

const WIDTH = 40

/** Pixels of a picture 40 wide, by place. */
const paint = (height: number, colorAt: (x: number, y: number) => Rgba): Uint8Array =>
  Uint8Array.from(Array.from({ length: WIDTH * height }, (_, i) => colorAt(i % WIDTH, Math.floor(i / WIDTH))).flat())

const opaque = (red: number, green: number, blue: number): Rgba => [red, green, blue, 255]

/** The header's colour type: https://www.w3.org/TR/png-3/#11IHDR */
const COLOUR_TYPE_AT = 25
const INDEXED = 3

const decode = (png: Uint8Array) => {
  const { data, width, height } = PNG.sync.read(Buffer.from(png))
  return { pixels: new Uint8Array(data), width, height, hasPalette: png[COLOUR_TYPE_AT] === INDEXED }
}

const encode = createPngEncoder()

/** The most that any channel of any pixel is off by. */
const largestStep = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0)

describe('a picture comes out as it went in', () => {
  test.each([
    ['one colour', paint(9, () => opaque(231, 241, 241)), true],
    ['256 colours', paint(20, (x, y) => opaque((x + y * WIDTH) % 256, 0, 90)), true],
    ['rows that repeat', paint(9, (x, y) => (y < 4 ? opaque(x, x, x) : opaque(0, 0, 0))), true],
    ['long and short stretches', paint(9, (x) => (x < 30 ? opaque(255, 255, 255) : opaque(x % 2, 9, 9))), true],
    ['more colours than a palette holds', paint(40, (x, y) => opaque(x * 6, y * 6, 0)), false],
    ['the colours of a photograph', paint(90, (x, y) => opaque(x * 6, y * 2, (x * y) % 256)), false],
    ['see-through places', paint(9, (x) => [10, 20, 30, x * 6]), false],
    ['nothing but see-through', paint(2, () => [0, 0, 0, 0]), false],
  ])('with %s', (_, pixels, hasPalette) => {
    const height = pixels.length / 4 / WIDTH
    const decoded = decode(encode(pixels, WIDTH, height))
    expect({ width: decoded.width, height: decoded.height }).toEqual({ width: WIDTH, height })
    expect(Buffer.compare(decoded.pixels, pixels)).toBe(0)
    expect(decoded.hasPalette).toBe(hasPalette)
  })
})

test('of more than 256 colours those a single step apart share a place, and flat colours stay exact', () => {
  /** Twenty rows of one colour below soft edges in 400 shades, each a step from the next. */
  const pixels = paint(30, (x, y) =>
    y < 10 ? opaque(100 + (y * WIDTH + x) / 4, 80 + (x % 4), 60) : opaque(151, 81, 60),
  )
  const decoded = decode(encode(pixels, WIDTH, 30))
  expect(decoded.hasPalette).toBe(true)
  expect(largestStep(decoded.pixels, pixels)).toBe(1)
  expect(Buffer.compare(decoded.pixels.slice(10 * WIDTH * 4), pixels.slice(10 * WIDTH * 4))).toBe(0)
})

test('a picture after a larger one has nothing of it', () => {
  encode(
    paint(60, (x, y) => opaque(x, y, 200)),
    WIDTH,
    60,
  )
  const pixels = paint(3, (x) => opaque(x, 0, 0))
  expect(Buffer.compare(decode(encode(pixels, WIDTH, 3)).pixels, pixels)).toBe(0)
})
