import { px } from './svg.js'

type Point = readonly [x: number, y: number]

/** Corners in the order in which SVG's y axis, pointing down, turns them clockwise. */
export type Polygon = readonly Point[]

/** Points on a circle, clockwise; angles in quarter turns, 0 to the right and 1 down. */
export const arcPoints = (
  center: Point,
  radius: number,
  [from, to]: readonly [from: number, to: number],
  steps: number,
): Polygon =>
  Array.from({ length: steps + 1 }, (_, i) => {
    const angle = (from + ((to - from) * i) / steps) * (Math.PI / 2)
    return [center[0] + radius * Math.cos(angle), center[1] + radius * Math.sin(angle)]
  })

/** Where the edge from `a` to `b` leaves the one side of the line for the other; `da` and `db` are their distances from it. */
const crossing = (a: Point, da: number, b: Point, db: number): Point => {
  const share = da / (da - db)
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
}

/** The part of the polygon on the right of the line from `from` to `to`. Most lines cut nothing off, at no cost. */
const cutAlong = (polygon: Polygon, from: Point, to: Point): Polygon => {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const distances = polygon.map(([x, y]) => dx * (y - from[1]) - dy * (x - from[0]))
  if (distances.every((distance) => distance >= 0)) return polygon
  return polygon.flatMap((point, i) => {
    const [here = 0, before = 0] = [distances[i], distances.at(i - 1)]
    const entry = before < 0 === here < 0 ? [] : [crossing(polygon.at(i - 1) ?? point, before, point, here)]
    return here < 0 ? entry : [...entry, point]
  })
}

/** What two convex polygons have in common: the one cut along each edge of the other (Sutherland and Hodgman, 1974). */
export const intersection = (one: Polygon, other: Polygon): Polygon =>
  other.reduce((rest, point, i) => cutAlong(rest, other.at(i - 1) ?? point, point), one)

/** SVG path data. */
export const polygonPath = (polygon: Polygon): string =>
  polygon.length === 0 ? '' : `M${polygon.map(([x, y]) => `${px(x)} ${px(y)}`).join('L')}z`
