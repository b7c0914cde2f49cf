import { barcode, type Code, qrCode } from './codes.js'
import type { VoucherPicture } from './picture.js'
import { type Block, CARD_WIDTH_PX, CONTENT_WIDTH_PX, PICTURE_WIDTH_PX, type Stage, space, stack } from './stage.js'
import { statePlate } from './state-plate.js'
import { element, roundedRect } from './svg.js'
import { asCode, bold, type Paragraph, type Setting, type Settings } from './typesetter.js'

/** Messengers recompress photos: a QR is at least this wide, and a barcode's narrowest bar at least three pixels. */
const MIN_QR_PX = 512
const MIN_BAR_PX = 3
const MAX_BAR_PX = 6
const BARCODE_HEIGHT_PX = 168
const CENTER = PICTURE_WIDTH_PX / 2

/** What of the redeem code is drawn. */
interface RedeemCodes {
  readonly qr: Code | null
  readonly barcode: Code | null
  readonly text: string | null
}

const barPx = (code: Code): number =>
  Math.min(MAX_BAR_PX, Math.floor(CARD_WIDTH_PX / (code.modulesWide + 2 * code.quietModules)))

/**
 * Draws what `formats` asks for. A format that cannot carry this code gives way to the next more able one, so that the
 * voucher can always be used: a barcode that is not ASCII or too fine becomes a QR, a QR too dense becomes text.
 */
const chooseCodes = ({ redeemCode, formats }: VoucherPicture): RedeemCodes => {
  if (redeemCode === null || redeemCode === '') return { qr: null, barcode: null, text: null }
  const wantsBarcode = formats.includes('barcode')
  const bars = wantsBarcode ? barcode(redeemCode) : null
  const scannableBars = bars !== null && barPx(bars) >= MIN_BAR_PX ? bars : null
  const wantsQr = formats.includes('qr') || (wantsBarcode && scannableBars === null)
  const qr = wantsQr ? qrCode(redeemCode) : null
  const wantsText = formats.includes('text') || (wantsQr && qr === null)
  return { qr, barcode: scannableBars, text: wantsText ? redeemCode : null }
}

const drawCode = (code: Code, left: number, top: number, modulePx: number, heightPx: number, color: string): string =>
  element('path', {
    d: code.path(Math.round(left), Math.round(top), modulePx, heightPx / code.modulesHigh),
    fill: color,
    'shape-rendering': 'crispEdges',
  })

/** The QR with its quiet zone above and below; at the sides the card is wide enough. */
const qrBlock = (code: Code, color: string): Block => {
  const modulePx = Math.ceil(MIN_QR_PX / code.modulesWide)
  const sizePx = code.modulesWide * modulePx
  const quietPx = code.quietModules * modulePx
  return {
    heightPx: sizePx + 2 * quietPx,
    draw: (topPx) => drawCode(code, CENTER - sizePx / 2, topPx + quietPx, modulePx, sizePx, color),
  }
}

const barcodeBlock = (code: Code, color: string): Block => ({
  heightPx: BARCODE_HEIGHT_PX,
  draw: (topPx) => {
    const modulePx = barPx(code)
    return drawCode(code, CENTER - (code.modulesWide * modulePx) / 2, topPx, modulePx, BARCODE_HEIGHT_PX, color)
  },
})

const strikeThrough = (paragraph: Paragraph, topPx: number, lineHeightPx: number, color: string): string =>
  paragraph.lines
    .map((line, i) => {
      const middle = topPx + (i + 0.5) * lineHeightPx
      const half = line.widthPx / 2 + 16
      return element('path', {
        d: `M${CENTER - half} ${middle}h${2 * half}`,
        stroke: color,
        'stroke-width': 6,
        'stroke-linecap': 'round',
      })
    })
    .join('')

const FIELD_PADDING_PX = 48

const spaced = (sizePx: number, maxLines = 1): Setting => ({
  ...asCode(bold(sizePx, maxLines)),
  trackingPx: sizePx * 0.06,
})

/** One line as long as that can be read; then as many as it takes, since a code cut short is no code. */
const CODE_SETTINGS: Settings = [spaced(76), spaced(64), spaced(54), spaced(46), spaced(40, 20)]

/** The code to be read out or typed: large, spaced, on a tinted field as wide as it needs. */
const textField = (stage: Stage, text: string, struck: boolean): Block => {
  const paragraph = stage.typesetter.fit(text, CONTENT_WIDTH_PX - 2 * FIELD_PADDING_PX, CODE_SETTINGS)
  if (paragraph.lines.length === 0) return space(0)
  const lineHeightPx = Math.round(paragraph.sizePx * 1.3)
  const widthPx = Math.max(...paragraph.lines.map((line) => line.widthPx)) + 2 * FIELD_PADDING_PX
  const heightPx = paragraph.lines.length * lineHeightPx + 40
  const color = struck ? stage.palette.muted : stage.palette.ink
  return {
    heightPx,
    draw: (topPx) =>
      [
        roundedRect({ x: CENTER - widthPx / 2, y: topPx, width: widthPx, height: heightPx }, 32, {
          fill: stage.palette.wash,
        }),
        ...paragraph.lines.map((line, i) =>
          line.draw(CENTER - line.widthPx / 2, topPx + 20 + i * lineHeightPx + paragraph.sizePx, { fill: color }),
        ),
        struck ? strikeThrough(paragraph, topPx + 20, lineHeightPx, color) : '',
      ].join(''),
  }
}

/**
 * A code that must not be read any more, drawn pale for the eye and without its middle: nearly half of a QR,
 * more than any error correction mends, and more than half of a barcode's bars over their whole height.
 */
const voided = (stage: Stage, block: Block, plate: Block, gap: { widthPx: number; heightPx: number }): Block => ({
  heightPx: block.heightPx,
  draw(topPx) {
    const middle = topPx + block.heightPx / 2
    const hole = { x: CENTER - gap.widthPx / 2, y: middle - gap.heightPx / 2, width: gap.widthPx, height: gap.heightPx }
    return (
      block.draw(topPx) + roundedRect(hole, 0, { fill: stage.palette.paper }) + plate.draw(middle - plate.heightPx / 2)
    )
  },
})

const GAP_PX = 56

const usableCodes = (stage: Stage, { qr, barcode, text }: RedeemCodes): Block[] => {
  const { ink } = stage.palette
  const belowQr = [
    ...(barcode ? [barcodeBlock(barcode, ink), space(text === null ? GAP_PX : 32)] : []),
    ...(text ? [textField(stage, text, false), space(GAP_PX)] : []),
  ]
  return qr ? [qrBlock(qr, ink), ...belowQr] : [space(GAP_PX), ...belowQr]
}

const usedUpCodes = (stage: Stage, picture: VoucherPicture, { qr, barcode, text }: RedeemCodes): Block[] => {
  const plate = statePlate(stage, picture)
  const { line } = stage.palette
  const struckText = text ? [textField(stage, text, true), space(GAP_PX)] : []
  if (qr) return [voided(stage, qrBlock(qr, line), plate, { widthPx: 700, heightPx: 230 }), ...struckText]
  if (barcode) {
    const gap = { widthPx: 0.6 * barcode.modulesWide * barPx(barcode), heightPx: BARCODE_HEIGHT_PX }
    return [space(GAP_PX), voided(stage, barcodeBlock(barcode, line), plate, gap), space(40), ...struckText]
  }
  return [space(GAP_PX), plate, space(text ? 40 : GAP_PX), ...struckText]
}

/** The part of the voucher that staff scan or type; of a used one, the proof that it is used. No height without either. */
export const redeemPanel = (stage: Stage, picture: VoucherPicture): Block => {
  const codes = chooseCodes(picture)
  if (picture.state !== 'active') return stack(...usedUpCodes(stage, picture, codes))
  const empty = codes.qr === null && codes.barcode === null && codes.text === null
  return empty ? space(0) : stack(...usableCodes(stage, codes))
}
