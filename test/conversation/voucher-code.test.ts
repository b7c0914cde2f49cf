import { expect, test } from 'vitest'
import { readingOf } from '../../bots/conversation/voucher-code.js'

test.each(['K7Q2-9FHM', 'k7q2 9fhm', 'abcd efgh', 'FREECOFFEE', 'coffee10', '482913', 'CAKE-2', 'КАВА'])(
  '“%s” is looked for as a number or a code',
  (text) => expect(readingOf(text)).toBe('code'),
)

test.each(['thanks', 'дякую', '감사합니다', 'Latte', '👍'])('“%s” may be a code typed in small letters', (text) =>
  expect(readingOf(text)).toBe('word'),
)

test.each(['see you at 8', 'TEA 100', 'are you open until 9?'])(
  '“%s” has a digit, so it may be a code all the same',
  (text) => expect(readingOf(text)).toBe('word'),
)

test.each(['hm?', 'ok!', 'Free coffee?', 'до завтра', '몇 시에 열어요'])('“%s” is talk', (text) =>
  expect(readingOf(text)).toBe('talk'),
)
