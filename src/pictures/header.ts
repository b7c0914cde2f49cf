import { drawableLogo } from './logo.js'
import type { Brand } from './picture.js'
import { arcPoints, intersection, type Polygon, polygonPath } from './polygon.js'
import { type Block, CARD_RADIUS_PX, CARD_WIDTH_PX, leftOf, MARGIN_PX, type Stage } from './stage.js'
import { element, px, roundedRect } from './svg.js'
import { cleanText, graphemesOf } from './text.js'

/** The logo on a white tile, as app icons are shown, so that any logo can be seen on any colour; or the name's initial. */
export const logoTile = (stage: Stage, brand: Brand, startPx: number, topPx: number, sizePx: number): string => {
  const left = leftOf(stage, startPx, sizePx)
  const tile = roundedRect({ x: left, y: topPx, width: sizePx, height: sizePx }, sizePx * 0.26, {
    fill: stage.palette.paper,
  })
  const logo = drawableLogo(brand.logo)
  if (logo === null) return tile + initialOf(stage, brand.businessName, left + sizePx / 2, topPx + sizePx / 2, sizePx)
  const inset = sizePx * 0.12
  const side = sizePx - 2 * inset
  return tile + element('image', { x: left + inset, y: topPx + inset, width: side, height: side, href: logo })
}

const initialOf = (stage: Stage, name: string, centerX: number, centerY: number, tilePx: number): string => {
  const initial = (graphemesOf(cleanText(name))[0] ?? '•').toLocaleUpperCase()
  const sizePx = tilePx * 0.56
  const line = stage.typesetter.line(initial, { sizePx, weight: 'bold' })
  return line.draw(centerX - line.widthPx / 2, centerY + sizePx * 0.36, { fill: stage.palette.accentText })
}

/** The header's outline: its upper corners are the card's. The upper edge comes first, since it cuts off most of a disc. */
const headerOutline = (left: number, top: number, right: number, bottom: number): Polygon => {
  const r = CARD_RADIUS_PX
  return [
    ...arcPoints([right - r, top + r], r, [3, 4], CORNER_STEPS),
    [right, bottom],
    [left, bottom],
    ...arcPoints([left + r, top + r], r, [2, 3], CORNER_STEPS),
  ]
}

/** So many that the curves are met within a tenth of a pixel: of the faint discs no pixel then differs by more than 3. */
const CORNER_STEPS = 16
const DISC_STEPS = 128

/**
 * The coloured upper part of the card, with `content` on it; two faint discs keep a large plain colour from looking flat.
 * They are cut to size here: a clip path would have a layer of its own, a third of resvg's time for the whole picture.
 */
export const brandHeader = (stage: Stage, content: Block): Block => ({
  heightPx: content.heightPx,
  draw(topPx) {
    const [left, right, bottom, r] = [MARGIN_PX, MARGIN_PX + CARD_WIDTH_PX, topPx + content.heightPx, CARD_RADIUS_PX]
    const shape = `M${left} ${px(bottom)}V${topPx + r}a${r} ${r} 0 0 1 ${r} ${-r}H${right - r}a${r} ${r} 0 0 1 ${r} ${r}V${px(bottom)}z`
    const { brand, onBrand } = stage.palette
    const outline = headerOutline(left, topPx, right, bottom)
    const disc = (endPx: number, y: number, radius: number) => {
      const center = [leftOf(stage, MARGIN_PX + CARD_WIDTH_PX - endPx, 0), y] as const
      const visible = intersection(arcPoints(center, radius, [0, 4], DISC_STEPS), outline)
      return element('path', { d: polygonPath(visible), fill: onBrand, 'fill-opacity': 0.06 })
    }
    return [
      element('path', { d: shape, fill: brand }),
      disc(60, topPx + 10, 250),
      disc(-30, bottom - 10, 200),
      content.draw(topPx),
    ].join('')
  },
})
