/** What is true of a text before it has a font: which characters of it may be drawn, and which way it runs. */

/** Longer texts would be cut to a few lines anyway; this bounds the work. */
const LONGEST_TEXT = 400

const RIGHT_TO_LEFT_LANGUAGES: ReadonlySet<string> = new Set([
  'ar',
  'dv',
  'fa',
  'he',
  'iw',
  'ks',
  'ps',
  'sd',
  'ug',
  'ur',
  'yi',
])

/** Direction overrides and isolates: drawn text gets its direction from its letters, never from hidden characters. */
const DIRECTION_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

export type Direction = 'ltr' | 'rtl'

/** Which side a picture in this language (BCP 47) starts from. */
export const directionOf = (language: string): Direction =>
  RIGHT_TO_LEFT_LANGUAGES.has(language.toLowerCase().split(/[-_]/)[0] ?? '') ? 'rtl' : 'ltr'

/** One line of drawable text: no control characters, no lone surrogates, runs of white space as one space. */
export const cleanText = (text: string): string =>
  text
    .slice(0, LONGEST_TEXT)
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(DIRECTION_CONTROLS, '')
    .replace(/[\p{Control}\p{White_Space}]+/gu, ' ')
    .replace(/[\ufffe\uffff]/g, '')
    .normalize('NFC')
    .trim()

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

const ASCII_ONLY = /^[\x20-\x7e]*$/

/** What a reader counts as characters. In printable ASCII each is one; asking Unicode's rules took a fifth of composing. */
export const graphemesOf = (text: string): string[] =>
  ASCII_ONLY.test(text) ? text.split('') : Array.from(graphemes.segment(text), (part) => part.segment)
