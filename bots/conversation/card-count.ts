/** A slip of the finger must not fill a card. */
export const MOST_STAMPS_TYPED = 20

/** Meant as a number of stamps, whether or not it can be given: `5`, `+5`, but also `0`, `-1` and `+1.5`. */
export const isLikeACount = (text: string): boolean => hasSign(text) || /^\d{1,3}(?:[.,]\d{1,2})?$/.test(text)

/** Nobody says it by the way, and no card has such a number. */
export const hasSign = (text: string): boolean => /^[+−-] ?\d{1,9}(?:[.,]\d{1,9})?$/.test(text)

/** How many stamps a text gives; null for a number that cannot be given. */
export const countIn = (text: string): number | null => {
  const [, digits] = /^\+? ?(\d{1,3})$/.exec(text) ?? []
  const count = Number(digits)
  return count >= 1 && count <= MOST_STAMPS_TYPED ? count : null
}
