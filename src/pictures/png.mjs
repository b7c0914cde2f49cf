import { crc32, deflateSync } from 'node:zlib'
import { createColourIndex } from './png-colours.mjs'

/**
 * Writes PNGs (https://www.w3.org/TR/png-3/) of what is mostly flat colour, in a quarter of resvg's own time and half its
 * bytes: with a palette wherever 256 colours are enough. Plain JavaScript, as the thread is that it runs in.
 */

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const INDEXED = 3
const TRUE_COLOUR_WITH_ALPHA = 6
/** zlib's last level with its quick search: the next ones take twice as long and save nothing here. */
const LEVEL = 3

/**
 * Gives the function that encodes RGBA pixels, four bytes each, row by row. It keeps its working memory, some bytes per
 * pixel, for the next picture: to get that much fresh memory takes as long as to fill it.
 */
export const createPngEncoder = () => {
  const indexColours = createColourIndex()
  let scratch = new Uint8Array(0)
  /** @param {number} bytes */
  const scratchOf = (bytes) => {
    if (scratch.length < bytes) scratch = new Uint8Array(bytes)
    return scratch.subarray(0, bytes)
  }
  /**
   * @param {Uint8Array} rgba
   * @param {number} width
   * @param {number} height
   * @returns {Uint8Array<ArrayBuffer>} in memory of its own
   */
  return (rgba, width, height) => {
    const indexed = scratchOf((width + 1) * height)
    const palette = indexColours(rgba, width, indexed)
    if (palette !== null) return pngFile(headerOf(width, height, INDEXED), ['PLTE', palette], imageData(indexed))
    const rows = scratchOf((width * 4 + 1) * height)
    copyRows(rgba, width * 4, rows)
    return pngFile(headerOf(width, height, TRUE_COLOUR_WITH_ALPHA), imageData(rows))
  }
}

/** @typedef {[type: string, data: Uint8Array]} Chunk */

/**
 * @param {Uint8Array} rows
 * @returns {Chunk}
 */
const imageData = (rows) => ['IDAT', deflateSync(rows, { level: LEVEL })]

/**
 * Rows as PNG wants them: each begins with its filter's number, 0 for none.
 * @param {Uint8Array} bytes
 * @param {number} rowBytes
 * @param {Uint8Array} rows
 */
const copyRows = (bytes, rowBytes, rows) => {
  for (let from = 0, to = 0; from < bytes.length; from += rowBytes, to += rowBytes + 1) {
    rows[to] = 0
    rows.set(bytes.subarray(from, from + rowBytes), to + 1)
  }
}

/**
 * 8 bits per sample, not interlaced.
 * @param {number} width
 * @param {number} height
 * @param {number} colourType
 * @returns {Chunk}
 */
const headerOf = (width, height, colourType) => {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, colourType], 8)
  return ['IHDR', header]
}

/** @param {Chunk[]} chunks all but the last, which is empty */
const pngFile = (...chunks) => {
  /** @type {Chunk[]} */
  const parts = [...chunks, ['IEND', new Uint8Array(0)]]
  const file = new Uint8Array(parts.reduce((sum, [, data]) => sum + 12 + data.length, SIGNATURE.length))
  const view = new DataView(file.buffer)
  file.set(SIGNATURE)
  let at = SIGNATURE.length
  for (const [type, data] of parts) {
    const end = at + 8 + data.length
    view.setUint32(at, data.length)
    file.set(Buffer.from(type, 'latin1'), at + 4)
    file.set(data, at + 8)
    view.setUint32(end, crc32(file.subarray(at + 4, end)))
    at = end + 4
  }
  return file
}
