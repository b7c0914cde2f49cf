import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PNG } from 'pngjs'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

/** An independent reader, ZXing in C++, from its package's own bytes. */
const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))
prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) } })

/** Everything a scanner finds on the picture, as hard as it can try, like `QRCode COFFEE-7K2M`. */
export const scan = async (png: Buffer): Promise<string[]> => {
  const found = await readBarcodes(new Uint8Array(png), {
    formats: ['QRCode', 'Code128'],
    tryHarder: true,
    tryDownscale: true,
    maxNumberOfSymbols: 8,
  })
  return found.map(({ format, text }) => `${format} ${text}`).sort()
}

export const sizeOf = (png: Buffer): { width: number; height: number } => {
  const { width, height } = PNG.sync.read(png)
  return { width, height }
}

/** What a messenger's preview makes of it: half the size, every pixel the mean of four. */
export const halved = (png: Buffer): Buffer => {
  const from = PNG.sync.read(png)
  const to = new PNG({ width: from.width >> 1, height: from.height >> 1 })
  const at = (x: number, y: number, channel: number) => from.data[(y * from.width + x) * 4 + channel] ?? 0
  for (let y = 0; y < to.height; y++)
    for (let x = 0; x < to.width; x++)
      for (let c = 0; c < 4; c++)
        to.data[(y * to.width + x) * 4 + c] =
          (at(2 * x, 2 * y, c) + at(2 * x + 1, 2 * y, c) + at(2 * x, 2 * y + 1, c) + at(2 * x + 1, 2 * y + 1, c)) / 4
  return PNG.sync.write(to)
}

/** The colour of one pixel, `#rrggbb`. */
export const pixelAt = (png: Buffer, x: number, y: number): string => {
  const { data, width } = PNG.sync.read(png)
  return `#${data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3).toString('hex')}`
}

export interface DrawnText {
  readonly text: string
  /** Where its first and last glyphs start, in pixels. */
  readonly firstX: number
  readonly lastX: number
  readonly glyphs: readonly string[]
}

const XML_ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const readAttribute = (value: string): string =>
  value.replace(/&(\w+);/g, (_, name: string) => XML_ENTITIES[name] ?? '?')

/** The lines of text on an SVG of ours, in drawing order. */
export const textsOn = (svg: string): DrawnText[] =>
  [...svg.matchAll(/<g aria-label="([^"]*)"[^>]*>(.*?)<\/g>/gs)].map(([, label = '', inside = '']) => {
    const xs = [...inside.matchAll(/matrix\([\d.]+ 0 0 -[\d.]+ (-?[\d.]+) /g)].map(([, x]) => Number(x))
    return {
      text: readAttribute(label),
      firstX: Math.min(...xs),
      lastX: Math.max(...xs),
      glyphs: [...inside.matchAll(/ d="([^"]*)"/g)].map(([, d = '']) => d),
    }
  })

export const wordsOn = (svg: string): string[] => textsOn(svg).map(({ text }) => text)

/** The stamps on a card's SVG, in order: `filled`, `empty`, `filled-goal`, `empty-goal`. */
export const stampsOn = (svg: string): string[] =>
  [...svg.matchAll(/data-stamp="([\w-]+)"/g)].map(([, shape = '']) => shape)
