import { assertNever } from '../errors.js'

/** A part of an outline; all numbers are absolute. `curve` is a cubic Bézier: two handles, and where it ends. */
export type Segment =
  | { readonly kind: 'move'; readonly to: Point }
  | { readonly kind: 'line'; readonly to: Point }
  | { readonly kind: 'curve'; readonly from: Point; readonly into: Point; readonly to: Point }
  | { readonly kind: 'close' }

export type Point = readonly [x: number, y: number]

/** How many numbers each command takes (https://www.w3.org/TR/SVG11/paths.html). */
const NUMBERS = { m: 2, l: 2, h: 1, v: 1, q: 4, c: 6, a: 7, z: 0 } as const
type Command = keyof typeof NUMBERS

const isCommand = (letter: string): letter is Command => letter in NUMBERS

/** SVG path data as its segments. Throws for a command that our drawings do not have. */
export const outlineOf = (d: string): readonly Segment[] => {
  const segments: Segment[] = []
  let at: Point = [0, 0]
  let start: Point = [0, 0]
  for (const [, letter = '', written = ''] of d.matchAll(/([a-z])([^a-z]*)/gi)) {
    const command = letter.toLowerCase()
    if (!isCommand(command)) throw new Error(`no drawing of ours has the path command ${letter}`)
    const isRelative = command === letter
    for (const [index, values] of groupsOf(written, NUMBERS[command]).entries()) {
      // Pairs after a move's first are lines to there.
      const step = command === 'm' && index > 0 ? 'l' : command
      const drawn = segmentsOf(step, values, at, isRelative)
      segments.push(...drawn)
      const last = drawn.at(-1)
      at = last === undefined ? at : last.kind === 'close' ? start : last.to
      if (step === 'm') start = at
    }
  }
  return segments
}

const groupsOf = (written: string, size: number): readonly (readonly number[])[] => {
  const numbers = (written.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number)
  if (size === 0) return [[]]
  if (numbers.length === 0 || numbers.length % size !== 0) throw new Error(`a path has ${numbers.length} numbers`)
  return Array.from({ length: numbers.length / size }, (_, i) => numbers.slice(i * size, (i + 1) * size))
}

const segmentsOf = (command: Command, values: readonly number[], at: Point, isRelative: boolean): Segment[] => {
  const [dx, dy] = isRelative ? at : [0, 0]
  const point = (index: number): Point => [(values[index] ?? 0) + dx, (values[index + 1] ?? 0) + dy]
  switch (command) {
    case 'm':
      return [{ kind: 'move', to: point(0) }]
    case 'l':
      return [{ kind: 'line', to: point(0) }]
    case 'h':
      return [{ kind: 'line', to: [(values[0] ?? 0) + dx, at[1]] }]
    case 'v':
      return [{ kind: 'line', to: [at[0], (values[0] ?? 0) + dy] }]
    case 'q':
      return [quadratic(at, point(0), point(2))]
    case 'c':
      return [{ kind: 'curve', from: point(0), into: point(2), to: point(4) }]
    case 'a': {
      const [rx = 0, ry = 0, turnDeg = 0, isLarge = 0, isClockwise = 0] = values
      return arc(at, point(5), { rx, ry, turnDeg, isLarge: isLarge === 1, isClockwise: isClockwise === 1 })
    }
    case 'z':
      return [{ kind: 'close' }]
    default:
      return assertNever(command)
  }
}

const quadratic = (at: Point, handle: Point, to: Point): Segment => {
  const towards = (end: Point): Point => [
    end[0] + ((handle[0] - end[0]) * 2) / 3,
    end[1] + ((handle[1] - end[1]) * 2) / 3,
  ]
  return { kind: 'curve', from: towards(at), into: towards(to), to }
}

interface Arc {
  readonly rx: number
  readonly ry: number
  readonly turnDeg: number
  readonly isLarge: boolean
  readonly isClockwise: boolean
}

/** Our arcs are of circles. The centre follows from the chord (https://www.w3.org/TR/SVG11/implnote.html#ArcConversionEndpointToCenter). */
const arc = ([x1, y1]: Point, [x2, y2]: Point, { rx, ry, isLarge, isClockwise }: Arc): Segment[] => {
  if (rx !== ry) throw new Error('no drawing of ours has an arc of an ellipse')
  const [halfX, halfY] = [(x2 - x1) / 2, (y2 - y1) / 2]
  const half = Math.hypot(halfX, halfY)
  if (half === 0 || rx === 0) return [{ kind: 'line', to: [x2, y2] }]
  const r = Math.max(rx, half)
  const aside = (Math.sqrt(r * r - half * half) / half) * (isLarge === isClockwise ? -1 : 1)
  const [cx, cy] = [x1 + halfX - halfY * aside, y1 + halfY + halfX * aside]
  const begin = Math.atan2(y1 - cy, x1 - cx)
  const end = Math.atan2(y2 - cy, x2 - cx)
  const full = 2 * Math.PI
  const turn = isClockwise ? (end - begin + full) % full : -((begin - end + full) % full)
  return circlePart([cx, cy], r, begin, turn)
}

/** A part of a circle, from an angle on (clockwise where y runs down), as curves of a quarter at most. */
export const circlePart = ([cx, cy]: Point, r: number, begin: number, turn: number): Segment[] => {
  const count = Math.max(1, Math.ceil(Math.abs(turn) / (Math.PI / 2) - 1e-9))
  const step = turn / count
  const reach = (4 / 3) * Math.tan(step / 4) * r
  return Array.from({ length: count }, (_, i): Segment => {
    const [a, b] = [begin + i * step, begin + (i + 1) * step]
    return {
      kind: 'curve',
      from: [cx + r * Math.cos(a) - reach * Math.sin(a), cy + r * Math.sin(a) + reach * Math.cos(a)],
      into: [cx + r * Math.cos(b) + reach * Math.sin(b), cy + r * Math.sin(b) - reach * Math.cos(b)],
      to: [cx + r * Math.cos(b), cy + r * Math.sin(b)],
    }
  })
}
