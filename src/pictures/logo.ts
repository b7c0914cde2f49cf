/** Larger logos are not drawn: decoding one takes four bytes of memory per pixel, and a header needs some hundred. */
const MAX_LOGO_CHARS = 2_000_000
const MAX_LOGO_PIXELS = 4096 * 4096

interface Size {
  readonly width: number
  readonly height: number
}

/** The size is in the IHDR chunk, which is always the first: https://www.w3.org/TR/png-3/#11IHDR */
const sizeOfPng = (bytes: Buffer): Size | null => {
  if (bytes.length < 24 || bytes.readUInt32BE(0) !== 0x89504e47) return null
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

/** Walks the segments up to the start of frame (C0 to CF but for the tables C4, C8, CC): ITU-T T.81, B.1.1.3. */
const sizeOfJpeg = (bytes: Buffer): Size | null => {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return null
  let at = 2
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return null
}

const isDrawable = (size: Size | null): boolean =>
  size !== null && size.width > 0 && size.height > 0 && size.width * size.height <= MAX_LOGO_PIXELS

/**
 * The logo if it can be drawn: a PNG, JPEG or SVG in a base64 data URL, of bounded size. Null for everything else, so that
 * the business's initial is drawn instead. A path or web address is never followed, inside an SVG neither (resvg loads
 * only data URLs there).
 */
export const drawableLogo = (logo: string | null): string | null => {
  if (logo === null || logo.length > MAX_LOGO_CHARS) return null
  const [, type, base64] = /^data:image\/(png|jpeg|jpg|svg\+xml);base64,([A-Za-z0-9+/=\s]+)$/.exec(logo) ?? []
  if (type === undefined || base64 === undefined) return null
  const bytes = Buffer.from(base64, 'base64')
  const drawable = type === 'svg+xml' ? bytes.includes('<svg') : isDrawable(sizeOfPng(bytes) ?? sizeOfJpeg(bytes))
  return drawable ? `data:image/${type};base64,${base64.replace(/\s/g, '')}` : null
}
