import { blocks, envelope, isKnownEvent } from './glossary.js'

/**
 * 7stamp's manual exists in many languages, and the translation reached into its samples: a body copied from the Korean page
 * says `비즈니스_id`, `카드_issued`, `직원_scanner`. These are the words seen on the manual's page "API & Integrations" in
 * Korean, Hindi, Indonesian and Malay (May and June 2026), each with the word of the wire it stands for. The translation
 * worked word by word, so an identifier is translated word by word too: `지갑_pass_id`, `kartu_opened`.
 */
const WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    // Korean
    비즈니스: 'business',
    고객: 'customer',
    지갑: 'wallet',
    카드: 'card',
    스탬프: 'stamp',
    보상: 'reward',
    캠페인: 'campaign',
    직원: 'staff',
    스캔ner: 'scanner',
    // Hindi
    व्यवसाय: 'business',
    ग्राहक: 'customer',
    वॉलेट: 'wallet',
    कार्ड: 'card',
    स्टैम्प: 'stamp',
    रिवॉर्ड: 'reward',
    अभियान: 'campaign',
    स्टाफ: 'staff',
    स्कैनर: 'scanner',
    // Indonesian, and Malay where it has the same word
    bisnis: 'business',
    lokasi: 'location',
    pelanggan: 'customer',
    kartu: 'card',
    target: 'goal',
    hadiah: 'reward',
    lotere: 'lottery',
    kampanye: 'campaign',
    staf: 'staff',
    pemindai: 'scanner',
    diterbitkan: 'issued',
    disimpan: 'saved',
    ditambahkan: 'added',
    ditebus: 'redeemed',
    kedaluwarsa: 'expired',
    // Malay
    acara: 'event',
    jenis: 'type',
    kad: 'card',
    ganjaran: 'reward',
    pengimbas: 'scanner',
    teks: 'text',
  }).map(([word, wire]) => [word.normalize('NFC'), wire]),
)

type Json = Readonly<Record<string, unknown>>
type Treatment = (value: unknown) => unknown

/** The members of one object of the frame and what is done to the value of each. Others are never looked into. */
type Shape = ReadonlyMap<string, Treatment>

/**
 * The frame with translated identifiers put back into the wire's English: names of members, the event's name, and values
 * that are identifiers. Free text (names, titles, messages, redeem codes) is never touched. What has nothing to translate is
 * returned as it is, the same object.
 */
export const canonical = (json: unknown): unknown => (isJsonObject(json) ? rewrite(json, FRAME) : json)

const isJsonObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const rewrite = (json: Json, shape: Shape): Json => {
  let changed: Map<string, readonly [name: string, value: unknown]> | undefined
  for (const key of Object.keys(json)) {
    const name = shape.has(key) ? key : memberName(key, shape)
    const value = json[key]
    const treatment = shape.get(name)
    const treated = treatment ? treatment(value) : value
    if (name === key && treated === value) continue
    changed ??= new Map()
    changed.set(key, [name, treated])
  }
  return changed ? withChanges(json, changed) : json
}

/** Where a body says one thing under two names, English stands, else the first; the other is left out. */
const withChanges = (json: Json, changed: ReadonlyMap<string, readonly [string, unknown]>): Json => {
  const members = new Map<string, unknown>()
  for (const [key, value] of Object.entries(json)) {
    const [name, treated] = changed.get(key) ?? [key, value]
    const isTranslated = name !== key
    if (isTranslated && (Object.hasOwn(json, name) || members.has(name))) continue
    members.set(name, treated)
  }
  return Object.fromEntries(members)
}

/** An identifier in the wire's words, or the identifier itself if any part of it stays foreign. */
const translate = (identifier: string): string => {
  const wire = identifier
    .split('_')
    .map((part) => wordOf(part.toLowerCase()) ?? part)
    .join('_')
  return /^[\w-]+$/.test(wire) ? wire : identifier
}

const wordOf = (part: string): string | undefined => WORDS.get(part) ?? WORDS.get(part.normalize('NFC'))

const memberName = (key: string, shape: Shape): string => {
  const name = translate(key)
  return shape.has(name) ? name : key
}

const keep: Treatment = (value) => value

const eventName: Treatment = (value) => {
  if (typeof value !== 'string' || isKnownEvent(value)) return value
  const name = translate(value.trim()).toLowerCase()
  return isKnownEvent(name) ? name : value
}

/** Nearly every value of a vocabulary is one of these: nothing to translate. */
const WIRE_TERMS: ReadonlySet<unknown> = new Set(
  'award voucher lottery issued active redeemed expired text qr barcode staff_scanner card email push'.split(' '),
)

/** A value out of a vocabulary: `직원_scanner`, `ditebus`. */
const term: Treatment = (value) =>
  typeof value !== 'string' || WIRE_TERMS.has(value) ? value : translate(value.trim())

const terms: Treatment = (value) => {
  if (!Array.isArray(value)) return value
  const translated = value.map(term)
  return translated.some((item, index) => item !== value[index]) ? translated : value
}

/** An id is opaque but for its prefix, and that only where it names the very thing the id belongs to: `카드_001` of a card. */
const idOf =
  (noun: string): Treatment =>
  (value) => {
    if (typeof value !== 'string') return value
    const id = value.trim()
    const prefixEnd = Math.max(id.indexOf('_'), 0)
    return wordOf(id.slice(0, prefixEnd)) === noun ? noun + id.slice(prefixEnd) : value
  }

const TREATMENTS: Readonly<Record<string, Treatment>> = {
  event: eventName,
  business_id: idOf('business'),
  location_id: idOf('location'),
  wallet_pass_id: idOf('wallet'),
  type: term,
  status: term,
  source: term,
  redeemed_via: term,
  redeem_code_formats: terms,
  channels: terms,
}

const shapeOf = (members: readonly string[], own: Readonly<Record<string, Treatment>>): Shape =>
  new Map(members.map((name) => [name, own[name] ?? TREATMENTS[name] ?? keep]))

const block = (noun: string, members: readonly string[]): Treatment => {
  const shape = shapeOf(members, { id: idOf(noun) })
  return (value) => (isJsonObject(value) ? rewrite(value, shape) : value)
}

const BLOCKS = Object.fromEntries(
  Object.entries(blocks).map(([noun, schema]) => [noun, block(noun, Object.keys(schema.shape))]),
)

const FRAME: Shape = shapeOf([...Object.keys(envelope.shape), ...Object.keys(BLOCKS)], BLOCKS)
