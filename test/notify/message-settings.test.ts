import { expect, test } from 'vitest'
import { messagesFor } from '../../src/notify/event-messages.js'
import type { MessageFacts } from '../../src/notify/message-facts.js'
import {
  isMessageEvent,
  type MessageEvent,
  OFFERED_VARIABLES,
  parseMessageSetting,
} from '../../src/notify/message-settings.js'
import { createWording } from '../../src/notify/wording.js'
import { LOCALES } from './locale-texts.js'

const LANGUAGES = new Set(['en', 'uk'])
const parse = (event: MessageEvent, input: unknown) => parseMessageSetting(event, input, LANGUAGES)
const problems = (event: MessageEvent, input: unknown): unknown => {
  try {
    return parse(event, input)
  } catch (error) {
    return Object(error).fields
  }
}

test('a setting is a level and texts; what is left out is the default', () => {
  expect(parse('stamp_added', { level: 'milestones' })).toEqual({
    event: 'stamp_added',
    level: 'milestones',
    texts: {},
  })
  expect(parse('voucher_issued', { texts: { uk: ' Маєте {{title}}! ' } })).toEqual({
    event: 'voucher_issued',
    level: 'on',
    texts: { uk: 'Маєте {{title}}!' },
  })
  expect(parse('card_opened', {}).level).toBe('off')
})

test('milestones are of stamps alone', () => {
  expect(problems('goal_reached', { level: 'milestones' })).toEqual([
    { field: 'level', message: 'must be one of on, off' },
  ])
})

test('a variable that the event does not offer is named, with those that it does', () => {
  expect(
    problems('goal_reached', { texts: { en: '{{titel}} and {{ reward }} for {{$t(card.none)}}', uk: 'Ура' } }),
  ).toEqual(
    ['titel', '$t(card.none)'].map((name) => ({
      field: 'texts.en',
      message: `{{${name}}} is not known here: goal_reached offers {{business}}, {{reward}}, {{stamps}}, {{goal}}`,
    })),
  )
})

test.each([
  ['a language that nobody speaks here', { tlh: 'nuqneH' }, 'texts.tlh', 'is a language that is not spoken here'],
  ['an empty text', { en: '  ' }, 'texts.en', 'must not be empty'],
  ['a long text', { en: 'x'.repeat(201) }, 'texts.en', 'must have at most 200 characters'],
  ['more than a line', { en: 'a\nb' }, 'texts.en', 'must be one line'],
  [
    'a variable that does not end',
    { en: 'Hi {{business' },
    'texts.en',
    'has a variable that is not closed or not opened',
  ],
  ['a text that is none', { en: 7 }, 'texts.en', 'must be a string'],
])('%s is refused', (_, texts, field, message) => {
  expect(problems('card_issued', { texts })).toEqual([{ field, message }])
})

test('events whose messages cannot be set are none', () => {
  expect(isMessageEvent('stamp_added')).toBe(true)
  for (const name of ['voucher_expired', 'campaign_sent', 'toString', '']) expect(isMessageEvent(name)).toBe(false)
})

const FACTS: MessageFacts = {
  business: { name: 'Demo Coffee', timeZone: 'Europe/Kyiv' },
  customerName: 'Olena',
  locationName: null,
  at: Date.UTC(2026, 4, 11, 12, 34),
  settings: [],
}
const CARD = { id: 'c', number: '1', title: null, stamps: 3, stampsGoal: 8, goals: [], nextReward: null }
const VOUCHER = {
  id: 'v',
  master: '7stamp',
  number: 'V-1',
  title: 'Tea',
  description: null,
  redeemCode: null,
  formats: [],
  expiresAt: null,
  state: 'active',
} as const

/** What a customer reads first of each event, with every variable that it offers in the business's words. */
const TRANSITIONS = {
  card_issued: { event: 'card_issued', card: CARD },
  card_saved: { event: 'card_saved', card: CARD },
  card_opened: { event: 'card_opened', card: CARD },
  stamp_added: { event: 'stamp_added', card: CARD, added: 1 },
  goal_reached: { event: 'goal_reached', card: CARD, reward: 'Tea' },
  reward_issued: { event: 'reward_issued', reward: { type: 'award', title: 'Tea' } },
  voucher_issued: { event: 'voucher_issued', voucher: VOUCHER },
  voucher_redeemed: { event: 'voucher_redeemed', voucher: { ...VOUCHER, state: 'redeemed' } },
  lottery_played: { event: 'lottery_played', lottery: { result: 'won', title: 'Tea', greeting: null } },
  birthday_reached: { event: 'birthday_reached' },
  inactivity_trigger: { event: 'inactivity_trigger', card: null },
} as const satisfies Record<MessageEvent, Parameters<typeof messagesFor>[0]>

test.each(Object.keys(OFFERED_VARIABLES).filter(isMessageEvent))(
  '%s gives a value to every variable it offers',
  async (event) => {
    const wording = await createWording(LOCALES)
    const text = OFFERED_VARIABLES[event].map((name) => `${name}={{${name}}}`).join(' ')
    const settings = [{ event, level: 'on', texts: { en: text } }] as const
    const message = messagesFor(TRANSITIONS[event], { ...FACTS, settings }).find(({ purpose }) => purpose !== 'edit')
    if (!message) throw new Error('nothing is said')
    const [first] = wording.say('en', message.content).text.split('\n')
    expect(first).toMatch(/^business=Demo Coffee( \w+=\S+.*)*$/)
    expect(wording.say('uk', message.content).text).not.toContain('business=')
  },
)

test('where a variable has no value, the message says what it says by default', async () => {
  const wording = await createWording(LOCALES)
  const settings = [{ event: 'voucher_issued', level: 'on', texts: { en: 'Here is {{title}}!' } }] as const
  const [message] = messagesFor(
    { event: 'voucher_issued', voucher: { ...VOUCHER, title: null } },
    { ...FACTS, settings },
  )
  expect(message && wording.say('en', message.content).text).toMatch(/^🎁 A voucher from Demo Coffee!\n/)
})
