import { qrCode } from './codes.js'
import { paletteOf } from './color.js'
import { logoTile } from './header.js'
import { gift, sealPath } from './icons.js'
import type { Brand } from './picture.js'
import { createStage } from './stage.js'
import { element, roundedRect } from './svg.js'
import { bold, regular, type Settings, type Typesetter } from './typesetter.js'

/** What hangs at the counter: how guests get the card, and what it brings. */
export interface Poster {
  readonly brand: Brand
  readonly headline: string
  /** How to scan. */
  readonly hint: string
  /** One or two ways into the chat. */
  readonly doors: readonly PosterDoor[]
  /** What the card brings, in words, in the order of stamps; the first few are shown. */
  readonly goals: readonly string[]
  /** At how many stamps each is, ascending. */
  readonly goalStamps: readonly number[]
  /** Null for a business with one location. */
  readonly locationName: string | null
}

export interface PosterDoor {
  /** What the code opens. */
  readonly address: string
  readonly label: string
}

/** A4, in units of which 150 are an inch. */
const WIDTH = 1240
const HEIGHT = 1754

const BAND_HEIGHT = 720
const TILE_TOP = 84
const MARGIN = 90
const MOST_GOALS = 3
const MOST_DOTS = 20

/** The page as SVG, or null if an address makes no code. */
export const composePoster = (poster: Poster, typesetter: Typesetter): string | null => {
  const codes = poster.doors.map(({ address, label }) => ({ code: qrCode(address), label }))
  if (codes.length === 0 || codes.some(({ code }) => code === null)) return null
  const palette = paletteOf(poster.brand.color)
  const centred = centredText(typesetter)
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: WIDTH,
      height: HEIGHT,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    },
    element('rect', { width: WIDTH, height: HEIGHT, fill: palette.paper }),
    band(poster, typesetter, centred),
    ...codes.flatMap(({ code, label }, index) =>
      code === null ? [] : [door(code, label, codes.length, index, palette, centred)],
    ),
    whatItBrings(poster, palette, centred),
  )
}

type Palette = ReturnType<typeof paletteOf>
type Centred = ReturnType<typeof centredText>

interface Place {
  readonly middle: number
  readonly top: number
  readonly width: number
}

/** Text around a middle; gives how high it came out. */
const centredText =
  (typesetter: Typesetter) =>
  (text: string, { middle, top, width }: Place, settings: Settings, fill: string) => {
    const { lines, sizePx } = typesetter.fit(text, width, settings)
    const lineHeight = sizePx * 1.22
    const svg = lines
      .map((line, i) => line.draw(middle - line.widthPx / 2, top + i * lineHeight + sizePx * 0.95, { fill }))
      .join('')
    return { svg, height: lines.length * lineHeight }
  }

/** Texts below each other, as a whole in the middle of the room that it gets. */
const stackOf = (
  centred: Centred,
  { gap, fill, ...place }: Omit<Place, 'top'> & { readonly gap: number; readonly fill: string },
  ...texts: readonly (readonly [text: string, settings: Settings])[]
) => {
  const heights = texts.map(([text, settings]) => centred(text, { ...place, top: 0 }, settings, fill).height)
  const height = heights.reduce((sum, one) => sum + one, 0) + gap * Math.max(0, texts.length - 1)
  return {
    height,
    drawIn: (from: number, to: number): string => {
      let top = from + (to - from - height) / 2
      return texts
        .map(([text, settings], i) => {
          const { svg } = centred(text, { ...place, top }, settings, fill)
          top += (heights[i] ?? 0) + gap
          return svg
        })
        .join('')
    },
  }
}

/** The coloured upper part, with two faint discs as the card's picture has them. */
const band = ({ brand, headline, hint, locationName }: Poster, typesetter: Typesetter, centred: Centred): string => {
  const palette = paletteOf(brand.color)
  const stage = createStage(typesetter, brand)
  const middle = WIDTH / 2
  const width = WIDTH - 2 * MARGIN
  const tile = 132
  const whose = locationName === null ? brand.businessName : `${brand.businessName} · ${locationName}`
  const written = stackOf(
    centred,
    { middle, width, gap: 20, fill: palette.onBrand },
    [whose, [bold(46), bold(38), bold(34, 2)]],
    [headline, [bold(92), bold(80), bold(70), bold(64), bold(74, 2), bold(60, 2)]],
    [hint, [regular(36), regular(32, 2)]],
  )
  const disc = (cx: number, cy: number, r: number) =>
    element('circle', { cx, cy, r, fill: palette.onBrand, 'fill-opacity': 0.07 })
  return [
    element('rect', { width: WIDTH, height: BAND_HEIGHT, fill: palette.brand }),
    disc(WIDTH - 90, 40, 330),
    disc(60, BAND_HEIGHT - 120, 250),
    // The stage is the pictures' own width; only the tile's place is asked of it.
    element(
      'g',
      { transform: `translate(${middle - tile / 2} ${TILE_TOP})` },
      logoTile({ ...stage, direction: 'ltr' }, brand, 0, 0, tile),
    ),
    written.drawIn(TILE_TOP + tile, PANEL_TOP),
  ].join('')
}

const PANEL_TOP = 640
const PANEL_PAD = 36
/** Room for the words under a code. */
const PANEL_FOOT = 74

const panelSide = (count: number): number => (count === 1 ? 560 : 470)

/** A code on a white panel that lies half on the colour, with what it opens under it. */
const door = (
  code: NonNullable<ReturnType<typeof qrCode>>,
  label: string,
  count: number,
  index: number,
  palette: Palette,
  centred: Centred,
): string => {
  const side = panelSide(count)
  const gap = 60
  const left = (WIDTH - count * side - (count - 1) * gap) / 2 + index * (side + gap)
  const box = { x: left, y: PANEL_TOP, width: side, height: side + PANEL_FOOT }
  // Whole units for each module, so that none is blurred; the panel's white is the quiet zone.
  const module = Math.floor((side - 2 * PANEL_PAD) / code.modulesWide)
  const size = module * code.modulesWide
  const inset = (side - size) / 2
  const words = centred(
    label,
    { middle: left + side / 2, top: PANEL_TOP + side - 6, width: side - 40 },
    [bold(32), bold(28), bold(25), bold(22)],
    palette.ink,
  )
  return [
    roundedRect({ ...box, y: box.y + 8 }, 44, { fill: palette.line, 'fill-opacity': 0.6 }),
    roundedRect(box, 44, { fill: palette.paper, stroke: palette.line, 'stroke-width': 2 }),
    element('path', { d: code.path(left + inset, PANEL_TOP + inset, module, module), fill: '#000000' }),
    words.svg,
  ].join('')
}

const DOTS_A_ROW = 10
const DOT_PITCH = 92

/** The card's stamps, with a seal at each goal, and below them what they earn. */
const whatItBrings = ({ goals, goalStamps, doors }: Poster, palette: Palette, centred: Centred): string => {
  const stamps = goalStamps.at(-1) ?? 0
  const rows = stamps > MOST_DOTS ? 0 : Math.ceil(stamps / DOTS_A_ROW)
  const perRow = Math.ceil(stamps / Math.max(rows, 1))
  const written = stackOf(
    centred,
    { middle: WIDTH / 2, width: WIDTH - 2 * MARGIN, gap: 8, fill: palette.ink },
    ...goals.slice(0, MOST_GOALS).map((goal) => [goal, [bold(46), bold(38), bold(32, 2)]] as const),
  )
  const bottom = PANEL_TOP + panelSide(doors.length) + PANEL_FOOT
  const dotsHeight = rows * DOT_PITCH + (rows > 0 ? 24 : 0)
  const top = bottom + (HEIGHT - bottom - dotsHeight - written.height) / 2
  const dots = Array.from({ length: rows === 0 ? 0 : stamps }, (_, i) => {
    const row = Math.floor(i / perRow)
    const inRow = Math.min(perRow, stamps - row * perRow)
    const x = WIDTH / 2 + ((i % perRow) - (inRow - 1) / 2) * DOT_PITCH
    return dot(x, top + (row + 0.5) * DOT_PITCH, goalStamps.includes(i + 1), palette)
  })
  return [...dots, written.drawIn(top + dotsHeight, top + dotsHeight + written.height)].join('')
}

const dot = (x: number, y: number, isGoal: boolean, palette: Palette): string => {
  if (!isGoal) {
    const r = DOT_PITCH * 0.37
    return element('circle', { cx: x, cy: y, r, fill: palette.wash, stroke: palette.accent, 'stroke-width': 3 })
  }
  const size = DOT_PITCH * 0.94
  const seal = element('path', { d: sealPath(x, y, size), fill: palette.accent })
  return seal + gift(x, y, size * 0.5, palette.paper)
}
