/** A power of two. */
const SLOTS = 4096
/** What has more colours than this is a photograph; its slots stay half free, so that a free one is near. */
const MOST_COLOURS = SLOTS / 2
const PALETTE_SIZE = 256
/** Longer ones are quicker filled by a call. */
const SHORT_STRETCH = 16

/**
 * Gives the function that turns RGBA pixels into a palette and one index per pixel, each row behind a zero byte (PNG's
 * filter "none"). It gives the palette's RGB, or null where a palette is not enough: a colour that is not opaque, or more
 * than 256 of them, even when those a single step of 255 apart, as the soft edges of shapes have them, count as one. Of
 * such the more frequent stays exact, so that no flat colour ever changes.
 *
 * Neighbours are mostly equal, and whole rows too: everything here works on stretches, and passes over rows that repeat.
 */
export const createColourIndex = () => {
  const colours = new Int32Array(SLOTS)
  /** Pixels of a slot's colour; 0 is a free slot. */
  const counts = new Uint32Array(SLOTS)
  /** A slot's place in the palette. */
  const places = new Uint8Array(SLOTS)

  /** @param {number} colour */
  const slotOf = (colour) => {
    let slot = Math.imul(colour, 0x9e3779b1) >>> 20
    while (counts[slot] !== 0 && colours[slot] !== colour) slot = (slot + 1) % SLOTS
    return slot
  }

  /**
   * The slots in use; null for a photograph.
   * @param {Image} image
   */
  const countColours = ({ pixels, width, repeatsTheLast }) => {
    counts.fill(0)
    /** @type {number[]} */
    const used = []
    for (let row = 0; row < pixels.length; row += width) {
      if (repeatsTheLast(row)) continue
      for (let from = row, to = 0; from < row + width; from = to) {
        to = stretchEnd(pixels, from, row + width)
        const slot = slotOf(pixels[from] ?? 0)
        if (counts[slot] === 0) {
          if (used.length === MOST_COLOURS) return null
          colours[slot] = pixels[from] ?? 0
          used.push(slot)
        }
        counts[slot] = (counts[slot] ?? 0) + to - from
      }
    }
    return used
  }

  /**
   * Gives every slot in use its place in the palette.
   * @param {number[]} used
   */
  const choosePalette = (used) => {
    const palette = new Uint8Array(PALETTE_SIZE * 3)
    const bytes = new Uint8Array(colours.buffer)
    let size = 0
    const isExact = used.length <= PALETTE_SIZE
    for (const slot of used.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0))) {
      const rgba = bytes.subarray(slot * 4, slot * 4 + 4)
      if (rgba[3] !== 255) return null
      const near = isExact ? size : nearEntry(palette, size, rgba)
      if (near === PALETTE_SIZE) return null
      if (near === size) palette.set(rgba.subarray(0, 3), size++ * 3)
      places[slot] = near
    }
    return palette.subarray(0, size * 3)
  }

  /**
   * @param {Image} image
   * @param {Uint8Array} rows
   */
  const writeRows = ({ pixels, width, repeatsTheLast }, rows) => {
    for (let row = 0, to = 0; row < pixels.length; row += width, to += width + 1) {
      if (repeatsTheLast(row)) {
        rows.copyWithin(to, to - width - 1, to)
        continue
      }
      rows[to] = 0
      const shift = to + 1 - row
      for (let from = row, end = 0; from < row + width; from = end) {
        end = stretchEnd(pixels, from, row + width)
        const place = places[slotOf(pixels[from] ?? 0)] ?? 0
        if (end - from > SHORT_STRETCH) rows.fill(place, from + shift, end + shift)
        else for (let at = from; at < end; at++) rows[at + shift] = place
      }
    }
  }

  /**
   * @param {Uint8Array} rgba
   * @param {number} width
   * @param {Uint8Array} rows
   */
  return (rgba, width, rows) => {
    const image = imageOf(rgba, width)
    const used = countColours(image)
    const palette = used && choosePalette(used)
    if (palette !== null) writeRows(image, rows)
    return palette
  }
}

/**
 * `pixels` are whole colours, and `repeatsTheLast` is true of the first pixel of a row that equals the row above it.
 * @typedef {{ pixels: Int32Array, width: number, repeatsTheLast: (row: number) => boolean }} Image
 */

/**
 * @param {Uint8Array} rgba
 * @param {number} width
 * @returns {Image}
 */
const imageOf = (rgba, width) => {
  const bytes = Buffer.from(rgba.buffer, rgba.byteOffset, rgba.byteLength)
  return {
    pixels: new Int32Array(rgba.buffer, rgba.byteOffset, rgba.byteLength / 4),
    width,
    repeatsTheLast: (row) =>
      row > 0 && bytes.compare(bytes, (row - width) * 4, row * 4, row * 4, (row + width) * 4) === 0,
  }
}

/**
 * Where the stretch of the pixel at `from` ends, at `limit` at the latest.
 * @param {Int32Array} pixels
 * @param {number} from
 * @param {number} limit
 */
const stretchEnd = (pixels, from, limit) => {
  const colour = pixels[from]
  let end = from + 1
  while (end < limit && pixels[end] === colour) end++
  return end
}

/**
 * The first of the palette's `size` entries that no channel is further from than 1; `size` if there is none.
 * @param {Uint8Array} palette
 * @param {number} size
 * @param {Uint8Array} rgba
 */
const nearEntry = (palette, size, [red = 0, green = 0, blue = 0]) => {
  for (let entry = 0; entry < size; entry++) {
    const [r = 0, g = 0, b = 0] = palette.subarray(entry * 3, entry * 3 + 3)
    if (Math.abs(r - red) <= 1 && Math.abs(g - green) <= 1 && Math.abs(b - blue) <= 1) return entry
  }
  return size
}
