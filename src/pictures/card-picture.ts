import { qrCode } from './codes.js'
import { brandHeader, logoTile } from './header.js'
import { checkMark, gift, sealPath } from './icons.js'
import type { Brand, CardPicture } from './picture.js'
import {
  type Block,
  COLUMN,
  CONTENT_START_PX,
  CONTENT_WIDTH_PX,
  composeCard,
  createStage,
  leftOf,
  type Stage,
  space,
  stack,
  type TextPlace,
  textBlock,
} from './stage.js'
import { layOutStamps, MAX_DRAWN_STAMPS } from './stamp-grid.js'
import { element } from './svg.js'
import { asCode, bold, regular, type Settings, type Typesetter } from './typesetter.js'

const LOGO_PX = 124
const LOGO_GAP_PX = 32

/** Logo at the start; the business's name and the card's title beside it, centred on the logo. */
const header = (stage: Stage, brand: Brand, title: string): Block => {
  const place: TextPlace = {
    startPx: CONTENT_START_PX + LOGO_PX + LOGO_GAP_PX,
    widthPx: CONTENT_WIDTH_PX - LOGO_PX - LOGO_GAP_PX,
    align: 'start',
  }
  const color = stage.palette.onBrand
  const words = stack(
    textBlock(stage, brand.businessName, [regular(34)], { place, color }),
    textBlock(stage, title, [bold(54), bold(48, 2), bold(42, 3)], { place, color }),
  )
  const heightPx = Math.max(words.heightPx, LOGO_PX) + 2 * 48
  return brandHeader(stage, {
    heightPx,
    draw: (topPx) =>
      logoTile(stage, brand, CONTENT_START_PX, topPx + (heightPx - LOGO_PX) / 2, LOGO_PX) +
      words.draw(topPx + (heightPx - words.heightPx) / 2 - 4),
  })
}

type StampShape = 'filled' | 'empty' | 'filled-goal' | 'empty-goal'

interface Stamp {
  readonly shape: StampShape
  readonly ordinal: number
  readonly x: number
  readonly y: number
  readonly sizePx: number
}

/**
 * Each of the four states has its own shape: a solid disc with a check, a thin ring with its number, and for the stamps
 * that earn a reward a seal, solid with a check or outlined with a gift. `data-stamp` names it.
 */
const drawStamp = (stage: Stage, { shape, ordinal, x, y, sizePx }: Stamp): string => {
  const { stamp, onStamp, accent, accentText, line } = stage.palette
  const strokePx = Math.max(3, sizePx * 0.03)
  const solid = { fill: stamp, stroke: accent, 'stroke-width': strokePx }
  const outlined = { fill: 'none', stroke: accent, 'stroke-width': strokePx * 1.2 }
  const disc = { cx: x, cy: y, r: (sizePx - strokePx) / 2 }
  const group = (...parts: string[]) => element('g', { 'data-stamp': shape }, ...parts)
  switch (shape) {
    case 'filled':
      return group(element('circle', { ...disc, ...solid }), checkMark(x, y, sizePx * 0.58, onStamp))
    case 'filled-goal':
      return group(
        element('path', { d: sealPath(x, y, sizePx * 1.08), ...solid }),
        checkMark(x, y, sizePx * 0.58, onStamp),
      )
    case 'empty-goal':
      return group(
        element('path', { d: sealPath(x, y, sizePx * 1.06), ...outlined }),
        gift(x, y - sizePx * 0.01, sizePx * 0.56, accentText),
      )
    case 'empty':
      return group(
        element('circle', { ...disc, fill: 'none', stroke: line, 'stroke-width': strokePx }),
        sizePx < 60 ? '' : stampNumber(stage, ordinal, x, y, sizePx * 0.3),
      )
  }
}

const stampNumber = (stage: Stage, ordinal: number, x: number, y: number, sizePx: number): string => {
  const number = stage.typesetter.line(String(ordinal), { sizePx, weight: 'regular' })
  return number.draw(x - number.widthPx / 2, y + sizePx * 0.36, { fill: stage.palette.muted })
}

const shapeOf = (ordinal: number, stamps: number, goals: readonly number[]): StampShape => {
  if (goals.includes(ordinal)) return ordinal <= stamps ? 'filled-goal' : 'empty-goal'
  return ordinal <= stamps ? 'filled' : 'empty'
}

/** All stamps of the card. Nothing while the count or the card's length is not known: an empty grid would be a claim. */
const stampGrid = (stage: Stage, { stamps, stampsGoal, goals }: CardPicture): Block => {
  const drawable = stampsGoal !== null && stampsGoal >= 1 && stampsGoal <= MAX_DRAWN_STAMPS
  if (stamps === null || !drawable) return space(0)
  const grid = layOutStamps(Math.floor(stampsGoal), CONTENT_WIDTH_PX)
  return {
    heightPx: grid.heightPx,
    draw: (topPx) =>
      grid.centers
        .map(({ x, y }, i) => {
          const ordinal = i + 1
          const center = { x: leftOf(stage, CONTENT_START_PX + x, 0), y: topPx + y }
          return drawStamp(stage, { shape: shapeOf(ordinal, stamps, goals), ordinal, ...center, sizePx: grid.sizePx })
        })
        .join(''),
  }
}

/** With space below, unless there is nothing to be spaced. */
const followedBy = (block: Block, gapPx: number): Block => (block.heightPx === 0 ? block : stack(block, space(gapPx)))

const progress = (stage: Stage, picture: CardPicture): Block => {
  const label = picture.stamps === null ? null : picture.labels.progress
  const words = textBlock(stage, label, [bold(44), bold(38, 2)], { color: stage.palette.ink })
  return stack(followedBy(words, 32), followedBy(stampGrid(stage, picture), 52))
}

interface Labelled {
  readonly label: string | null
  readonly text: string
  readonly settings: Settings
}

const labelled = (stage: Stage, { label, text, settings }: Labelled, place: TextPlace): Block =>
  stack(
    textBlock(stage, label, [regular(32), regular(28, 2)], { place, color: stage.palette.muted }),
    space(2),
    textBlock(stage, text, settings, { place, color: stage.palette.ink }),
  )

const REWARD_SETTINGS: Settings = [bold(44), bold(44, 2), bold(38, 3)]
const NUMBER_SETTINGS: Settings = [asCode(bold(44)), asCode(bold(38)), asCode(bold(34, 2))]

/** The card number's QR, in modules of whole pixels, `modulePx` such that it comes near `aimPx`. */
const staffCode = (stage: Stage, text: string, aimPx: number) => {
  const code = qrCode(text)
  if (code === null) return null
  const modulePx = Math.max(4, Math.round(aimPx / code.modulesWide))
  const sizePx = code.modulesWide * modulePx
  return {
    sizePx,
    draw: (startPx: number, topPx: number) =>
      element('path', {
        d: code.path(Math.round(leftOf(stage, startPx, sizePx)), Math.round(topPx), modulePx, modulePx),
        fill: stage.palette.ink,
        'shape-rendering': 'crispEdges',
      }),
  }
}

/** What staff scan, at the end; what the customer reads, at the start. */
const footer = (stage: Stage, { nextReward, cardNumber, labels }: CardPicture, codeAimPx: number): Block => {
  const code = staffCode(stage, cardNumber, codeAimPx)
  const place = { ...COLUMN, widthPx: CONTENT_WIDTH_PX - (code === null ? 0 : code.sizePx + 64) }
  const reward = { label: labels.nextReward, text: nextReward ?? '', settings: REWARD_SETTINGS }
  const number = { label: labels.cardNumber, text: cardNumber, settings: NUMBER_SETTINGS }
  const words = stack(
    ...(nextReward === null ? [] : [labelled(stage, reward, place), space(36)]),
    labelled(stage, number, place),
  )
  const heightPx = Math.max(words.heightPx, code?.sizePx ?? 0)
  return {
    heightPx,
    draw: (topPx) =>
      words.draw(topPx + (heightPx - words.heightPx) / 2) +
      (code?.draw(CONTENT_START_PX + CONTENT_WIDTH_PX - code.sizePx, topPx + (heightPx - code.sizePx) / 2) ?? ''),
  }
}

const divider = (stage: Stage): Block => ({
  heightPx: 3,
  draw: (topPx) =>
    element('rect', { x: CONTENT_START_PX, y: topPx, width: CONTENT_WIDTH_PX, height: 3, fill: stage.palette.wash }),
})

/** The stamp card as SVG, 1080 px wide. */
export const composeCardPicture = (picture: CardPicture, typesetter: Typesetter): string => {
  const stage = createStage(typesetter, picture.brand)
  const count = progress(stage, picture)
  const body = stack(
    space(52),
    ...(count.heightPx === 0 ? [] : [count, divider(stage), space(52)]),
    footer(stage, picture, count.heightPx === 0 ? 400 : 300),
    space(60),
  )
  return composeCard(stage, header(stage, picture.brand, picture.title), body)
}
