import { expect, test } from 'vitest'
import { derivedId } from '../../src/ids.js'
import { longNumberOf, shortNumberOf } from '../../src/loyalty/numbers.js'

const ids = Array.from({ length: 20_000 }, (_, n) => derivedId('v', 'b_root', `v_${n}`))

test('a number is short, and has no letter that could be taken for another', () => {
  for (const id of ids.slice(0, 1_000)) {
    expect(shortNumberOf(id)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
    expect(longNumberOf(id).startsWith(`${shortNumberOf(id)}-`)).toBe(true)
  }
})

test('the same voucher always has the same number, and different ones have different ones', () => {
  expect(shortNumberOf('v_1')).toBe(shortNumberOf('v_1'))
  expect(new Set(ids.map(shortNumberOf)).size).toBe(ids.length)
})
