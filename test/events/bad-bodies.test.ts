import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.js'
import { canonical } from '../../src/events/aliases.js'
import { parseEvent } from '../../src/events/parse-event.js'
import { parseJson } from '../../src/http/json-boundary.js'
import { frame, frameBytes, frameNames } from './frames.js'

const RECEIVED_AT = Date.parse('2026-05-11T13:00:00Z')

const read = (body: Buffer) => parseEvent(canonical(parseJson(body)), RECEIVED_AT)

const tally = { bodies: 0, events: 0, unrecognised: 0, invalid_json: 0, invalid_input: 0 }

/**
 * Whatever the body: an event that can be stored and read back as the same event, an unrecognised one, or a refusal of
 * ours. Anything else is thrown, and fast-check shows the smallest body that does it.
 */
const check = (body: Buffer): void => {
  tally.bodies++
  const parsed = readOrRefuse(body)
  if (parsed === null) return
  if (parsed.kind === 'unrecognised') {
    tally.unrecognised++
    if (parsed.name.length > 100) throw new Error('an unbounded name')
    return
  }
  tally.events++
  const json = JSON.stringify(parsed.event)
  if (/\\u0000|\\ud[89a-f]/i.test(json.replaceAll('\\\\', ''))) throw new Error('a string no database keeps')
  const again = read(Buffer.from(json))
  if (again.kind !== 'event' || JSON.stringify(again.event) !== json) throw new Error('reads back as something else')
  if (again.notes.length > 0) throw new Error(`unusable the second time: ${JSON.stringify(again.notes)}`)
}

const readOrRefuse = (body: Buffer) => {
  try {
    return read(body)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code !== 'invalid_json' && error.code !== 'invalid_input') throw error
    if (error.code === 'invalid_input' && error.fields.length === 0) throw new Error('no field is named')
    tally[error.code]++
    return null
  }
}

const RUNS = { changedFrames: 35_000, brokenBytes: 45_000, anything: 15_000, extremes: 5_000 }

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

describe('no body, however bad, does more than be refused', { timeout: 120_000 }, () => {
  test('frames with odd values and members anywhere', () => {
    const changes = fc.array(fc.tuple(fc.nat(40), oddKey, oddValue, fc.boolean()), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(pickFrame, changes, (index, edits) => {
        let json = JSON.stringify(frames[index])
        for (const [at, key, value, isNewMember] of edits) json = changed(json, at, key, value, isNewMember)
        check(Buffer.from(json))
      }),
      { numRuns: RUNS.changedFrames },
    )
  })

  test('frames whose bytes were flipped, cut, doubled or mixed up on the way', () => {
    const damage = fc.tuple(fc.constantFrom('flip', 'cut', 'double', 'end', 'insert'), fc.nat(2_000), fc.nat(255))
    fc.assert(
      fc.property(pickFrame, fc.array(damage, { minLength: 1, maxLength: 4 }), (index, damages) => {
        check(damages.reduce<Buffer>(damaged, Buffer.from(bytes[index] ?? '')))
      }),
      { numRuns: RUNS.brokenBytes },
    )
  })

  test('any JSON at all, under the names of the frame', () => {
    const value = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary', depthSize: 'small' })
    const member = fc.tuple(oddKey, value)
    const anything = fc.tuple(
      fc.constantFrom(...frames.map(({ event }) => event), 'card_moved', 7, null),
      fc.array(member, { maxLength: 5 }),
    )
    fc.assert(
      fc.property(anything, fc.boolean(), ([event, members], isComplete) => {
        const rest = isComplete ? { timestamp: '2026-05-11T12:00:00Z', business_id: 'b', customer: { id: 'c' } } : {}
        check(Buffer.from(JSON.stringify({ event, ...rest, ...Object.fromEntries(members) })))
      }),
      { numRuns: RUNS.anything },
    )
  })

  test('very deep, very wide, very long', () => {
    const extreme = fc.constantFrom<(size: number) => string>(
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
    )
    fc.assert(
      fc.property(extreme, fc.integer({ min: 1, max: 3_000 }), (make, size) => check(Buffer.from(make(size)))),
      { numRuns: RUNS.extremes },
    )
  })
})

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

afterAll(() => {
  expect(tally.bodies).toBeGreaterThanOrEqual(100_000)
  // The generators must reach every outcome, or they prove little.
  for (const outcome of [tally.events, tally.unrecognised, tally.invalid_json, tally.invalid_input])
    expect(outcome).toBeGreaterThan(1_000)
})
