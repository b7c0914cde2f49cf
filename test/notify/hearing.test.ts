import { expect, test } from 'vitest'
import type { CardFacts, Transition } from '../../src/loyalty/transition.js'
import { hearingOf, isUntoldByDefault } from '../../src/notify/hearing.js'
import type { MessageSetting } from '../../src/notify/message-settings.js'

const CARD: CardFacts = {
  id: 'card_1',
  number: '113772',
  title: null,
  stamps: 1,
  stampsGoal: 8,
  goals: [3],
  nextReward: null,
}
const MILESTONES: MessageSetting = { event: 'stamp_added', level: 'milestones', texts: {} }
const stamp = (stamps: number | null, added: number | null = 1, change: Partial<CardFacts> = {}): Transition => ({
  event: 'stamp_added',
  card: { ...CARD, stamps, ...change },
  added,
})
const hears = (transition: Transition) => hearingOf(transition, [MILESTONES], 'everything')

test.each([
  ['the first stamp', stamp(1)],
  ['a first visit of two stamps', stamp(2, 2)],
  ['a first stamp of which nobody said how many', stamp(1, null)],
  ['one to go to the first goal', stamp(2)],
  ['the first goal', stamp(3)],
  ['two stamps over a goal', stamp(4, 2)],
  ['one to go to the last goal', stamp(7)],
  ['the last goal', stamp(8)],
])('%s is a milestone', (_, transition) => expect(hears(transition)).toBe('told'))

test.each([
  ['a stamp on the way', stamp(5)],
  ['a stamp after the last goal', stamp(9)],
  ['a count that nobody knows', stamp(null)],
  ['a stamp of a card whose goals nobody knows', stamp(5, 1, { stampsGoal: null, goals: [] })],
])('%s is none', (_, transition) => expect(hears(transition)).toBe('level'))

test('a business’s level comes before a customer’s choice, and neither silences the other’s events', () => {
  const off: MessageSetting = { event: 'lottery_played', level: 'off', texts: {} }
  const lottery: Transition = { event: 'lottery_played', lottery: { result: 'won', title: null, greeting: null } }
  expect(hearingOf(lottery, [off], 'nothing')).toBe('level')
  expect(hearingOf(lottery, [off], 'everything')).toBe('level')
  expect(hearingOf(lottery, [MILESTONES], 'rewards')).toBe('told')
  expect(hearingOf(lottery, [], 'nothing')).toBe('choice')
})

test('a birthday wish is turned off by the business, or by a customer who wants to hear nothing', () => {
  const off: MessageSetting = { event: 'birthday_reached', level: 'off', texts: {} }
  expect(hearingOf({ event: 'birthday_reached' }, [off], 'everything')).toBe('level')
  expect(hearingOf({ event: 'birthday_reached' }, [], 'nothing')).toBe('choice')
  expect(hearingOf({ event: 'birthday_reached' }, [], 'everything')).toBe('told')
})

test('only saved and opened cards are untold by default, and no longer once the business says anything of them', () => {
  const saved: Transition = { event: 'card_saved', card: CARD }
  expect(isUntoldByDefault(saved, [])).toBe(true)
  expect(isUntoldByDefault(saved, [{ event: 'card_saved', level: 'off', texts: {} }])).toBe(false)
  expect(isUntoldByDefault({ event: 'card_opened', card: CARD }, [])).toBe(true)
  expect(isUntoldByDefault({ event: 'card_issued', card: CARD }, [])).toBe(false)
})
