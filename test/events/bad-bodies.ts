import fc from 'fast-check'
import { frame, frameBytes, frameNames } from './frames.js'

/** Bodies that a webhook might bring, from the documented frames a little changed to nothing but noise. */

const frames = frameNames.map(frame)
const bytes = frameNames.map(frameBytes)
const pickFrame = fc.nat(frames.length - 1)

/** Values a sender might put anywhere, from sensible to hostile, each as JSON text. */
const ODD_VALUES: readonly string[] = [
  ...['null', 'true', '0', '-0', '-1', '1.5', '1e999', '-1e999', '1e-400', '12345678901234567890', '9007199254740991'],
  ...['""', '" "', '"x"', '"카드_001"', '"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"kartu_1"'],
  ...['[]', '{}', '[[]]', '[null]', '["qr","qr"]', '["text",5]', '{"id":7}', '{"id":null}', '{"length":1e9}'],
  ...['{"__proto__":{"id":"x"}}', '{"constructor":{"prototype":{}}}', '{"toString":null}', '{"a\\u0000":1}'],
  ...['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', `"${'x'.repeat(600)}"`, `"${'ї'.repeat(11_000)}"`],
  ...[
    '"2026-05-11T12:34:56Z"',
    '"2026-02-30T00:00:00Z"',
    '1778502896',
    '1e15',
    '"1900-01-01T00:00:00Z"',
    '"9999-12-31T23:59:59Z"',
  ],
  ...['"+380501112233"', '"+1"', '"OLENA@EXAMPLE.COM"', '"--02-29"', '"0000-00-00"', '"pt_BR"', '"voucher_ditebus"'],
]
const oddValue = fc.constantFrom(...ODD_VALUES)
const oddKey = fc.constantFrom(
  ...[
    'id',
    'event',
    'customer',
    '고객',
    'kartu',
    '카드',
    'voucher',
    'stamps',
    'phone',
    'birthday',
    'expires_at',
    'extra',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    'a.b',
    'a\u0000',
    '\ud800',
    '비즈니스_id',
    'x'.repeat(300),
  ],
)

/** Puts `value` (JSON text) at the `at`-th place of a frame's JSON: over a member's value, or as a member more. */
const changed = (json: string, at: number, key: string, value: string, isNewMember: boolean): string => {
  const places = [...json.matchAll(isNewMember ? /\{/g : /:("[^"]*"|[\d.]+|\{|\[)/g)]
  const place = places[at % places.length]
  if (!place) return json
  if (isNewMember) return insert(json, place.index + 1, 0, `${JSON.stringify(key)}:${value},`)
  const [, old = ''] = place
  // A block or list that is replaced leaves its tail behind: that body is no JSON, which is a case too.
  return insert(json, place.index + 1, old.length, value)
}

const insert = (text: string, at: number, remove: number, addition: string): string =>
  text.slice(0, at) + addition + text.slice(at + remove)

/** JSON texts with odd values and members anywhere. */
export const oddlyChanged = (texts: fc.Arbitrary<string>): fc.Arbitrary<Buffer> =>
  fc
    .tuple(texts, fc.array(fc.tuple(fc.nat(40), oddKey, oddValue, fc.boolean()), { minLength: 1, maxLength: 3 }))
    .map(([text, edits]) =>
      Buffer.from(edits.reduce((json, [at, key, value, isNew]) => changed(json, at, key, value, isNew), text)),
    )

export const changedFrame = oddlyChanged(pickFrame.map((index) => JSON.stringify(frames[index])))

/** Frames whose bytes were flipped, cut, doubled or mixed up on the way. */
export const brokenBytes: fc.Arbitrary<Buffer> = fc
  .tuple(
    pickFrame,
    fc.array(fc.tuple(fc.constantFrom('flip', 'cut', 'double', 'end', 'insert'), fc.nat(2_000), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([index, damages]) => damages.reduce<Buffer>(damaged, Buffer.from(bytes[index] ?? '')))

const damaged = (body: Buffer, [how, at, byte]: readonly [string, number, number]): Buffer => {
  const index = body.length === 0 ? 0 : at % body.length
  const [before, after] = [body.subarray(0, index), body.subarray(index)]
  if (how === 'cut') return Buffer.concat([before, after.subarray(1 + (byte % 8))])
  if (how === 'end') return before
  if (how === 'double') return Buffer.concat([before, after, after])
  if (how === 'insert') return Buffer.concat([before, Buffer.of(byte), after])
  const copy = Buffer.from(body)
  copy[index] = (copy[index] ?? 0) ^ (byte || 1)
  return copy
}

/** Any JSON at all, under the names of the frame. */
export const anyJson: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.constantFrom(...frames.map(({ event }) => event), 'card_moved', 7, null),
    fc.array(fc.tuple(oddKey, fc.jsonValue({ maxDepth: 3, stringUnit: 'binary', depthSize: 'small' })), {
      maxLength: 5,
    }),
    fc.boolean(),
  )
  .map(([event, members, isComplete]) => {
    const rest = isComplete ? { timestamp: '2026-05-11T12:00:00Z', business_id: 'b', customer: { id: 'c' } } : {}
    return Buffer.from(JSON.stringify({ event, ...rest, ...Object.fromEntries(members) }))
  })

/** Frames in another encoding than the one that JSON has. */
export const wronglyEncoded: fc.Arbitrary<Buffer> = fc
  .tuple(
    pickFrame,
    fc.constantFrom<(text: string) => Buffer>(
      (text) => Buffer.from(text, 'utf16le'),
      (text) => Buffer.from(text, 'utf16le').swap16(),
      (text) => Buffer.from(text, 'latin1'),
      (text) => Buffer.from(text, 'base64'),
      (text) => Buffer.from(`\ufeff${text}`),
      // A slash in two bytes instead of one, which UTF-8 forbids; half a surrogate pair; a byte that begins nothing.
      (text) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from(',"a":"\xc0\xaf"}', 'latin1')]),
      (text) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from(',"a":"\xed\xa0\x80"}', 'latin1')]),
      (text) => Buffer.concat([Buffer.from(text), Buffer.of(0xff)]),
    ),
  )
  .map(([index, encode]) => encode(JSON.stringify(frames[index])))

/** Very deep, very wide, very long. */
export const extreme: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.constantFrom<(size: number) => string>(
      (size) => '['.repeat(size) + ']'.repeat(size),
      (size) => `${'{"a":'.repeat(size)}1${'}'.repeat(size)}`,
      (size) => '{"voucher":['.repeat(size),
      (size) => `{"event":"${'x'.repeat(size)}"}`,
      (size) => `{${Array.from({ length: size }, (_, i) => `"${i}":${i}`).join()}}`,
      (size) => `[${'1,'.repeat(size)}1]`,
      (size) => `{"event":"card_issued","card":{"goals":[${'-1,'.repeat(size)}1]}}`,
      (size) => `"${'\\ud800'.repeat(size)}"`,
      (size) => `{"event":"card_saved","customer":{"id":1${'0'.repeat(size)}}}`,
      (size) => '"'.repeat(size),
      (size) => '\\'.repeat(size),
      (size) => ' '.repeat(size),
    ),
    fc.integer({ min: 1, max: 3_000 }),
  )
  .map(([make, size]) => Buffer.from(make(size)))
