/** Where the stamps of a card go. Pure geometry, from the grid's start corner; the caller mirrors it for right-to-left. */
export interface StampGrid {
  readonly sizePx: number
  readonly heightPx: number
  /** Centres, in stamp order. */
  readonly centers: readonly { readonly x: number; readonly y: number }[]
}

/** More stamps than this are not drawn one by one; the progress line says the count. */
export const MAX_DRAWN_STAMPS = 100

const MAX_STAMP_PX = 148
/** Gaps between stamps, as shares of their size: where it gets tight, and where there is room. */
const LEAST_GAP = 0.24
const WIDEST_GAP = 0.75
/** What an arrangement loses of its merit, the stamps' size, by a last row that is not full or by gaps too wide. */
const RAGGED = 0.69
const LOOSE = 0.7

interface Arrangement {
  readonly columns: number
  readonly rows: number
  readonly sizePx: number
  readonly gapPx: number
  readonly merit: number
}

const arrange = (count: number, columns: number, widthPx: number, maxHeightPx: number): Arrangement => {
  const rows = Math.ceil(count / columns)
  const fitting = (lengthPx: number, stamps: number) => lengthPx / (stamps + (stamps - 1) * LEAST_GAP)
  const sizePx = Math.min(MAX_STAMP_PX, fitting(widthPx, columns), fitting(maxHeightPx, rows))
  const flushGapPx = (widthPx - columns * sizePx) / (columns - 1)
  const gapPx = Math.min(flushGapPx, sizePx * WIDEST_GAP)
  const merit = sizePx * (columns * rows === count ? 1 : RAGGED) * (gapPx === flushGapPx ? 1 : LOOSE)
  return { columns, rows, sizePx, gapPx, merit }
}

/** The arrangement with the largest stamps in which rows are full and reach from edge to edge, or nearly so. */
const bestArrangement = (count: number, widthPx: number, maxHeightPx: number): Arrangement =>
  Array.from({ length: count }, (_, i) => arrange(count, i + 1, widthPx, maxHeightPx)).reduce((best, next) =>
    next.merit >= best.merit ? next : best,
  )

/** About as high as the grid gets; a card of very many stamps becomes taller rather than its stamps too small. */
const aimHeightPx = (count: number): number => (count <= 40 ? 420 : 560)

/** `count` is 1 to 100. The grid is flush with the text above it wherever the stamps can be spread that far. */
export const layOutStamps = (count: number, widthPx: number): StampGrid => {
  const { columns, rows, sizePx, gapPx } = bestArrangement(count, widthPx, aimHeightPx(count))
  const rowGapPx = Math.min(Math.max(gapPx, sizePx * LEAST_GAP), sizePx * 0.34)
  return {
    sizePx,
    heightPx: rows * sizePx + (rows - 1) * rowGapPx,
    centers: Array.from({ length: count }, (_, i) => ({
      x: sizePx / 2 + (i % columns) * (sizePx + gapPx),
      y: sizePx / 2 + Math.floor(i / columns) * (sizePx + rowGapPx),
    })),
  }
}
