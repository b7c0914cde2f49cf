import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { CardFacts, Transition, VoucherFacts } from '../../src/loyalty/transition.js'
import { messagesFor, type PlannedMessage, sevenstampSilence } from '../../src/notify/event-messages.js'
import type { MessageFacts } from '../../src/notify/message-facts.js'
import { createWording, type Wording } from '../../src/notify/wording.js'
import { LANGUAGES, LOCALES, unfilledVariables } from './locale-texts.js'

let wording: Wording
beforeAll(async () => {
  wording = await createWording(LOCALES)
})

const FACTS: MessageFacts = {
  business: { name: 'Demo Coffee', timeZone: 'Europe/Kyiv' },
  customerName: 'Olena Kovalenko',
  locationName: 'Podil',
  at: Date.UTC(2026, 4, 11, 12, 34),
  settings: [],
}

const CARD: CardFacts = {
  id: 'card_1',
  number: '113772',
  title: 'Coffee card',
  stamps: 3,
  stampsGoal: 8,
  goals: [3, 8],
  nextReward: 'Free coffee',
}

const VOUCHER: VoucherFacts = {
  id: 'v_1',
  master: 'own',
  number: 'V-4821',
  title: 'Free coffee',
  description: 'Any size',
  redeemCode: 'FREECOFFEE',
  formats: ['text', 'qr', 'barcode'],
  expiresAt: Date.UTC(2026, 5, 11, 20, 59, 59),
  state: 'active',
}

/** One transition of each of the 13 events: an event that is added and forgotten here does not compile. */
const OF_EACH: { readonly [Event in Transition['event']]: Transition & { event: Event } } = {
  card_issued: { event: 'card_issued', card: { ...CARD, stamps: 0 } },
  card_saved: { event: 'card_saved', card: CARD },
  card_opened: { event: 'card_opened', card: CARD },
  stamp_added: { event: 'stamp_added', card: CARD, added: 1 },
  goal_reached: { event: 'goal_reached', card: CARD, reward: 'A cookie' },
  reward_issued: { event: 'reward_issued', reward: { type: 'award', title: 'A cookie' } },
  voucher_issued: { event: 'voucher_issued', voucher: VOUCHER },
  voucher_redeemed: { event: 'voucher_redeemed', voucher: { ...VOUCHER, state: 'redeemed' } },
  voucher_expired: { event: 'voucher_expired', voucher: { ...VOUCHER, state: 'expired' } },
  lottery_played: { event: 'lottery_played', lottery: { result: 'won', title: 'Free dessert', greeting: null } },
  birthday_reached: { event: 'birthday_reached' },
  inactivity_trigger: { event: 'inactivity_trigger', card: CARD },
  campaign_sent: { event: 'campaign_sent', origin: '7stamp', text: 'Double stamps this weekend. See you!' },
}

const planned = (transition: Transition, facts: Partial<MessageFacts> = {}) =>
  messagesFor(transition, { ...FACTS, ...facts })

const say = (message: PlannedMessage, language = 'en') => wording.say(language, message.content)

/** What the customer, or the staff, reads about it in English: one text for each message. */
const read = (transition: Transition, facts: Partial<MessageFacts> = {}) =>
  planned(transition, facts).map((message) => say(message).text)

const kinds = (transition: Transition) =>
  planned(transition).map((message) => `${message.purpose} to ${message.audience}, ${message.class}`)

describe('what there is to say', () => {
  test.each([
    'card_issued',
    'card_saved',
    'card_opened',
    'stamp_added',
    'reward_issued',
    'voucher_issued',
    'lottery_played',
  ] as const)('of %s is one service message', (event) =>
    expect(kinds(OF_EACH[event])).toEqual(['event to customer, service']),
  )

  test.each(['birthday_reached', 'inactivity_trigger', 'campaign_sent'] as const)(
    '%s is one marketing message that says how to end them',
    (event) => {
      expect(kinds(OF_EACH[event])).toEqual(['event to customer, marketing'])
      expect(read(OF_EACH[event])[0]).toMatch(/To end messages, write STOP\.$/)
    },
  )

  test('goal_reached also alerts the staff', () => {
    expect(kinds(OF_EACH.goal_reached)).toEqual(['event to customer, service', 'alert to staff, service'])
  })

  test('voucher_redeemed changes the voucher’s message and adds a receipt', () => {
    expect(kinds(OF_EACH.voucher_redeemed)).toEqual(['edit to customer, service', 'receipt to customer, service'])
  })

  test('voucher_expired only changes the voucher’s message', () => {
    expect(kinds(OF_EACH.voucher_expired)).toEqual(['edit to customer, service'])
  })

  test('no transition makes two messages of one purpose, which the ledger could not tell apart', () => {
    for (const transition of Object.values(OF_EACH)) {
      const purposes = planned(transition).map((message) => message.purpose)
      expect(new Set(purposes).size).toBe(purposes.length)
    }
  })
})

describe('a stamp', () => {
  test('arrives without sound, as the card’s picture with all its facts in the caption', () => {
    const [message] = planned(OF_EACH.stamp_added)
    expect(message?.content).toMatchObject({ silent: true, picture: { kind: 'card', cardId: 'card_1' } })
    expect(read(OF_EACH.stamp_added)).toEqual([
      [
        '+1 stamp at Demo Coffee!',
        'Stamps: 3 of 8',
        '5 more stamps to your next reward: Free coffee',
        'Coffee card, No. 113772',
      ].join('\n'),
    ])
  })

  test('shows no number while the mirror does not know the count', () => {
    const card = { ...CARD, stamps: null, stampsGoal: null, nextReward: null, title: null }
    expect(read({ event: 'stamp_added', card, added: null })).toEqual(['A new stamp at Demo Coffee!\nCard No. 113772'])
    expect(read({ event: 'stamp_added', card: { ...card, nextReward: 'Free coffee' }, added: 2 })).toEqual([
      '+2 stamps at Demo Coffee!\nNext reward: Free coffee\nCard No. 113772',
    ])
  })

  test('shows a count without a goal, and no distance to a goal that nobody knows', () => {
    const card = { ...CARD, stampsGoal: null, goals: [], nextReward: null }
    expect(read({ event: 'stamp_added', card, added: 1 })[0]).toContain('\nStamps: 3\nCoffee card')
  })

  test('counts to the nearest goal ahead, whatever the order of the goals', () => {
    const toGo = (stamps: number) =>
      read({ event: 'stamp_added', card: { ...CARD, stamps, goals: [8, 3] }, added: 1 })[0]
    expect(toGo(0)).toContain('3 more stamps')
    expect(toGo(2)).toContain('1 more stamp to')
    expect(toGo(7)).toContain('1 more stamp to')
    expect(toGo(8)).not.toContain('more stamp')
  })

  test('that is taken back is no news', () => {
    expect(planned({ event: 'stamp_added', card: CARD, added: 0 })).toEqual([])
    expect(planned({ event: 'stamp_added', card: CARD, added: -1 })).toEqual([])
  })
})

describe('a reached goal', () => {
  const goal = (changes: Partial<CardFacts>, reward: string | null = 'Free coffee'): Transition => ({
    event: 'goal_reached',
    card: { ...CARD, stamps: 8, ...changes },
    reward,
  })
  const alert = (transition: Transition, facts: Partial<MessageFacts> = {}) => read(transition, facts)[1]

  test('tells the staff who, how far, where and for what', () => {
    expect(alert(goal({}))).toBe('⭐ Olena K. reached 8/8 at Podil: Free coffee')
  })

  test.each([
    ['a location without a name is left out', { locationName: null }, '⭐ Olena K. reached 8/8: Free coffee'],
    [
      'a customer without a name is a customer',
      { customerName: null },
      '⭐ A customer reached 8/8 at Podil: Free coffee',
    ],
    ['one name is enough', { customerName: ' Olena ' }, '⭐ Olena reached 8/8 at Podil: Free coffee'],
    ['of many names the last counts', { customerName: 'Ana da Silva' }, '⭐ Ana S. reached 8/8 at Podil: Free coffee'],
  ])('%s', (_, facts, text) => expect(alert(goal({}), facts)).toBe(text))

  test.each([
    ['no stamps', { stamps: null }],
    ['no goal', { stampsGoal: null }],
  ])('with %s known shows no number', (_, changes) => {
    expect(alert(goal(changes))).toBe('⭐ Olena K. reached a goal at Podil: Free coffee')
  })

  test('whose card has begun anew counts what was reached, not what the next round shows', () => {
    expect(alert(goal({ stamps: 1 }))).toBe('⭐ Olena K. reached 8/8 at Podil: Free coffee')
    expect(alert(goal({ stamps: 4 }))).toBe('⭐ Olena K. reached 4/8 at Podil: Free coffee')
  })

  test('with an unknown reward names none', () => {
    expect(alert(goal({}, null))).toBe('⭐ Olena K. reached 8/8 at Podil')
    expect(read(goal({}, null))[0]).toMatch(/^🎉 You have reached a goal at Demo Coffee!\n/)
  })

  test('tells the customer the reward', () => {
    expect(read(goal({ nextReward: null }))[0]).toBe(
      '🎉 You have reached a goal at Demo Coffee! Your reward: Free coffee\nStamps: 8 of 8\nCoffee card, No. 113772',
    )
  })
})

describe('a voucher', () => {
  test('arrives as a picture with its facts in the caption and its code to copy', () => {
    const [message] = planned(OF_EACH.voucher_issued)
    expect(message?.content.picture).toEqual({ kind: 'voucher', voucherId: 'v_1' })
    expect(message && say(message)).toMatchObject({
      text: [
        '🎁 A voucher from Demo Coffee: Free coffee',
        'Any size',
        'Valid until June 11, 2026',
        'Code: FREECOFFEE',
        'Voucher No. V-4821',
      ].join('\n'),
      buttons: [
        [{ kind: 'copy', label: 'Copy the code', text: 'FREECOFFEE' }],
        [{ kind: 'action', label: 'Show to staff', action: 'show:v_1' }],
        [{ kind: 'action', label: 'My vouchers', action: 'vouchers' }],
      ],
    })
  })

  test('of 7stamp is shown to 7stamp’s scanner, so nothing is offered to show our staff', () => {
    const [message] = planned({ event: 'voucher_issued', voucher: { ...VOUCHER, master: '7stamp' } })
    const actions = message?.content.buttons
      ?.flat()
      .flatMap((button) => (button.kind === 'action' ? button.action : []))
    expect(actions).toEqual(['vouchers'])
  })

  const issued = (changes: Partial<VoucherFacts>) => {
    const [message] = planned({ event: 'voucher_issued', voucher: { ...VOUCHER, ...changes } })
    const buttons = message?.content.buttons?.flat() ?? []
    return { text: message && say(message).text, copies: buttons.filter((button) => button.kind === 'copy').length }
  }

  test('without title, end or code says only what is known', () => {
    expect(issued({ title: null, description: null, expiresAt: null, redeemCode: null })).toEqual({
      text: '🎁 A voucher from Demo Coffee!\nVoucher No. V-4821',
      copies: 0,
    })
  })

  test('with a long description shows its first words', () => {
    const { text } = issued({ description: `Any size,\nany milk, ${'and cake '.repeat(20)}` })
    const line = text?.split('\n')[1] ?? ''
    expect(line).toMatch(/^Any size, any milk, and cake .*…$/)
    expect(line.length).toBeLessThanOrEqual(81)
  })

  test('whose code is only to be scanned does not spell it out', () => {
    expect(issued({ formats: ['qr'] })).toMatchObject({ copies: 0, text: expect.not.stringContaining('FREECOFFEE') })
  })

  test('whose formats nobody named spells it out', () => {
    expect(issued({ formats: [] })).toMatchObject({ copies: 1, text: expect.stringContaining('FREECOFFEE') })
  })

  test('has no copy button for a code that no messenger could copy', () => {
    expect(issued({ redeemCode: 'X'.repeat(256) }).copies).toBe(1)
    expect(issued({ redeemCode: 'X'.repeat(257) }).copies).toBe(0)
    expect(issued({ redeemCode: '  ' }).copies).toBe(0)
  })

  test('that was redeemed says so where it stood, without buttons, and asks whether it was you', () => {
    const [edit, receipt] = planned(OF_EACH.voucher_redeemed)
    expect(edit).toMatchObject({ purpose: 'edit', edits: { kind: 'voucher', voucherId: 'v_1' } })
    expect(edit && say(edit)).toEqual({
      text: '✅ Redeemed on May 11, 2026: Free coffee, Demo Coffee\nVoucher No. V-4821',
      altText: 'Your voucher',
    })
    expect(receipt && say(receipt)).toEqual({
      text: 'Redeemed at Demo Coffee: Free coffee. Thank you!',
      buttons: [[{ kind: 'action', label: 'Not you?', action: 'not_you' }]],
    })
  })

  test('that nobody ever gave a title is a voucher', () => {
    const voucher: VoucherFacts = { ...VOUCHER, title: null, state: 'redeemed' }
    expect(read({ event: 'voucher_redeemed', voucher })[1]).toBe('Redeemed at Demo Coffee: Voucher. Thank you!')
  })
})

describe('a lottery', () => {
  const played = (lottery: (Transition & { event: 'lottery_played' })['lottery']) =>
    read({ event: 'lottery_played', lottery })[0]

  test.each([
    ['won', 'Free dessert', '🎉 You won at Demo Coffee: Free dessert'],
    ['won', null, '🎉 You won at Demo Coffee!'],
    ['try_again', null, 'Not this time, but you may try again at Demo Coffee.'],
    ['no_prize', null, 'No prize this time. Thank you for playing at Demo Coffee!'],
    ['unknown', null, 'Thank you for playing at Demo Coffee!'],
  ] as const)('%s %s', (result, title, text) => expect(played({ result, title, greeting: null })).toBe(text))

  test('adds what the business says to it', () => {
    expect(played({ result: 'won', title: null, greeting: 'You won a dessert!' })).toBe(
      '🎉 You won at Demo Coffee!\nYou won a dessert!',
    )
  })
})

describe('a campaign', () => {
  test('of 7stamp reaches the chat with its text', () => {
    expect(read(OF_EACH.campaign_sent)[0]).toBe(
      'News from Demo Coffee:\nDouble stamps this weekend. See you!\nTo end messages, write STOP.',
    )
  })

  test('of our own is not announced a second time', () => {
    expect(planned({ event: 'campaign_sent', origin: 'campaign', text: 'Double stamps!' })).toEqual([])
  })

  test.each([null, '', '  \n '])('with the text %j has nothing to say here', (text) => {
    expect(planned({ event: 'campaign_sent', origin: '7stamp', text })).toEqual([])
  })
})

test('the owner is told that 7stamp is silent, since when, and what is usual', () => {
  const message = sevenstampSilence(Date.UTC(2026, 4, 11, 6, 5), 12 * 60_000, FACTS)
  expect(message).toMatchObject({ purpose: 'alert', audience: 'staff', class: 'service' })
  expect(say(message).text).toBe(
    '⚠️ Demo Coffee: nothing has come from 7stamp since May 11, 2026 at 09:05 AM. Please check the webhook in 7stamp.\n' +
      'Usually something comes every 12 min.',
  )
})

describe.each(LANGUAGES)('in %s', (language) => {
  const LONG: Partial<MessageFacts> = {
    business: { name: 'Old Town Roastery', timeZone: 'Europe/Kyiv' },
    customerName: 'Oleksandra Kovalenko',
  }
  const all = Object.values(OF_EACH).flatMap((transition) => planned(transition, LONG))

  test('every message names the business, or the staff’s customer', () => {
    for (const message of all) {
      const name = message.audience === 'staff' ? 'Oleksandra K.' : 'Old Town Roastery'
      expect(say(message, language).text).toContain(name)
    }
  })

  test('every message stays within 200 characters and one emoji, and leaves no variable open', () => {
    for (const message of all) {
      const { text } = say(message, language)
      expect(text.length, text).toBeLessThanOrEqual(200)
      expect(text.match(/\p{Extended_Pictographic}/gu)?.length ?? 0, text).toBeLessThanOrEqual(1)
      expect(unfilledVariables(message.content)).toEqual([])
    }
  })

  test('an alert about many goals says how many and the latest, at a glance and with one emoji', () => {
    const alert = planned(OF_EACH.goal_reached, LONG).find(({ purpose }) => purpose === 'alert')
    const latest = alert?.purpose === 'alert' ? alert.brief : null
    if (latest === null) throw new Error('a goal can be told in a few words')
    for (const key of ['alerts.goalsOfHour', 'alerts.goalsOfDay'])
      for (const count of [1, 2, 5, 23, 300]) {
        const content = { phrases: [{ key, params: { count, latest } }] }
        const { text } = wording.say(language, content)
        expect(text).toContain(String(count))
        for (const fact of ['Oleksandra K.', 'Podil', '3/8', 'A cookie']) expect(text).toContain(fact)
        expect(text.match(/\p{Extended_Pictographic}/gu)).toHaveLength(1)
        expect(text.length, text).toBeLessThanOrEqual(200)
        expect(unfilledVariables(content)).toEqual([])
      }
  })

  test('everything that the pictures show is in the caption', () => {
    const captionOf = (transition: Transition) => planned(transition).map((message) => say(message, language).text)[0]
    for (const fact of ['3', '8', 'Free coffee', '113772', 'Coffee card', 'Demo Coffee'])
      expect(captionOf(OF_EACH.stamp_added)).toContain(fact)
    const expiry = wording.word(language, 'voucher.expires', {
      date: { date: VOUCHER.expiresAt ?? 0, timeZone: 'Europe/Kyiv' },
    })
    for (const fact of ['Free coffee', 'FREECOFFEE', 'V-4821', 'Demo Coffee', expiry])
      expect(captionOf(OF_EACH.voucher_issued)).toContain(fact)
  })
})

test('whatever people and things are called, every message fits a messenger and can be stored', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.constantFrom('{{business}}', '$t(card.none)', ''),
  )
  const count = fc.option(fc.integer({ min: -5, max: 100_000 }), { nil: null })
  const card = fc.record({
    id: fc.constant('card_1'),
    number: name,
    title: fc.option(name, { nil: null }),
    stamps: count,
    stampsGoal: count,
    goals: fc.array(fc.nat(100)),
    nextReward: fc.option(name, { nil: null }),
  })
  const voucher = fc.record({
    id: fc.constant('v_1'),
    master: fc.constantFrom('own', '7stamp'),
    number: name,
    title: fc.option(name, { nil: null }),
    description: fc.option(name, { nil: null }),
    redeemCode: fc.option(name, { nil: null }),
    formats: fc.subarray(['text', 'qr', 'barcode'] as const),
    expiresAt: fc.option(fc.double(), { nil: null }),
    state: fc.constantFrom('issued', 'active', 'redeemed', 'expired'),
  }) satisfies fc.Arbitrary<VoucherFacts>
  const transition: fc.Arbitrary<Transition> = fc.oneof(
    fc.record({ event: fc.constantFrom('card_issued', 'card_saved'), card }),
    fc.record({ event: fc.constant('stamp_added'), card, added: count }),
    fc.record({ event: fc.constant('goal_reached'), card, reward: fc.option(name, { nil: null }) }),
    fc.record({ event: fc.constantFrom('voucher_issued', 'voucher_redeemed', 'voucher_expired'), voucher }),
    fc.record({ event: fc.constant('campaign_sent'), origin: fc.constant('7stamp'), text: name }),
  )
  const facts = fc.record({
    business: fc.record({ name, timeZone: fc.constantFrom('Europe/Kyiv', 'nonsense') }),
    customerName: fc.option(name, { nil: null }),
    locationName: fc.option(name, { nil: null }),
    at: fc.double(),
    settings: fc.constant([]),
  })
  fc.assert(
    fc.property(transition, facts, fc.constantFrom(...LANGUAGES), (what, who, language) => {
      for (const message of messagesFor(what, who)) {
        const { text } = wording.say(language, message.content)
        expect(text.length).toBeLessThanOrEqual(message.content.picture ? 1024 : 4096)
        expect(() => JSON.stringify(message)).not.toThrow()
      }
    }),
    { numRuns: 3_000 },
  )
})
