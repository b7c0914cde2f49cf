import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { duplicateKeyOf } from '../../src/events/duplicate-key.js'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const keyOf = (header: string | undefined, bodyId?: unknown, body = '{}') =>
  duplicateKeyOf({ header, bodyId, rawBody: Buffer.from(body) })

describe('an event is recognised', () => {
  test('by its webhook-id header before all else', () => {
    expect(keyOf(' msg_1 ', 'evt_1')).toEqual({ key: 'id:msg_1', isWeak: false })
  })

  test("then by the body's id, which may be a number", () => {
    expect(keyOf(undefined, 'evt_1')).toEqual({ key: 'id:evt_1', isWeak: false })
    expect(keyOf('', 'evt_1')).toEqual(keyOf(undefined, 'evt_1'))
    expect(keyOf(undefined, 12)).toEqual({ key: 'id:12', isWeak: false })
  })

  test('then by the hash of its bytes, which is marked as weak', () => {
    const body = '{"event":"card_saved"}'
    expect(keyOf(undefined, undefined, body)).toEqual({ key: `body:${sha256(body)}`, isWeak: true })
    expect(keyOf(undefined, undefined, `${body} `).key).not.toBe(keyOf(undefined, undefined, body).key)
  })

  test.each([null, '', ' ', {}, [], true, 1.5, 2 ** 53])('the body id %j is none', (id) => {
    expect(keyOf(undefined, id).isWeak).toBe(true)
  })
})

describe('an id that a database might not keep as it is', () => {
  test.each(['x'.repeat(129), 'a b', 'kaffee-☕', 'a\u0000b', '\ud800'])('%j counts by its hash', (id) => {
    expect(keyOf(undefined, id)).toEqual({ key: expect.stringMatching(/^id-hash:[0-9a-f]{64}$/), isWeak: false })
  })

  test('an id cannot pass itself off as the hash of a body', () => {
    const body = '{}'
    expect(keyOf(`body:${sha256(body)}`).key).not.toBe(keyOf(undefined, undefined, body).key)
  })

  test('whatever comes, the key is short and printable', () => {
    fc.assert(
      fc.property(fc.option(fc.string({ unit: 'binary', maxLength: 400 })), fc.anything(), (header, bodyId) => {
        expect(keyOf(header ?? undefined, bodyId).key).toMatch(/^[\x21-\x7e]{4,140}$/)
      }),
    )
  })
})
