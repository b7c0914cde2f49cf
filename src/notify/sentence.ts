/** A text of a language with its variables, made ready to be filled in many times. */
export type Sentence = (fillIn: (variable: string) => string) => string

/** The names of a text's variables, and whatever else stands in its braces, each once. */
export const variablesOf = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{\{(.*?)\}\}/g)].map(([, name = '']) => name.trim())),
]

/**
 * Splits `Next reward: {{reward}}` at its variables once. Filling in joins the pieces, so a value is never searched for
 * variables, whatever it contains, and a message costs a microsecond where interpolation by search costs twenty.
 */
export const sentenceOf = (text: string): Sentence => {
  const pieces = text.split(/\{\{\s*(\w+)\s*\}\}/)
  if (pieces.length === 1) return () => text
  return (fillIn) => {
    let filled = ''
    pieces.forEach((piece, index) => {
      filled += index % 2 === 0 ? piece : fillIn(piece)
    })
    return filled
  }
}

const LONGEST_VALUE = 120
/** Leaves room for the lines around it in the 4,096 characters that the strictest messenger takes. */
const LONGEST_OWN_WORDS = 3_000

/** Control characters, line breaks, spaces, and the marks that turn the direction of everything behind them. */
const UNRULY = /[\p{Cc}\p{Zs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu
const UNRULY_BUT_LINES = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/gu

/**
 * A name, title or code as part of one line: on one line itself, and no longer than 120 UTF-16 units, so that no message
 * outgrows what a messenger takes and nobody's name can pretend to be another paragraph.
 */
export const asValue = (text: string): string =>
  // Enough of a monstrous text to fill the line with.
  shorten(
    cut(text, 4 * LONGEST_VALUE)
      .replace(UNRULY, ' ')
      .trim(),
    LONGEST_VALUE,
  )

/** What the business wrote, with its line breaks and without what could disturb the lines around it. */
export const asOwnWords = (text: string): string =>
  shorten(
    cut(text, 2 * LONGEST_OWN_WORDS)
      .replace(UNRULY_BUT_LINES, '')
      .trim(),
    LONGEST_OWN_WORDS,
  )

const shorten = (text: string, length: number): string => (text.length <= length ? text : `${cut(text, length - 1)}…`)

/** The beginning of a text, never half of a character outside the basic plane. */
const cut = (text: string, length: number): string => {
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}
