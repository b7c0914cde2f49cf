import { readBirthday, readEmail, readLanguage, readPhone } from '../../events/profile.js'
import type { Columns, ImportField } from './columns.js'

/** One line of the file, read. Null is "not said". */
export interface ImportRow {
  /** Where it begins in the file, counted from 1. */
  readonly line: number
  /** 7stamp's customer id. */
  readonly externalId: string | null
  readonly walletPassId: string | null
  /** 7stamp's card id. */
  readonly cardExternalId: string | null
  readonly stamps: number | null
  readonly phone: string | null
  readonly email: string | null
  readonly name: string | null
  readonly birthday: string | null
  readonly language: string | null
  /** When it was true, Unix ms. */
  readonly updatedAt: number | null
}

/** What is wrong with a line. It says what to change and repeats nothing of the row: the list of them may be passed on. */
export interface LineError {
  readonly line: number
  /** Empty where it is not about one column. */
  readonly column: ImportField | ''
  readonly message: string
}

export type ReadRow =
  | { readonly kind: 'row'; readonly row: ImportRow }
  | { readonly kind: 'wrong'; readonly errors: readonly LineError[] }

const MOST_STAMPS = 10_000
/** An event names none that is longer. */
const ID_MAX = 128
const NAME_MAX = 200

/** Reads and checks one line; every wrong cell is named. */
export const readRow = (
  cells: readonly string[],
  line: number,
  { indexes, width }: Extract<Columns, { kind: 'columns' }>,
): ReadRow => {
  if (cells.length > width || cells.length < width)
    return wrong(
      line,
      `The line has ${cells.length} cells and the header ${width}: quote cells that hold the separator.`,
    )
  if (cells.some((cell) => cell.includes('\uFFFD')))
    return wrong(line, 'The line is not UTF-8: save the file as UTF-8.')
  if (cells.some((cell) => cell.includes('\0'))) return wrong(line, 'The line has a NUL character in it: take it out.')
  const errors: LineError[] = []
  const cell = <T>(column: ImportField, read: (text: string) => T | null, message: string): T | null => {
    const index = indexes[column]
    const text = index === undefined ? '' : unguarded((cells[index] ?? '').trim())
    if (text === '') return null
    const value = read(text)
    if (value === null) errors.push({ line, column, message })
    return value
  }
  const row: ImportRow = {
    line,
    externalId: cell('customer_id', short(ID_MAX), `An id has at most ${ID_MAX} characters.`),
    walletPassId: cell('wallet_pass_id', short(ID_MAX), `An id has at most ${ID_MAX} characters.`),
    cardExternalId: cell('card_id', short(ID_MAX), `An id has at most ${ID_MAX} characters.`),
    stamps: cell('stamps', readStamps, `Stamps are a whole number from 0 to ${MOST_STAMPS}.`),
    phone: cell('phone', readPhone, 'Write the phone with its country code, such as +380501234567.'),
    email: cell('email', readEmail, 'Write one email address, such as nina@cafe.example.'),
    name: cell('name', short(NAME_MAX), `A name has at most ${NAME_MAX} characters.`),
    birthday: cell('birthday', readBirthday, 'Write the birthday as YYYY-MM-DD, or --MM-DD without the year.'),
    language: cell('language', readLanguage, 'Write the language as its code, such as en, uk or pt-BR.'),
    updatedAt: cell('updated_at', readTime, 'Write the time as 2026-05-11 or 2026-05-11T12:30:00Z.'),
  }
  if (errors.length > 0) return { kind: 'wrong', errors }
  const missing = missingIn(row)
  return missing === null ? { kind: 'row', row } : { kind: 'wrong', errors: [{ line, ...missing }] }
}

/** An export, like a person at a spreadsheet, puts an apostrophe before what would be computed. */
const unguarded = (text: string): string => (/^'[=+\-@]/.test(text) ? text.slice(1) : text)

const missingIn = ({ externalId, phone, email, cardExternalId }: ImportRow): Omit<LineError, 'line'> | null => {
  if (cardExternalId !== null && externalId === null)
    return { column: 'customer_id', message: 'A card of 7stamp needs 7stamp’s customer id beside it.' }
  if (externalId === null && phone === null && email === null)
    return { column: '', message: 'Give a customer_id, phone or email: without one nobody can be known again.' }
  return null
}

const wrong = (line: number, message: string): ReadRow => ({ kind: 'wrong', errors: [{ line, column: '', message }] })

const short =
  (max: number) =>
  (text: string): string | null =>
    text.length <= max ? text : null

/** `2`, or 7stamp's progress `2/8`. */
const readStamps = (text: string): number | null => {
  const [, stamps] = /^(\d{1,6})(?:\s*\/\s*\d{1,6})?$/.exec(text) ?? []
  return stamps !== undefined && Number(stamps) <= MOST_STAMPS ? Number(stamps) : null
}

const readTime = (text: string): number | null => {
  const isTime = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(text)
  // A time without its zone is taken as UTC: the machine's zone says nothing about the file.
  const iso = text.replace(' ', 'T')
  const ms = isTime
    ? Date.parse(/T.*(?:Z|[+-]\d\d:\d\d)$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`)
    : Number.NaN
  return Number.isNaN(ms) ? null : ms
}
