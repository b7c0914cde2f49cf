import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.js'
import { parseJson } from '../../src/http/json-boundary.js'

const parse = (text: string) => parseJson(Buffer.from(text))

/** The same rules, written another way: a round trip through UTF-8 turns halves of surrogate pairs into U+FFFD. */
const storable = (text: string) => Buffer.from(text).toString().replaceAll('\0', '\ufffd')
const reviveStorable = (_key: string, value: unknown): unknown => {
  if (typeof value === 'string') return storable(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const members = Object.entries(value).filter(([key]) => key !== '__proto__')
  return Object.fromEntries(members.map(([key, member]) => [storable(key), member]))
}

const refusal = (body: string | Buffer): AppError => {
  try {
    parseJson(Buffer.from(body))
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('was accepted')
}

describe('what it accepts is what JSON.parse gives', () => {
  test('for any JSON, however it is laid out, once its strings are storable', () => {
    const texts = fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' })
    const layouts = fc.constantFrom(undefined, 1, '\t')
    fc.assert(
      fc.property(texts, layouts, (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(parse(text)).toEqual(JSON.parse(text, reviveStorable))
      }),
      { numRuns: 3_000 },
    )
  })

  test('for any text: it accepts no more than JSON.parse, and nothing but an AppError comes out', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '\\',
      '"a"',
      '"b"',
      '1',
      'null',
      ' ',
      '\\u0061',
      'é',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        const text = parts.join('')
        try {
          expect(parse(text)).toEqual(JSON.parse(text))
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }),
      { numRuns: 10_000 },
    )
  })

  test('also scalars, a byte order mark, braces and quotes inside strings', () => {
    expect(parse('12')).toBe(12)
    expect(parse('\ufeff{"a":1}')).toEqual({ a: 1 })
    expect(parse('{"a":"{\\"b\\":[:,}","c\\\\":"\\\\"}')).toEqual({ a: '{"b":[:,}', 'c\\': '\\' })
  })
})

describe('what is refused', () => {
  test.each([
    ['nothing', '', 'the body is empty; send a JSON object'],
    ['half a body', '{"a":', 'the body is not valid JSON'],
    ['a word', 'hello', 'the body is not valid JSON'],
    ['two values', '{} {}', 'the body is not valid JSON (at position 3)'],
    ['a raw control character', '{"a":"\u0000"}', 'the body is not valid JSON (at position 6)'],
    ['a number beyond a double', '{"a":[1e999]}', 'a number in the body is too large'],
  ])('%s', (_what, body, message) => {
    expect(refusal(body)).toMatchObject({ code: 'invalid_json', message })
  })

  test('bytes that are not UTF-8, which would otherwise be changed silently', () => {
    const body = Buffer.from([...Buffer.from('{"a":"'), 0xff, ...Buffer.from('"}')])
    expect(refusal(body)).toMatchObject({ code: 'invalid_json', message: 'the body is not valid UTF-8' })
  })

  test('nesting deeper than 32', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(parse(nested(32))).toBeInstanceOf(Array)
    expect(refusal(nested(33)).message).toBe('the body is nested deeper than 32 levels')
    expect(refusal('{"a":'.repeat(100_000)).code).toBe('invalid_json')
  })

  test('more than 1,000 keys in all', () => {
    const withKeys = (count: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i])))
    expect(Object.keys(parse(withKeys(1_000)) as object)).toHaveLength(1_000)
    expect(refusal(withKeys(1_001)).message).toBe('the body has more than 1000 keys')
  })

  test('a message never repeats what the body says', () => {
    expect(refusal('{"phone":"+380501112233",}').message).not.toContain('380')
  })
})

describe('a key twice in one object is refused by name', () => {
  test.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"x":[{"id":1},{"id":2,"deep":{"k":[],"k":{}}}]}', 'k'],
    ['{"":1,"":1}', ''],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"a\\"b":1, "c" : ":", "a\\"b" :2}', 'a\\"b'],
    ['{"event":"card_issued","card":{},"event":"card_saved"}', 'event'],
  ])('%s', (body, key) => {
    expect(refusal(body)).toMatchObject({
      code: 'invalid_json',
      message: `the key "${key}" is there twice in one object`,
    })
  })

  test('but the same key in different objects is fine', () => {
    expect(parse('{"a":{"a":[{"a":1},{"a":2}]}}')).toEqual({ a: { a: [{ a: 1 }, { a: 2 }] } })
  })

  test('wherever it is and however it is written', () => {
    const escaped = (key: string) =>
      `"${[...key].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
    const key = fc.stringMatching(/^[a-z]{1,3}$/)
    const members = fc.uniqueArray(key, { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(members, fc.nat(), fc.boolean(), fc.nat(5), (keys, pick, isEscaped, depth) => {
        const again = keys[pick % keys.length] ?? ''
        const object = `{${[...keys.map((k) => `"${k}":0`), `${isEscaped ? escaped(again) : `"${again}"`}:1`].join(',')}}`
        const body = '{"deep":['.repeat(depth) + object + ']}'.repeat(depth)
        expect(refusal(body).message).toBe(`the key "${again}" is there twice in one object`)
      }),
      { numRuns: 500 },
    )
  })

  test('two keys that become the same when made storable', () => {
    expect(refusal('{"a\\u0000":1,"a\\ufffd":2}').message).toContain('twice')
  })
})

describe('what no database could keep', () => {
  test('NUL and halves of a surrogate pair become U+FFFD, in values and keys', () => {
    expect(parse('{"a\\u0000":"x\\u0000y","b":["\\ud83d","\\ude00\\ud83d\\ude00"]}')).toEqual({
      'a\ufffd': 'x\ufffdy',
      b: ['\ufffd', '\ufffd😀'],
    })
  })

  test('an emoji written as a pair of escapes stays', () => {
    expect(parse('{"a":"\\ud83d\\ude00"}')).toEqual({ a: '😀' })
  })
})

describe('keys that poison prototypes', () => {
  test('__proto__ is left out, at every depth', () => {
    const value = parse('{"a":1,"__proto__":{"admin":true},"b":[{"__proto__":[]}]}')
    expect(JSON.stringify(value)).toBe('{"a":1,"b":[{}]}')
    expect(Object.assign({}, value)).not.toHaveProperty('admin')
    expect({}).not.toHaveProperty('admin')
  })

  test('also when it is written with escapes', () => {
    expect(JSON.stringify(parse('{"\\u005f_proto__":{"admin":true}}'))).toBe('{}')
  })

  test('constructor and prototype are members like any other', () => {
    const value = parse('{"constructor":{"prototype":{"admin":true}}}')
    expect(value).toEqual({ constructor: { prototype: { admin: true } } })
    expect({}).not.toHaveProperty('admin')
  })
})
