import { type Palette, paletteOf } from './color.js'
import { type Box, element, roundedRect, svgDocument } from './svg.js'
import { type Direction, directionOf } from './text.js'
import type { Line, Settings, Typesetter } from './typesetter.js'

/**
 * The sheet on which both pictures are laid out: a rounded card on a pale ground, its content in one column. Everything
 * is placed by its distance from the side where reading starts, so that a right-to-left picture is the mirror image.
 */
export interface Stage {
  readonly palette: Palette
  readonly direction: Direction
  readonly typesetter: Typesetter
}

/** A photo of 1080 px is shown by messengers without being scaled down, which keeps the codes on it sharp. */
export const PICTURE_WIDTH_PX = 1080
export const MARGIN_PX = 36
export const CARD_WIDTH_PX = PICTURE_WIDTH_PX - 2 * MARGIN_PX
export const CARD_RADIUS_PX = 52
export const CONTENT_START_PX = MARGIN_PX + 60
export const CONTENT_WIDTH_PX = PICTURE_WIDTH_PX - 2 * CONTENT_START_PX

export const createStage = (
  typesetter: Typesetter,
  brand: { color: string; language: string },
  usedUp = false,
): Stage => ({
  palette: paletteOf(brand.color, usedUp),
  direction: directionOf(brand.language),
  typesetter,
})

/** The left edge of something `widthPx` wide that lies `startPx` from the side where reading starts. */
export const leftOf = (stage: Stage, startPx: number, widthPx: number): number =>
  stage.direction === 'rtl' ? PICTURE_WIDTH_PX - startPx - widthPx : startPx

/** A part of the column: it knows its height before it is drawn, so that parts can be stacked. */
export interface Block {
  readonly heightPx: number
  draw(topPx: number): string
}

export const space = (heightPx: number): Block => ({ heightPx, draw: () => '' })

export const stack = (...blocks: readonly Block[]): Block => ({
  heightPx: blocks.reduce((sum, block) => sum + block.heightPx, 0),
  draw(topPx) {
    let top = topPx
    return blocks
      .map((block) => {
        const svg = block.draw(top)
        top += block.heightPx
        return svg
      })
      .join('')
  },
})

export interface TextPlace {
  readonly startPx: number
  readonly widthPx: number
  readonly align: 'start' | 'center' | 'end'
}

export const COLUMN: TextPlace = { startPx: CONTENT_START_PX, widthPx: CONTENT_WIDTH_PX, align: 'start' }

/** Line height and, of it, the part above the baseline. Room enough for Arabic's and Korean's taller letters. */
const LINE_HEIGHT = 1.32
const ABOVE_BASELINE = 0.98

const startOfLine = (line: Line, place: TextPlace): number => {
  const freePx = place.widthPx - line.widthPx
  switch (place.align) {
    case 'start':
      return place.startPx
    case 'center':
      return place.startPx + freePx / 2
    case 'end':
      return place.startPx + freePx
  }
}

export interface TextOptions {
  readonly place?: TextPlace
  readonly color: string
}

/** Text in the first of `settings` in which it fits; no height at all when there is nothing to say. */
export const textBlock = (
  stage: Stage,
  text: string | null,
  settings: Settings,
  { place = COLUMN, color }: TextOptions,
): Block => {
  const { lines, sizePx } = stage.typesetter.fit(text ?? '', place.widthPx, settings)
  const lineHeightPx = Math.round(sizePx * LINE_HEIGHT)
  return {
    heightPx: lines.length * lineHeightPx,
    draw: (topPx) =>
      lines
        .map((line, i) => {
          const left = leftOf(stage, startOfLine(line, place), line.widthPx)
          return line.draw(left, topPx + i * lineHeightPx + sizePx * ABOVE_BASELINE, { fill: color })
        })
        .join(''),
  }
}

/**
 * The lower end of a shadow that has the card's shape: all that the card leaves of it to be seen. Blending the hidden rest
 * took resvg a fifth of its time, and `opacity`, instead of `fill-opacity`, would have a layer of its own.
 */
const shadowUnder = (card: Box, fill: string): string => {
  const height = 2 * CARD_RADIUS_PX
  const y = card.y + card.height - height + 6
  return roundedRect({ ...card, y, height }, CARD_RADIUS_PX, { fill, 'fill-opacity': 0.5 })
}

/** The finished picture: `header` on the business's colour, `body` on white paper below it. */
export const composeCard = (stage: Stage, header: Block, body: Block): string => {
  const { palette } = stage
  const card: Box = { x: MARGIN_PX, y: MARGIN_PX, width: CARD_WIDTH_PX, height: header.heightPx + body.heightPx }
  const pictureHeightPx = Math.ceil(card.height + 2 * MARGIN_PX)
  return svgDocument(
    PICTURE_WIDTH_PX,
    pictureHeightPx,
    element('rect', { width: PICTURE_WIDTH_PX, height: pictureHeightPx, fill: palette.wash }),
    shadowUnder(card, palette.line),
    roundedRect(card, CARD_RADIUS_PX, { fill: palette.paper }),
    header.draw(MARGIN_PX),
    body.draw(MARGIN_PX + header.heightPx),
  )
}
