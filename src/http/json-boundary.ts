import { isUtf8 } from 'node:buffer'
import { AppError } from '../errors.js'

const MAX_DEPTH = 32
const MAX_KEYS = 1_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const LETTER_U = 0x75

/** What PostgreSQL refuses in a string and SQLite changes silently: NUL and halves of surrogate pairs. */
const UNSTORABLE = /\0|\p{Surrogate}/gu
const REPLACEMENT = '\ufffd'

/** A brace, a bracket, or a string and the colon that makes it a key. */
const TOKEN = /[{}[\]]|("[^"\\]*(?:\\.[^"\\]*)*")(?:\s*(:))?/g

/**
 * The value of an untrusted JSON body: what JSON.parse gives, made safe to keep. Throws AppError('invalid_json') for what
 * is not UTF-8 or not JSON, is nested deeper than 32, has more than 1,000 keys, names a key twice in one object (RFC 8259
 * leaves that open, so two readers may see two different events), or holds a number beyond a double's range. NUL and lone
 * surrogates become U+FFFD; a `__proto__` key is left out; a byte order mark is skipped.
 */
export const parseJson = (body: Buffer): unknown => {
  if (!isUtf8(body)) throw refusal('the body is not valid UTF-8')
  const text = body.toString('utf8', hasByteOrderMark(body) ? 3 : 0)
  const { memberCount, hasUnicodeEscape } = scan(body)
  const value = parseText(text)
  // Duplicates are the members that JSON.parse has dropped, however their keys are written.
  if (checkAndCount(value) !== memberCount) throw duplicateKey(firstDuplicateKey(text))
  // A raw NUL is refused by JSON.parse and a raw surrogate by isUtf8: only an escape can bring either in.
  return hasUnicodeEscape ? repaired(value) : value
}

const refusal = (message: string): AppError => new AppError('invalid_json', message)

const duplicateKey = (key: string): AppError =>
  refusal(`the key ${JSON.stringify(storable(key.slice(0, 100)))} is there twice in one object`)

const hasByteOrderMark = (body: Buffer): boolean => body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf

interface Scan {
  /** Colons outside strings: the members of all objects, duplicates included. Exact if the text is JSON at all. */
  readonly memberCount: number
  readonly hasUnicodeEscape: boolean
}

/** One pass over the bytes; all that matters to JSON's structure is ASCII, which no multi-byte character contains. */
const scan = (body: Buffer): Scan => {
  let depth = 0
  let memberCount = 0
  let hasUnicodeEscape = false
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]
    if (byte === QUOTE) {
      for (at++; at < body.length && body[at] !== QUOTE; at++)
        if (body[at] === BACKSLASH && body[++at] === LETTER_U) hasUnicodeEscape = true
    } else if (byte === COLON) {
      if (++memberCount > MAX_KEYS) throw refusal(`the body has more than ${MAX_KEYS} keys`)
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > MAX_DEPTH) throw refusal(`the body is nested deeper than ${MAX_DEPTH} levels`)
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth--
    }
  }
  return { memberCount, hasUnicodeEscape }
}

const parseText = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (text.trim() === '') throw refusal('the body is empty; send a JSON object')
    // The engine's message quotes the body; only the position is passed on.
    const position = error instanceof SyntaxError ? /at position (\d+)/.exec(error.message)?.[1] : undefined
    throw refusal(position ? `the body is not valid JSON (at position ${position})` : 'the body is not valid JSON')
  }
}

/** Counts the members of all objects in a parsed value, refuses infinite numbers and removes `__proto__`. */
const checkAndCount = (value: unknown): number => {
  if (typeof value === 'number' && !Number.isFinite(value)) throw refusal('a number in the body is too large')
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) count += checkAndCount(item)
    return count
  }
  for (const key of Object.keys(value)) {
    count += 1 + checkAndCount(Reflect.get(value, key))
    // As an own property it is harmless, but whoever copies it by assignment would set a prototype.
    if (key === '__proto__') Reflect.deleteProperty(value, key)
  }
  return count
}

const repaired = (value: unknown): unknown => {
  if (typeof value === 'string') return storable(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(repaired)
  const members = new Map<string, unknown>()
  for (const [key, member] of Object.entries(value)) {
    const name = storable(key)
    if (members.has(name)) throw duplicateKey(name)
    members.set(name, repaired(member))
  }
  return Object.fromEntries(members)
}

/** A text from outside as every database can keep it and look for it. */
export const storable = (text: string): string => text.replace(UNSTORABLE, REPLACEMENT)

/** Walks a text that is known to be JSON and to have a duplicate. Only a refused body pays for it. */
const firstDuplicateKey = (text: string): string => {
  const seen: Set<string>[] = []
  for (const [token, string = '', colon] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') seen.push(new Set())
    else if (token === '}' || token === ']') seen.pop()
    else if (colon) {
      const name = String(JSON.parse(string))
      const keys = seen.at(-1)
      if (keys?.has(name)) return name
      keys?.add(name)
    }
  }
  return ''
}
