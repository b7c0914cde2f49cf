import { createRequire } from 'node:module'
import type bidiFactory from 'bidi-js'
import { type Font, Buffer as GlyphBuffer, Direction as HarfBuzzDirection, shape } from 'harfbuzzjs'
import type { Fonts, Weight } from './fonts.js'
import { type Direction, graphemesOf } from './text.js'

/**
 * Why text is not left to the rasteriser: resvg 2.6 takes every line for left-to-right, drops a line whose letters need
 * three fonts, and can measure only by parsing all fonts again. HarfBuzz and the bidi algorithm give the same outlines
 * for measuring and for drawing.
 */
export interface Glyph {
  readonly font: Font
  readonly id: number
  /** Offset of the glyph's origin from the line's start, in pixels. */
  readonly x: number
  readonly y: number
  readonly scale: number
}

export interface ShapedLine {
  /** From left to right, whatever the script's direction. */
  readonly glyphs: readonly Glyph[]
  readonly widthPx: number
}

export interface TextStyle {
  readonly sizePx: number
  readonly weight: Weight
  /** Extra space between characters, for codes that are read out or typed. */
  readonly trackingPx?: number
}

/** Neighbouring characters with one font and one bidi embedding level. */
interface Run {
  readonly font: Font
  readonly level: number
  text: string
}

type Bidi = ReturnType<typeof bidiFactory.default>

/** bidi-js describes itself as an ES module with a default export; its code is CommonJS that exports the function. */
const createBidi: () => Bidi = createRequire(import.meta.url)('bidi-js')

const splitIntoRuns = (text: string, levels: Uint8Array, fontOf: (cluster: string) => Font): Run[] => {
  const runs: Run[] = []
  let index = 0
  for (const cluster of graphemesOf(text)) {
    const font = fontOf(cluster)
    const level = levels[index] ?? 0
    const last = runs.at(-1)
    if (last && last.font === font && last.level === level) last.text += cluster
    else runs.push({ font, level, text: cluster })
    index += cluster.length
  }
  return runs
}

/** Rule L2 of the bidi algorithm (https://unicode.org/reports/tr9/#L2), on runs instead of characters. */
const inVisualOrder = (runs: readonly Run[]): Run[] => {
  const ordered = [...runs]
  const highest = Math.max(0, ...runs.map((run) => run.level))
  for (let level = highest; level >= 1; level--) {
    let start = 0
    while (start < ordered.length) {
      let end = start
      while ((ordered[end]?.level ?? 0) >= level) end++
      ordered.splice(start, end - start, ...ordered.slice(start, end).reverse())
      start = end + 1
    }
  }
  return ordered
}

const shapeRun = (run: Run, buffer: GlyphBuffer, style: TextStyle, startX: number): ShapedLine => {
  buffer.reset()
  buffer.addText(run.text)
  buffer.guessSegmentProperties()
  buffer.setDirection(run.level % 2 === 1 ? HarfBuzzDirection.RTL : HarfBuzzDirection.LTR)
  shape(run.font, buffer)
  const scale = style.sizePx / run.font.face.upem
  const positions = buffer.getGlyphPositions()
  let x = startX
  const glyphs = buffer.getGlyphInfos().map((info, i): Glyph => {
    const { xOffset = 0, yOffset = 0, xAdvance = 0 } = positions[i] ?? {}
    const glyph = { font: run.font, id: info.codepoint, x: x + xOffset * scale, y: -yOffset * scale, scale }
    x += xAdvance * scale + (xAdvance > 0 ? (style.trackingPx ?? 0) : 0)
    return glyph
  })
  return { glyphs, widthPx: x - startX }
}

/** Shapes one line of clean text; `direction` is its paragraph's. */
export type ShapeLine = (text: string, style: TextStyle, direction: Direction) => ShapedLine

/** `fonts` are opened as the texts ask for them. */
export const createShaper = (fonts: Fonts): ShapeLine => {
  const bidi = createBidi()
  const buffer = new GlyphBuffer()
  return (text, style, direction) => {
    const { levels } = bidi.getEmbeddingLevels(text, direction)
    const runs = splitIntoRuns(text, levels, fonts.chooserFor(text, style.weight))
    const glyphs: Glyph[] = []
    let widthPx = 0
    for (const run of inVisualOrder(runs)) {
      const shaped = shapeRun(run, buffer, style, widthPx)
      glyphs.push(...shaped.glyphs)
      widthPx += shaped.widthPx
    }
    return { glyphs, widthPx: Math.max(0, widthPx - (style.trackingPx ?? 0)) }
  }
}
