import { checkMark, clock } from './icons.js'
import type { VoucherPicture } from './picture.js'
import { type Block, CONTENT_START_PX, CONTENT_WIDTH_PX, leftOf, PICTURE_WIDTH_PX, type Stage } from './stage.js'
import { element, roundedRect } from './svg.js'
import { bold } from './typesetter.js'

const HEIGHT_PX = 120
const PADDING_PX = 48
const ICON_PX = 64
const ICON_GAP_PX = 22

/** "Redeemed" or "Expired" on a dark plate, with a stroke across the whole column behind it. */
export const statePlate = (stage: Stage, { state, labels }: VoucherPicture): Block => {
  const { ink, paper } = stage.palette
  const maxWidthPx = CONTENT_WIDTH_PX - 2 * PADDING_PX - ICON_PX - ICON_GAP_PX
  const { lines, sizePx } = stage.typesetter.fit(labels.state ?? '', maxWidthPx, [bold(56), bold(44), bold(36)])
  const words = lines[0]
  const widthPx = 2 * PADDING_PX + ICON_PX + (words ? ICON_GAP_PX + words.widthPx : 0)
  const startPx = (PICTURE_WIDTH_PX - widthPx) / 2
  const iconX = leftOf(stage, startPx + PADDING_PX + ICON_PX / 2, 0)
  const wordsX = leftOf(stage, startPx + PADDING_PX + ICON_PX + ICON_GAP_PX, words?.widthPx ?? 0)
  const icon = state === 'redeemed' ? checkMark : clock
  return {
    heightPx: HEIGHT_PX,
    draw(topPx) {
      const middle = topPx + HEIGHT_PX / 2
      const stroke = { x: CONTENT_START_PX, y: middle - 3, width: CONTENT_WIDTH_PX, height: 6 }
      const plate = { x: startPx, y: topPx, width: widthPx, height: HEIGHT_PX }
      return element(
        'g',
        { 'data-state': state },
        roundedRect(stroke, 3, { fill: ink }),
        roundedRect(plate, HEIGHT_PX / 2, { fill: ink }),
        icon(iconX, middle, ICON_PX, paper),
        words?.draw(wordsX, middle + sizePx * 0.36, { fill: paper }) ?? '',
      )
    },
  }
}
