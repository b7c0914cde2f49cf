import { createSecretKey, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSealing } from '../../src/business/sealing.js'
import { AppError } from '../../src/errors.js'

const PLACE = { table: 'connections', column: 'sealed', rowId: 'conn_1' }
const sealing = createSealing(createSecretKey(randomBytes(32)))

test('what is sealed opens again, and only in its own place', () => {
  for (const secret of ['', 'a-telegram-token', 'пароль ☕', 'x'.repeat(10_000)]) {
    const sealed = sealing.seal(PLACE, secret)
    expect(sealed).toMatch(/^[0-9a-f]{8}:[\w-]+$/)
    expect(sealing.open(PLACE, sealed)).toBe(secret)
    for (const change of [{ table: 'businesses' }, { column: 'other' }, { rowId: 'conn_2' }])
      expect(() => sealing.open({ ...PLACE, ...change }, sealed)).toThrow(AppError)
  }
})

test('it says nothing of what is in it, and is different each time', () => {
  const sealed = sealing.seal(PLACE, 'a-telegram-token')
  expect(sealed).not.toContain('telegram')
  expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).not.toContain('telegram')
  expect(sealing.seal(PLACE, 'a-telegram-token')).not.toBe(sealed)
})

test('another key, or a changed text, is refused with what to do', () => {
  const sealed = sealing.seal(PLACE, 'a-telegram-token')
  const stranger = createSealing(createSecretKey(randomBytes(32)))
  expect(() => stranger.open(PLACE, sealed)).toThrow(
    expect.objectContaining({ code: 'misconfigured', message: expect.stringContaining('MASTER_KEY') }),
  )
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  for (const position of [0, 12, 28, bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed[position] = (changed[position] ?? 0) ^ 1
    expect(() => sealing.open(PLACE, `v1:${changed.toString('base64url')}`)).toThrow(AppError)
  }
  for (const nonsense of ['', 'v1:', 'v1:AAAA', `v2:${sealed.slice(3)}`, 'plain text', sealed.slice(0, 20)])
    expect(() => sealing.open(PLACE, nonsense)).toThrow(AppError)
})

test('a fingerprint is the same for the same text under the same key, and only then', () => {
  const stranger = createSealing(createSecretKey(randomBytes(32)))
  expect(sealing.fingerprint('a')).toBe(sealing.fingerprint('a'))
  expect(sealing.fingerprint('a')).not.toBe(sealing.fingerprint('b'))
  expect(sealing.fingerprint('a')).not.toBe(stranger.fingerprint('a'))
})
