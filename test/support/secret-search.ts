import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A text that must be found nowhere, and what it is called where it is found. */
export interface Secret {
  readonly name: string
  readonly text: string
}

/** Something that was written down somewhere. */
export interface Place {
  readonly name: string
  readonly bytes: Buffer
}

/** What is found where: `api key as hex in stampcast.sqlite`. */
export const findSecrets = (secrets: readonly Secret[], places: readonly Place[]): readonly string[] =>
  secrets.flatMap(({ name, text }) =>
    formsOf(text).flatMap(({ form, written }) =>
      places
        .filter(({ bytes }) => isIn(bytes, written))
        .map((place) => `${name} as ${form} in ${place.name}: …${around(place.bytes, written)}…`),
    ),
  )

/** All files of a folder, with those of its folders. */
export const filesIn = (folder: string): readonly Place[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry: Dirent) => entry.isFile())
    .map(({ parentPath, name }) => ({ name, bytes: readFileSync(join(parentPath, name)) }))

interface Form {
  readonly form: string
  readonly written: string
}

const formsOf = (text: string): readonly Form[] => {
  const hex = Buffer.from(text).toString('hex')
  const base64 = base64Of(text)
  const forms: Form[] = [
    { form: 'plain text', written: text },
    { form: 'part of an address', written: encodeURIComponent(text) },
    ...base64.map((written) => ({ form: 'base64', written })),
    ...base64.map((written) => ({ form: 'base64url', written: written.replaceAll('+', '-').replaceAll('/', '_') })),
    { form: 'hex', written: hex },
    { form: 'hex', written: hex.toUpperCase() },
  ]
  return [...new Map(forms.reverse().map((form) => [form.written, form])).values()]
}

const BYTES_PER_GROUP = 3
const LETTERS_PER_GROUP = 4
/** Fewer are somewhere by chance. */
const FEWEST_LETTERS = 8

/** As part of a longer text it begins at any of three places; letters that its neighbours have a share in are left out. */
const base64Of = (text: string): readonly string[] =>
  Array.from({ length: BYTES_PER_GROUP }, (_, before) => {
    const padded = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
    const own = padded.length - (padded.length % BYTES_PER_GROUP)
    return padded.toString('base64', 0, own).slice(before === 0 ? 0 : LETTERS_PER_GROUP)
  }).filter((written) => written.length >= FEWEST_LETTERS)

/** A number stands by itself: six digits are in the middle of many a time. */
const isIn = (bytes: Buffer, written: string): boolean => {
  const isDigit = (at: number): boolean => /\d/.test(String.fromCharCode(bytes[at] ?? 0))
  const isNumber = /^\d+$/.test(written)
  for (let at = bytes.indexOf(written); at >= 0; at = bytes.indexOf(written, at + 1))
    if (!isNumber || !(isDigit(at - 1) || isDigit(at + written.length))) return true
  return false
}

const AROUND_BYTES = 60

const around = (bytes: Buffer, written: string): string => {
  const at = bytes.indexOf(written)
  return bytes.toString('latin1', Math.max(0, at - AROUND_BYTES), at + written.length + AROUND_BYTES)
}
