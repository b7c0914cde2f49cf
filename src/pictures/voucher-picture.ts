import { brandHeader, logoTile } from './header.js'
import { calendar } from './icons.js'
import type { Brand, VoucherPicture } from './picture.js'
import {
  type Block,
  CARD_WIDTH_PX,
  COLUMN,
  CONTENT_START_PX,
  CONTENT_WIDTH_PX,
  composeCard,
  createStage,
  leftOf,
  MARGIN_PX,
  PICTURE_WIDTH_PX,
  type Stage,
  space,
  stack,
  textBlock,
} from './stage.js'
import { element } from './svg.js'
import { asCode, bold, regular, type Typesetter } from './typesetter.js'
import { redeemPanel } from './voucher-codes.js'

const LOGO_PX = 92

const issuer = (stage: Stage, brand: Brand): Block => {
  const offsetPx = LOGO_PX + 28
  const name = textBlock(stage, brand.businessName, [regular(38)], {
    place: { ...COLUMN, startPx: CONTENT_START_PX + offsetPx, widthPx: CONTENT_WIDTH_PX - offsetPx },
    color: stage.palette.onBrand,
  })
  return {
    heightPx: LOGO_PX,
    draw: (topPx) =>
      logoTile(stage, brand, CONTENT_START_PX, topPx, LOGO_PX) + name.draw(topPx + (LOGO_PX - name.heightPx) / 2),
  }
}

const ICON_PX = 56
/** Of the icon's grid, the part left free at its sides. */
const ICON_INSET_PX = ICON_PX * 0.19

const expiry = (stage: Stage, label: string | null): Block => {
  if (label === null) return space(0)
  const color = stage.palette.onBrand
  const words = textBlock(stage, label, [bold(38), bold(32)], {
    place: { ...COLUMN, startPx: CONTENT_START_PX + ICON_PX, widthPx: CONTENT_WIDTH_PX - ICON_PX },
    color,
  })
  const iconX = leftOf(stage, CONTENT_START_PX - ICON_INSET_PX + ICON_PX / 2, 0)
  return stack(space(30), {
    heightPx: words.heightPx,
    draw: (topPx) => calendar(iconX, topPx + words.heightPx / 2, ICON_PX, color) + words.draw(topPx),
  })
}

const header = (stage: Stage, { brand, title, description, labels }: VoucherPicture): Block => {
  const color = stage.palette.onBrand
  return brandHeader(
    stage,
    stack(
      space(52),
      issuer(stage, brand),
      space(36),
      textBlock(stage, title, [bold(68), bold(60), bold(60, 2), bold(50, 3)], { color }),
      space(description === null ? 0 : 12),
      textBlock(stage, description, [regular(38, 2), regular(36, 3)], { color }),
      expiry(stage, labels.expires),
      space(56),
    ),
  )
}

/** The notches and the perforation by which anyone knows a coupon. */
const perforation = (stage: Stage): Block => ({
  heightPx: 0,
  draw(topPx) {
    const notch = (cx: number) => element('circle', { cx, cy: topPx, r: 26, fill: stage.palette.wash })
    return notch(MARGIN_PX) + notch(MARGIN_PX + CARD_WIDTH_PX)
  },
})

const dashedLine = (stage: Stage): Block => ({
  heightPx: 4,
  draw: (topPx) =>
    element('path', {
      d: `M${CONTENT_START_PX} ${topPx + 2}H${PICTURE_WIDTH_PX - CONTENT_START_PX}`,
      stroke: stage.palette.line,
      'stroke-width': 4,
      'stroke-dasharray': '0.1 14',
      'stroke-linecap': 'round',
    }),
})

/** Label at the start, number at the end of one line. */
const voucherNumber = (stage: Stage, { voucherNumber, labels }: VoucherPicture): Block => {
  const half = CONTENT_WIDTH_PX / 2 - 12
  const label = textBlock(stage, labels.voucherNumber, [regular(36), regular(30, 2)], {
    place: { ...COLUMN, widthPx: half },
    color: stage.palette.muted,
  })
  const number = textBlock(stage, voucherNumber, [asCode(bold(42)), asCode(bold(34, 2))], {
    place: { startPx: CONTENT_START_PX + CONTENT_WIDTH_PX - half, widthPx: half, align: 'end' },
    color: stage.palette.ink,
  })
  const heightPx = Math.max(label.heightPx, number.heightPx)
  return {
    heightPx,
    draw: (topPx) =>
      label.draw(topPx + (heightPx - label.heightPx) / 2) + number.draw(topPx + (heightPx - number.heightPx) / 2),
  }
}

/** The voucher as SVG, 1080 px wide. */
export const composeVoucherPicture = (picture: VoucherPicture, typesetter: Typesetter): string => {
  const stage = createStage(typesetter, picture.brand, picture.state !== 'active')
  const redeem = redeemPanel(stage, picture)
  const body = stack(
    perforation(stage),
    redeem,
    ...(redeem.heightPx === 0 ? [] : [dashedLine(stage)]),
    space(44),
    voucherNumber(stage, picture),
    space(52),
  )
  return composeCard(stage, header(stage, picture), body)
}
