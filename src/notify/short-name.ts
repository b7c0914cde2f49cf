/** "Olena Kovalenko" is "Olena K." in a chat that a whole team reads. */
export const shortName = (name: string): string => {
  const words = name.trim().split(/\s+/)
  const [first = '', last = ''] = [words[0], words.at(-1)]
  const initial = Array.from(last)[0] ?? ''
  return words.length < 2 ? first : `${first} ${initial}.`
}
