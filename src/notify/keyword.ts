/** Letters that Unicode does not take apart into a letter and a mark, but that people type without the mark. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', đ: 'd', ı: 'i', ß: 'ss' }

const LONGEST_KEYWORD = 60

/**
 * What two spellings of one keyword have in common: letters and digits without case, marks, punctuation and emoji, so that
 * `STOP!`, ` stop ` and `Stop 🙏` are one word. Null for a text that is too long to be a keyword, or has no letter at all.
 */
export const keywordOf = (text: string): string | null => {
  if (text.length > LONGEST_KEYWORD) return null
  const word = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mn}+/gu, '')
    .replace(/[łøđıß]/g, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  return word === '' ? null : word
}
