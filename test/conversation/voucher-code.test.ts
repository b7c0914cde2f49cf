import { expect, test } from 'vitest'
import { readingOf } from '../../bots/conversation/voucher-code.js'

test.each(['K7Q2-9FHM', 'k7q2 9fhm', 'abcd efgh', 'FREECOFFEE', 'coffee10', '482913', 'CAKE-2', 'КАВА'])(
  '“%s” is looked for as a number or a code',
  (text) => expect(readingOf(text)).toBe('code'),
)

test.each([
  'thanks',
  'дякую',
  '감사합니다',
  'Latte',
  '👍',
  'see you at 8',
  'TEA 100',
  'hm?',
  'FREE TEA',
  '몇 시에 열어요',
])('“%s” is more likely said to somebody, though it may be a code', (text) => expect(readingOf(text)).toBe('words'))
