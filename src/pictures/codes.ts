import { createRequire } from 'node:module'
import type Bwip from 'bwip-js'

const require = createRequire(import.meta.url)

/** Every kind of barcode in one file: 6 MB of memory that are paid with the first code, and not by an idle café. */
const writer = (): typeof Bwip => require('bwip-js')

/** A code as modules, the units it is drawn in. The quiet zone it needs around it is not part of it. */
export interface Code {
  readonly modulesWide: number
  /** Equal to `modulesWide` for a QR; 1 for a barcode, which may be drawn at any height. */
  readonly modulesHigh: number
  /** Free space on each side without which readers do not find the code. */
  readonly quietModules: number
  /** SVG path data with the code's corner at (`x`, `y`), all whole numbers when the arguments are: no module is blurred. */
  path(x: number, y: number, moduleWidthPx: number, moduleHeightPx: number): string
}

interface Bar {
  readonly column: number
  readonly row: number
  readonly length: number
}

const codeOf = (bars: readonly Bar[], size: Omit<Code, 'path'>): Code => ({
  ...size,
  path: (x, y, width, height) =>
    bars
      .map(
        ({ column, row, length }) =>
          `M${x + column * width} ${y + row * height}h${length * width}v${height}h${-length * width}z`,
      )
      .join(''),
})

/** Dark stretches of one row, so that a row of modules has no seams between them. */
const darkStretches = (pixels: readonly number[], row: number): Bar[] => {
  const bars: Bar[] = []
  let start = -1
  for (let column = 0; column <= pixels.length; column++) {
    const dark = pixels[column] === 1
    if (dark && start < 0) start = column
    if (!dark && start >= 0) {
      bars.push({ column: start, row, length: column - start })
      start = -1
    }
  }
  return bars
}

/** Modules beyond which a QR on a chat picture becomes too fine to be scanned from a screen: version 20. */
const MAX_QR_MODULES = 97

/**
 * The text as QR (ISO/IEC 18004, error correction M, UTF-8); null if it is empty or makes too fine a code.
 * A quiet zone of 4 modules is the standard's.
 */
export const qrCode = (text: string): Code | null => {
  if (text === '' || text.length > 600) return null
  const [symbol] = writer().raw('qrcode', text, 'eclevel=M')
  if (!symbol || !('pixs' in symbol) || symbol.pixx > MAX_QR_MODULES) return null
  const { pixs, pixx, pixy } = symbol
  const rows = Array.from({ length: pixy }, (_, row) => darkStretches(pixs.slice(row * pixx, (row + 1) * pixx), row))
  return codeOf(rows.flat(), { modulesWide: pixx, modulesHigh: pixy, quietModules: 4 })
}

/**
 * The text as Code 128 (ISO/IEC 15417); null if it is empty or not printable ASCII, which is what tills read back
 * unchanged. A quiet zone of 10 modules is the standard's.
 */
export const barcode = (text: string): Code | null => {
  if (!/^[\x20-\x7e]{1,80}$/.test(text)) return null
  const [symbol] = writer().raw('code128', text, '')
  if (!symbol || !('sbs' in symbol)) return null
  const bars: Bar[] = []
  let column = 0
  for (const [i, length] of symbol.sbs.entries()) {
    if (i % 2 === 0) bars.push({ column, row: 0, length })
    column += length
  }
  return codeOf(bars, { modulesWide: column, modulesHigh: 1, quietModules: 10 })
}
