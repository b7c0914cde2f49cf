import type { CustomerRow } from './loyalty-tables.js'

/** More words than this tell nobody apart. */
const WORDS_MAX = 4

type Searched = { readonly [Field in 'name' | 'phone' | 'email']?: CustomerRow[Field] | undefined }

/** What a search looks at: SQLite's LIKE knows no Cyrillic case, so both sides are made equal here. */
export const searchTextOf = ({ name, phone, email }: Searched): string =>
  normal([name, phone, email].filter(Boolean).join(' '))

/**
 * LIKE patterns (with `\` as the escape), one for each word that somebody typed, in whatever order; filled up with patterns
 * that anything matches.
 */
export const searchPatterns = (typed: string): readonly [string, string, string, string] => {
  const [a, b, c, d] = normal(typed).split(' ').slice(0, WORDS_MAX).map(patternOf)
  return [a ?? '%', b ?? '%', c ?? '%', d ?? '%']
}

const patternOf = (word: string): string => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`

const normal = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/\s+/g, ' ').trim()
