import { expect, test } from 'vitest'
import { arcPoints, intersection, type Polygon, polygonPath } from '../../src/pictures/polygon.js'

const rectangle = (left: number, top: number, right: number, bottom: number): Polygon => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
]

/** By the shoelace formula. */
const areaOf = (polygon: Polygon): number =>
  polygon.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = polygon[(i + 1) % polygon.length] ?? [0, 0]
    return sum + (x * nextY - nextX * y) / 2
  }, 0)

const disc = arcPoints([0, 0], 10, [0, 4], 256)

test.each([
  ['inside it', rectangle(-2, -2, 2, 2), 16],
  ['around it', rectangle(-20, -20, 20, 20), Math.PI * 100],
  ['over a half', rectangle(0, -20, 20, 20), Math.PI * 50],
  ['over a quarter', rectangle(0, 0, 20, 20), Math.PI * 25],
  ['beside it', rectangle(30, 30, 40, 40), 0],
])('what a disc has in common with a rectangle %s', (_, shape, area) => {
  expect(areaOf(intersection(disc, shape))).toBeCloseTo(area, 0)
  expect(areaOf(intersection(shape, disc))).toBeCloseTo(area, 0)
})

test('a polygon is drawn as a closed path, and an empty one as none', () => {
  expect(polygonPath(rectangle(0, 0.123, 2, 3))).toBe('M0 0.12L2 0.12L2 3L0 3z')
  expect(polygonPath([])).toBe('')
})
