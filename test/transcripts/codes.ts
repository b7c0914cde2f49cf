import type { Wording } from '../../src/notify/wording.js'
import { scan } from '../pictures/reading.js'

/** What stands in a transcript for the digits and links that are others every time. */
export const CODE = '<code>'
export const LINK = '<link>'
export const NUMBER = '<number>'

/** The sentences that show a code: four digits at the till, six for the staff. */
const SHOWN_BY = ['till.code', 'show.code']

/** The code that a line of the program shows; null if it shows none. */
const codeOn = (line: string, { languages, word }: Wording): string | null => {
  const code = /(?<!\d)\d{4}(?:\d\d)?(?!\d)/.exec(line)?.[0]
  if (code === undefined) return null
  const isShown = [...languages].some((language) => SHOWN_BY.some((key) => line === word(language, key, { code })))
  return isShown ? code : null
}

/** The code that a text shows; null if it shows none. */
export const codeIn = (text: string, wording: Wording): string | null =>
  text.split('\n').reduce<string | null>((found, line) => found ?? codeOn(line, wording), null)

export const withoutCode = (rows: readonly string[], wording: Wording): readonly string[] =>
  rows.map((row) => {
    const code = codeOn(row, wording)
    return code === null ? row : row.replace(code, CODE)
  })

/**
 * The number of a card that the program gave in a chat, where a message shows it in words or as a code: it follows from the
 * chat, whose address is another every time on the web. Null where none is shown.
 */
export const givenNumberOn = async (
  { text, png }: { readonly text: string; readonly png: Buffer | null },
  given: readonly string[],
): Promise<string | null> => {
  if (given.length === 0) return null
  const codes = png === null ? [] : await scan(png)
  return given.find((number) => [text, ...codes].some((shown) => shown.includes(number))) ?? null
}

/** What the QR that a customer shows to the staff opens: the payload of its link. */
export const payloadOn = async (png: Buffer): Promise<string> => {
  const [qr] = await scan(png)
  const payload = qr === undefined ? null : new URL(qr.replace('QRCode ', '')).searchParams.get('start')
  if (payload === null) throw new Error('no QR with a link is on the picture')
  return payload
}
