import { createHash } from 'node:crypto'
import type { Wording } from '../../src/notify/wording.js'
import { scan } from '../pictures/reading.js'
import { LINK, NUMBER, withoutCode } from './codes.js'
import { type Entry, SHOWING } from './play.js'
import { isTelegramOnly, type Language, type Scenario } from './scenario.js'
import type { Seen } from './seat.js'

/**
 * What messengers do differently although the conversation says the same; nothing else may differ between two transcripts:
 *
 * | Telegram                                        | web chat                             |
 * | ----------------------------------------------- | ------------------------------------ |
 * | a button shares one's own phone number          | no browser vouches for one: no button |
 * | "share your phone number … or open your link"   | "open your personal link"            |
 * | a message may come without sound                | makes no sound                       |
 * | says who of the team replied                    | knows no names: "a colleague"        |
 * | a typed PIN is deleted                          | shows dots in its place              |
 * | a staff chat is listed as one of Telegram       | as one of the web                    |
 * | whoever gets a card is called by their name     | knows no names                       |
 */
export type Form = 'as seen' | 'on any messenger'

export interface Telling {
  readonly wording: Wording
  readonly businessName: string
  readonly form: Form
}

/** A transcript that reads like a chat. */
export const tell = async (
  scenario: Scenario,
  language: Language,
  entries: readonly Entry[],
  telling: Telling,
): Promise<string> => {
  const chats = new Set(entries.flatMap((entry) => (entry.kind === 'seen' ? entry.by : [])))
  const menus = new Map<string, string>()
  const lines = await Promise.all(
    entries.map((entry) => {
      if (entry.kind === 'done') return `\n${entry.line}`
      const bot = chats.size > 1 || entry.by !== firstSpeaker(scenario) ? `Bot to ${entry.by}` : 'Bot'
      return tellSeen(entry, bot, telling, menuOf(entry, menus))
    }),
  )
  const only = isTelegramOnly(scenario) ? '\n(on Telegram alone)' : ''
  return `${scenario.about} (${language})${only}\n${lines.join('\n')}\n`
}

const firstSpeaker = ({ people }: Scenario): string | undefined => Object.keys(people)[0]

/** A chat's menu is written out when it first stands there, and when it has changed. */
const menuOf = ({ by, seen: { menu } }: Entry & { kind: 'seen' }, menus: Map<string, string>): string | null => {
  if (menu === null) return null
  const entries = menu.join(' | ')
  if (menus.get(by) === entries) return '(menu)'
  menus.set(by, entries)
  return `(menu: ${entries})`
}

const tellSeen = async (
  { seen, shows, givenNumber }: Entry & { kind: 'seen' },
  bot: string,
  { wording, businessName, form }: Telling,
  menu: string | null,
): Promise<string> => {
  const given = givenNumber === null ? seen.text : withoutName(seen.text, wording, businessName)
  const text = form === 'as seen' ? seen.text : anyMessengersText(given, wording, businessName)
  const isSilent = seen.isSilent && form === 'as seen'
  const rows = [
    ...(seen.png
      ? [
          `(picture: ${[shows ?? 'unknown', ...(shows === SHOWING ? [`QR ${LINK}`] : await codesOf(seen.png))].join(', ')})`,
        ]
      : []),
    ...text.split('\n'),
    ...seen.buttons.map((row) =>
      row.map(({ label, does }) => `[${does === null ? label : `${label}: ${does}`}]`).join(' '),
    ),
    ...(seen.phoneButton !== null && form === 'as seen' ? [`[${seen.phoneButton}]`] : []),
    ...(menu === null ? [] : [menu]),
  ]
  const speaker = `${bot}${seen.kind === 'edit' ? ' (changes an older message)' : ''}${isSilent ? ' (without sound)' : ''}`
  const told = `${speaker}: ${withoutCode(rows, wording).join('\n    ')}`
  return givenNumber === null ? told : told.replaceAll(givenNumber, NUMBER)
}

const LISTED_CHAT = /^(\d+\. )(?:Telegram|Web)\b/gm

const anyMessengersText = (text: string, { languages, word }: Wording, business: string): string =>
  [...languages].reduce(
    (said, language) =>
      said
        .replace(word(language, 'connect.byPhone', { business }), word(language, 'connect.byLink', { business }))
        .replace(newsOfReply(word, language), (_, _who: string, asker: string) =>
          word(language, 'team.answered', { who: { key: 'team.colleague' }, asker }),
        ),
    text.replace(LISTED_CHAT, '$1(messenger)'),
  )

/** Of a card that the program has given. */
const withoutName = (text: string, { languages, word }: Wording, business: string): string =>
  [...languages].reduce(
    (said, language) =>
      said.replace(
        patternOf(word(language, 'link.doneNamed', { name: '|', business })),
        word(language, 'link.done', { business }),
      ),
    text,
  )

const newsOfReply = (word: Wording['word'], language: string): RegExp =>
  patternOf(word(language, 'team.answered', { who: '|', asker: '|' }))

/** A whole line, with anything where it has bars. */
const patternOf = (line: string): RegExp => new RegExp(`^${line.replaceAll('.', '\\.').replaceAll('|', '(.+)')}$`, 'mu')

const CODE_NAMES: Readonly<Record<string, string>> = { QRCode: 'QR', Code128: 'barcode' }
const scanned = new Map<string, Promise<readonly string[]>>()

/** What a scanner reads on a picture. */
const codesOf = (png: Buffer): Promise<readonly string[]> => {
  const id = fingerprintOf(png)
  const known = scanned.get(id)
  if (known !== undefined) return known
  const codes = scan(png).then((found) =>
    found.length === 0
      ? ['no codes']
      : found.map((code) => code.replace(/^\w+/, (format) => CODE_NAMES[format] ?? format)),
  )
  scanned.set(id, codes)
  return codes
}

/** The pictures of a transcript in order, down to the last pixel, but for those with codes that are others every time. */
export const picturesOf = (entries: readonly Entry[]): readonly (string | null)[] =>
  entries.flatMap((entry) =>
    entry.kind === 'seen' && entry.seen.png && entry.shows !== SHOWING && entry.givenNumber === null
      ? fingerprintOf(entry.seen.png)
      : [],
  )

const fingerprintOf = (png: NonNullable<Seen['png']>): string => createHash('sha256').update(png).digest('hex')
