import type { Font } from 'harfbuzzjs'
import { LRUCache } from 'lru-cache'
import { createFonts } from './fonts.js'
import { createShaper, type Glyph, type ShapedLine, type TextStyle } from './shaping.js'
import { type Attributes, element, px } from './svg.js'
import { cleanText, type Direction, directionOf, graphemesOf } from './text.js'

/** A line of text that knows its width and can be put anywhere. */
export interface Line {
  readonly text: string
  readonly widthPx: number
  /** SVG of the line with its left end at `x`; `y` is the baseline. The words stay readable in `aria-label`. */
  draw(x: number, y: number, paint: Attributes): string
}

/** One way to set a text. */
export interface Setting extends TextStyle {
  readonly maxLines: number
  /** Where it does not follow from the letters. */
  readonly direction?: Direction
}

/** Ways to set a text, the most welcome first. */
export type Settings = readonly [Setting, ...Setting[]]

export const regular = (sizePx: number, maxLines = 1): Setting => ({ weight: 'regular', sizePx, maxLines })

export const bold = (sizePx: number, maxLines = 1): Setting => ({ weight: 'bold', sizePx, maxLines })

/** Numbers and codes read from left to right everywhere: "0412 8830" must not become "8830 0412" among Arabic words. */
export const asCode = (setting: Setting): Setting => ({ ...setting, direction: 'ltr' })

/** Lines that belong together, in one size. */
export interface Paragraph {
  readonly lines: readonly Line[]
  readonly sizePx: number
}

export interface Typesetter {
  /** One line, as long as it comes out. */
  line(text: string, style: TextStyle): Line
  /**
   * The text in the first of `settings` in which all of it fits; else in the last one, ending in an ellipsis where the
   * room ends. No lines for an empty text.
   */
  fit(text: string, maxWidthPx: number, settings: Settings): Paragraph
}

const ELLIPSIS = '…'

/** Glyph outlines kept as SVG path data: all letters of a few languages, some 3 MB at most. */
const OUTLINES_KEPT = 4000

type OutlineOf = (font: Font, glyphId: number) => string

const createOutlines = (): OutlineOf => {
  const kept = new LRUCache<string, string>({ max: OUTLINES_KEPT })
  return (font, glyphId) => {
    const key = `${font.ptr}:${glyphId}`
    const known = kept.get(key)
    if (known !== undefined) return known
    const path = font.glyphToPath(glyphId)
    kept.set(key, path)
    return path
  }
}

/** A font's y axis points up, SVG's down. */
const drawGlyph = ({ scale, x, y }: Glyph, d: string, left: number, baseline: number): string =>
  d === '' ? '' : `<path transform="matrix(${scale} 0 0 ${-scale} ${px(left + x)} ${px(baseline + y)})" d="${d}"/>`

const lineOf = (text: string, { glyphs, widthPx }: ShapedLine, outlineOf: OutlineOf): Line => ({
  text,
  widthPx,
  draw(x, y, paint) {
    if (glyphs.length === 0) return ''
    const paths = glyphs.map((glyph) => drawGlyph(glyph, outlineOf(glyph.font, glyph.id), x, y))
    return element('g', { 'aria-label': text, ...paint }, ...paths)
  },
})

/** The longest beginning of the text, cut between characters, for which `fits` holds. */
const longestPrefix = (text: string, fits: (prefix: string) => boolean): string => {
  const parts = graphemesOf(text)
  let [fitting, tooLong] = [0, parts.length + 1]
  while (tooLong - fitting > 1) {
    const middle = (fitting + tooLong) >> 1
    if (fits(parts.slice(0, middle).join(''))) fitting = middle
    else tooLong = middle
  }
  return parts.slice(0, fitting).join('')
}

/** Breaks at spaces, and inside a word only where the word alone is wider than a line. Every line holds something. */
const breakLines = (text: string, fits: (line: string) => boolean): string[] => {
  const lines: string[] = []
  let rest = text
  while (rest !== '' && !fits(rest)) {
    const byCharacter = longestPrefix(rest, (prefix) => fits(prefix.trimEnd())) || (graphemesOf(rest)[0] ?? rest)
    const lastSpace = rest[byCharacter.length] === ' ' ? byCharacter.length : byCharacter.lastIndexOf(' ')
    const line = lastSpace > 0 ? rest.slice(0, lastSpace) : byCharacter
    lines.push(line.trimEnd())
    rest = rest.slice(line.length).trimStart()
  }
  return rest === '' ? lines : [...lines, rest]
}

/** Keeps the first `maxLines`; what is left out shows as an ellipsis at the end of the last. */
const cutLines = (lines: readonly string[], maxLines: number, fits: (line: string) => boolean): string[] => {
  if (lines.length <= maxLines) return [...lines]
  const kept = lines.slice(0, maxLines)
  const last = kept.at(-1) ?? ''
  const prefix = longestPrefix(last, (part) => fits(part.trimEnd() + ELLIPSIS))
  return [...kept.slice(0, -1), prefix.trimEnd() + ELLIPSIS]
}

/** A paragraph runs the way of its first letter; one without letters the way of the picture's language. */
const directionOfText = (text: string, fallback: Direction): Direction => {
  const letter = /\p{Letter}/u.exec(text)?.[0]
  if (letter === undefined) return fallback
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/.test(letter) ? 'rtl' : 'ltr'
}

/** For the pictures of one process; opens fonts on first use and keeps them. */
export const createTypesetting = (): ((language: string) => Typesetter) => {
  const shapeLine = createShaper(createFonts())
  const outlineOf = createOutlines()
  return (language) => {
    const setLine = (text: string, style: TextStyle, direction: Direction): Line =>
      lineOf(text, shapeLine(text, style, direction), outlineOf)
    const directionIn = (text: string) => directionOfText(text, directionOf(language))
    return {
      line(text, style) {
        const clean = cleanText(text)
        return setLine(clean, style, directionIn(clean))
      },
      fit(text, maxWidthPx, settings) {
        const clean = cleanText(text)
        const set = (line: string, setting: Setting) => setLine(line, setting, setting.direction ?? directionIn(clean))
        const fits = (setting: Setting) => (line: string) => set(line, setting).widthPx <= maxWidthPx
        const holdsAll = (setting: Setting) => breakLines(clean, fits(setting)).length <= setting.maxLines
        const chosen = settings.find(holdsAll) ?? settings.at(-1) ?? settings[0]
        const lines = cutLines(breakLines(clean, fits(chosen)), chosen.maxLines, fits(chosen))
        return { sizePx: chosen.sizePx, lines: lines.map((line) => set(line, chosen)) }
      },
    }
  }
}
