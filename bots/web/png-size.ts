import type { PictureSize } from './web-message.js'

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const HEADER_BYTES = 24

/** Width and height of a PNG by its first chunk (https://www.w3.org/TR/png-3/#11IHDR); null for what is not a PNG. */
export const pngSize = (png: Buffer): PictureSize | null => {
  if (png.length < HEADER_BYTES || !png.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return null
  const [widthPx, heightPx] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  return widthPx > 0 && heightPx > 0 ? { widthPx, heightPx } : null
}
