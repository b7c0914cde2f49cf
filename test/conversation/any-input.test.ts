import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Answer } from '../../bots/conversation/answer.js'
import { COMMANDS } from '../../bots/conversation/commands.js'
import { createConversation } from '../../bots/conversation/conversation.js'
import type { CustomerFacts, FoundCustomer } from '../../bots/conversation/customer-facts.js'
import type { Facts } from '../../bots/conversation/facts.js'
import type { AtCounter, CardChange } from '../../bots/conversation/staff/staff-facts.js'
import { parseState } from '../../bots/conversation/state.js'
import type { Input } from '../../bots/messenger.js'
import { createWording, type WordedMessage } from '../../src/notify/wording.js'
import { LANGUAGES, LOCALES, unfilledVariables } from '../notify/locale-texts.js'
import { NOW, TIME_ZONE } from './people.js'

const wording = await createWording(LOCALES)
const conversation = createConversation(wording)

/** An id as the program makes them: prefix and 32 hexadecimal digits. */
const id = (prefix: string) => fc.nat(20).map((number) => `${prefix}_${number.toString(16).padStart(32, '0')}`)
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('', '{{business}}', '$t(card.none)', '__proto__', '\ud800', '\u0000', '<b>', 'STOP', '/start x'),
)

/** Every text of a person carries that person's mark, so that it can be recognised in a reply. */
const marked = (mark: string) => anyText.map((text) => `${mark}${text}`)

const voucherOf = (mark: string) => ({
  id: id('v'),
  master: fc.constantFrom('own', '7stamp'),
  number: marked(mark),
  title: orNull(marked(mark)),
  description: orNull(marked(mark)),
  redeemCode: orNull(marked(mark)),
  formats: fc.subarray(['text', 'qr', 'barcode'] as const),
  expiresAt: orNull(fc.integer({ min: NOW - 1e9, max: NOW + 1e9 })),
  state: fc.constantFrom('issued', 'active', 'redeemed', 'expired'),
})

const cardFactsOf = (mark: string) => ({
  id: id('card'),
  number: marked(mark),
  title: orNull(marked(mark)),
  stamps: orNull(fc.nat(200)),
  stampsGoal: orNull(fc.nat(200)),
  goals: fc.array(fc.nat(50), { maxLength: 3 }),
  nextReward: orNull(marked(mark)),
})

const customer = (mark: string): fc.Arbitrary<CustomerFacts> =>
  fc.record({
    id: fc.constant(`c_${mark}`),
    name: orNull(marked(mark)),
    cards: fc.array(fc.record(cardFactsOf(mark)), { maxLength: 6 }),
    vouchers: fc.array(fc.record(voucherOf(mark)), { maxLength: 13 }),
    history: fc.array(
      fc.record({
        at: fc.integer(),
        event: fc.constantFrom('card_issued', 'stamp_added', 'voucher_redeemed', 'lottery_played'),
        count: orNull(fc.nat(50)),
        title: orNull(marked(mark)),
      }),
      { maxLength: 12 },
    ),
    hears: fc.constantFrom('everything', 'rewards', 'nothing'),
    newsConsent: fc.constantFrom('never_asked', 'asked', 'granted', 'refused'),
  })

const OWN = 'OWN⟫'
const STRANGER = 'STRANGER⟫'

const AT_TILL = 'AT-TILL⟫'

const stampedCard = fc.record({ ...cardFactsOf(AT_TILL), isComplete: fc.boolean() })

const cardChange: fc.Arbitrary<CardChange> = fc.oneof(
  fc.record({
    kind: fc.constant('stamped'),
    stampId: id('stamp'),
    count: fc.nat(20),
    after: stampedCard,
    earned: fc.array(marked(AT_TILL), { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('stamped_before'), stampId: id('stamp'), count: fc.nat(20), isUndone: fc.boolean() }),
  fc.record({ kind: fc.constant('undone'), count: fc.nat(20), after: stampedCard }),
  fc.record({
    kind: fc.constant('refused'),
    reason: fc.constantFrom(
      'not_found',
      'managed_by_7stamp',
      'own_card',
      'card_complete',
      'too_many_stamps',
      'amount_missing',
      'wrong_currency',
      'amount_too_small',
      'already_undone',
      'too_late',
      'reward_used',
    ),
  }),
)

const atCounter: fc.Arbitrary<AtCounter> = fc.record({
  found: fc.oneof(
    fc.record({
      kind: fc.constant('card'),
      card: fc.record({
        ...cardFactsOf(AT_TILL),
        isComplete: fc.boolean(),
        master: fc.constantFrom('own', '7stamp'),
        customerName: orNull(marked(AT_TILL)),
      }),
    }),
    fc.record({
      kind: fc.constant('voucher'),
      voucher: fc.record({
        ...voucherOf(AT_TILL),
        stateAt: fc.integer({ min: 0, max: NOW }),
        customerName: orNull(marked(AT_TILL)),
        isTheirOwn: fc.boolean(),
      }),
    }),
    fc.constantFrom(
      { kind: 'shared_code' } as const,
      { kind: 'shared_number' } as const,
      { kind: 'late' } as const,
      { kind: 'used' } as const,
      { kind: 'nothing' } as const,
    ),
  ),
  isShown: fc.boolean(),
  till: fc.oneof(
    fc.constant({ kind: 'own' } as const),
    fc.record({
      kind: fc.constant('shared'),
      cashier: orNull(fc.constant({ staffId: 'staff_1', name: 'Ann' })),
      typed: orNull(
        fc.constantFrom(
          { kind: 'cashier', cashier: { staffId: 'staff_1', name: 'Ann' } } as const,
          { kind: 'wrong' } as const,
          { kind: 'locked' } as const,
        ),
      ),
      removesPins: fc.boolean(),
    }),
  ),
  lookupsLeft: fc.integer({ min: -1, max: 3 }),
  redemption: orNull(
    fc.oneof(
      fc.constant({ kind: 'redeemed' } as const),
      fc.record({
        kind: fc.constant('refused'),
        reason: fc.constantFrom(
          'not_found',
          'already_redeemed',
          'expired',
          'not_active',
          'managed_by_7stamp',
          'own_voucher',
          'staff_only',
        ),
      }),
    ),
  ),
  change: orNull(cardChange),
})

const someone = (mark: string): fc.Arbitrary<FoundCustomer> =>
  fc.record({
    kind: fc.constant('customer'),
    customer: customer(mark),
    language: fc.constantFrom(...LANGUAGES),
    stopped: fc.boolean(),
    otherChats: fc.array(id('chat'), { maxLength: 3 }),
  })
const stranger = someone(STRANGER)

const facts: fc.Arbitrary<Facts> = fc.record({
  business: fc.record({
    name: anyText,
    timeZone: fc.constant(TIME_ZONE),
    contact: orNull(anyText),
    privacyUrl: orNull(fc.webUrl()),
    cardLink: orNull(fc.webUrl()),
    newsPerMonth: fc.nat(30),
  }),
  chat: fc.record({
    id: id('chat'),
    language: fc.constantFrom(...LANGUAGES),
    isPrivate: fc.boolean(),
    canSharePhone: fc.boolean(),
    stopped: fc.boolean(),
    reachable: fc.boolean(),
  }),
  who: fc.oneof(
    fc.constant({ role: 'guest' } as const),
    fc.record({ role: fc.constant('customer'), customer: customer(OWN) }),
    fc.constant({ role: 'staff' } as const),
  ),
  found: fc.record({
    linkToken: orNull(
      fc.oneof(
        stranger,
        fc.constantFrom(
          { kind: 'staff' } as const,
          { kind: 'shared_device', locationId: 'loc_1' } as const,
          { kind: 'nobody' } as const,
        ),
      ),
    ),
    phone: orNull(fc.oneof(stranger, fc.constant({ kind: 'nobody' } as const))),
    freshTillCode: orNull(fc.constant('4821')),
    till: orNull(
      fc.record({
        guest: orNull(
          fc.record({
            chatId: id('chat'),
            language: fc.constantFrom(...LANGUAGES),
            stopped: fc.boolean(),
            customerId: orNull(id('c')),
          }),
        ),
        recentCards: fc.array(
          fc.record({
            cardId: id('card'),
            number: marked(AT_TILL),
            customerName: orNull(marked(AT_TILL)),
            at: fc.integer({ min: 0, max: NOW }),
          }),
          { maxLength: 8 },
        ),
        card: orNull(fc.oneof(someone(AT_TILL), fc.constant({ kind: 'nobody' } as const))),
      }),
    ),
    counter: orNull(atCounter),
    staffChats: orNull(
      fc.array(
        fc.record({
          id: id('chat'),
          messenger: fc.constantFrom('telegram', 'whatsapp', 'viber', 'web'),
          isPrivate: fc.boolean(),
          isShared: fc.boolean(),
          since: fc.integer({ min: 0, max: NOW }),
        }),
        { maxLength: 25 },
      ),
    ),
    offeredCard: orNull(
      fc.record({
        title: anyText,
        goals: fc.array(fc.record({ stamps: fc.nat(20), reward: anyText }), { maxLength: 3 }),
      }),
    ),
    newCard: orNull(stranger),
    freshShowing: orNull(fc.constant({ code: '482193', token: 'shown1', link: null })),
    newerChat: orNull(fc.record({ chatId: id('chat'), staffChats: fc.array(id('chat'), { maxLength: 2 }) })),
    otherChats: orNull(fc.record({ older: fc.array(id('chat'), { maxLength: 2 }), hasNewer: fc.boolean() })),
    team: orNull(
      fc.record({
        staffChats: fc.array(id('chat'), { maxLength: 2 }),
        messagesLeft: fc.nat(2),
        questionId: id('q'),
      }),
    ),
    question: orNull(
      fc.record({
        id: id('q'),
        chatId: id('chat'),
        asker: fc.oneof(
          fc.constant({ role: 'guest' } as const),
          fc.record({ role: fc.constant('customer'), name: orNull(marked(AT_TILL)) }),
        ),
        about: id('c'),
        isReachable: fc.boolean(),
        isAnswered: fc.boolean(),
        otherStaffChats: fc.array(id('chat'), { maxLength: 2 }),
      }),
    ),
  }),
  speaker: orNull(fc.record({ id: fc.constantFrom('1', '2'), name: orNull(anyText) })),
  guessesLeft: fc.integer({ min: -1, max: 3 }),
})

const keyword = fc.constantFrom(
  'stop',
  'Старт',
  '내 카드',
  'Meine Gutscheine',
  'Deutsch',
  'uk',
  '4821',
  '/till 4821',
  '113772',
  '+2',
  '5',
  '+1.5',
  'help',
  'yes',
)
const command = fc.constantFrom(...COMMANDS.map((each) => each.command))
const action = fc.oneof(
  command,
  id('voucher:v'),
  id('card:card'),
  id('not_me:chat'),
  id('reply:q'),
  id('no_reply:q'),
  id('till_card:card').map((each) => `${each}:4821`),
  id('redeem:v'),
  id('show:v'),
  id('unstamp:stamp'),
  fc
    .tuple(id('stamp:card'), fc.integer({ min: -1, max: 25 }), fc.integer({ min: NOW - 1e6, max: NOW }))
    .map(([card, count, shownAt]) => `${card}:${count}:${shownAt.toString(36)}`),
  id('staff:chat'),
  fc.constant('staff'),
  fc
    .tuple(id('redeem:v'), fc.constantFrom('yes', 'no'), fc.integer({ min: NOW - 1e6, max: NOW }))
    .map(([voucher, word, askedAt]) => `${voucher}:${word}:${askedAt.toString(36)}`),
  fc.nat(5).map((page) => `vouchers:${page}`),
  fc.constantFrom(
    'not_you',
    'only_here',
    'team',
    'team:cancel',
    'unlink:yes',
    'unlink:no',
    'deletedata:yes',
    'deletedata:no',
    'notifications:rewards',
    'connect',
    'language:uk',
    'consent:yes:1:en',
    'consent:no:1:en',
  ),
  anyText,
  fc.tuple(command, anyText).map((parts) => parts.join(':')),
)

const input: fc.Arbitrary<Input> = fc.oneof(
  fc.record({
    kind: fc.constant('start'),
    payload: orNull(fc.oneof(fc.constantFrom('token-1', 'j_loc_1', 'r_token1', 'r_??'), anyText)),
  }),
  fc.record({
    kind: fc.constant('text'),
    text: fc.oneof(
      anyText,
      keyword,
      command.map((each) => `/${each}`),
    ),
  }),
  fc.record({ kind: fc.constant('action'), action }),
  fc.record({ kind: fc.constant('contact'), phone: anyText, own: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('other', 'blocked', 'unblocked') }),
)

/** Whatever a column may hold: states of ours, and anything else. */
const storedState = fc.oneof(
  fc.record({ kind: fc.constant('idle'), misses: fc.nat(5) }),
  fc.constant({ kind: 'choosing_language' }),
  fc.record({
    kind: fc.constant('linking_at_till'),
    chatId: id('chat'),
    code: fc.constant('4821'),
    askedAt: fc.integer({ min: NOW - 1e6, max: NOW }),
  }),
  fc.record({
    kind: fc.constant('asking_pin'),
    wants: fc.oneof(
      fc.record({ kind: fc.constant('voucher'), voucherId: id('v') }),
      fc.record({ kind: fc.constant('card'), cardId: id('card') }),
      fc.record({ kind: fc.constant('stamp'), stampId: id('stamp') }),
    ),
    askedAt: fc.integer({ min: NOW - 1e6, max: NOW }),
  }),
  fc.record({
    kind: fc.constant('at_card'),
    cardId: id('card'),
    shownAt: fc.integer({ min: NOW - 1e6, max: NOW }),
    by: orNull(fc.constantFrom('1', '2')),
  }),
  fc.record({ kind: fc.constant('confirming_deletion'), askedAt: fc.integer({ min: NOW - 1e6, max: NOW }) }),
  fc.record({ kind: fc.constant('confirming_unlink'), askedAt: fc.integer({ min: NOW - 1e6, max: NOW }) }),
  fc.record({ kind: fc.constant('writing_to_team'), askedAt: fc.integer({ min: NOW - 1e6, max: NOW }) }),
  fc.record({
    kind: fc.constant('replying'),
    questionId: id('q'),
    askedAt: fc.integer({ min: NOW - 1e6, max: NOW }),
    by: orNull(fc.constantFrom('1', '2')),
  }),
  fc.jsonValue(),
)

const textsOf = ({ text, buttons = [] }: WordedMessage): string[] => [
  text,
  ...buttons.flat().flatMap((button) => [button.label, button.kind === 'copy' ? button.text : '']),
]

const expectSendable = (said: WordedMessage) => {
  expect(said.text.trim()).not.toBe('')
  expect(said.text.length).toBeLessThanOrEqual(said.altText ? 1024 : 4096)
  if (said.buttons) expect(said.menu ?? said.phoneButton).toBeUndefined()
  for (const button of (said.buttons ?? []).flat()) {
    if (button.kind === 'action') expect(Buffer.byteLength(button.action)).toBeLessThanOrEqual(64)
    if (button.kind === 'copy') expect(button.text.length).toBeLessThanOrEqual(256)
  }
}

const linksTheStranger = ({ effects }: Answer) =>
  effects.some((effect) => effect.kind === 'link' && effect.customerId === `c_${STRANGER}`)

test('whatever comes in, in whichever state, is answered safely', () => {
  fc.assert(
    fc.property(storedState, input, facts, (stored, said, given) => {
      const state = parseState(stored)
      const lookups = conversation.lookupsFor(state, said, NOW)
      const answer = conversation.answer(state, said, given, NOW)

      expect(JSON.parse(JSON.stringify(answer))).toEqual(answer)
      expect(parseState(answer.state)).toEqual(answer.state)
      for (const { replies } of answer.elsewhere ?? [])
        for (const reply of replies) {
          expectSendable(wording.say(given.chat.language, reply))
          expect(unfilledVariables(reply)).toEqual([])
        }
      expect(answer.replies.length).toBeLessThanOrEqual(3)

      const replies = answer.replies.map((reply) => wording.say(given.chat.language, reply))
      for (const reply of replies) expectSendable(reply)
      for (const reply of answer.replies) expect(unfilledVariables(reply)).toEqual([])

      const words = replies.flatMap(textsOf).join('\n')
      if (!linksTheStranger(answer)) expect(words).not.toContain(STRANGER)
      if (given.who.role !== 'staff') expect(words).not.toContain(AT_TILL)
      const linksAtTill = (answer.elsewhere ?? []).some(({ effects }) => effects.some(({ kind }) => kind === 'link'))
      if (linksAtTill) {
        expect(given.who.role).toBe('staff')
        expect(given.guessesLeft).toBeGreaterThan(0)
        expect(state.kind).toBe('linking_at_till')
      }
      if (answer.effects.some(({ kind }) => kind === 'redeem')) {
        expect(given.who.role).toBe('staff')
        expect(given.found.counter?.redemption).toEqual({ kind: 'redeemed' })
        expect(given.found.counter?.found).toMatchObject({ voucher: { isTheirOwn: false, master: 'own' } })
        expect(lookups.counter?.redeems).toBe(true)
        const till = given.found.counter?.till
        expect(till?.kind === 'shared' && till.cashier === null).toBe(false)
      }
      if (answer.effects.some(({ kind }) => kind === 'changeCard')) {
        expect(given.who.role).toBe('staff')
        expect(['stamped', 'undone']).toContain(given.found.counter?.change?.kind)
        expect(given.found.counter?.found.kind).toBe('card')
        expect(lookups.counter?.gives !== undefined || lookups.counter?.mention.kind === 'stamp').toBe(true)
        const till = given.found.counter?.till
        expect(till?.kind === 'shared' && till.cashier === null).toBe(false)
      }
      if (!given.chat.isPrivate) expect(words).not.toContain(OWN)
      if (linksTheStranger(answer)) {
        expect(given.guessesLeft).toBeGreaterThan(0)
        expect(given.chat.isPrivate).toBe(true)
        expect(lookups).not.toEqual({})
      }
    }),
    { numRuns: 20_000 },
  )
}, 120_000)

test('whole conversations of anything go on', () => {
  fc.assert(
    fc.property(fc.array(input, { maxLength: 12 }), facts, (inputs, given) => {
      let state = parseState(null)
      for (const said of inputs) state = conversation.answer(state, said, given, NOW).state
      const help = conversation.answer(state, { kind: 'action', action: 'help' }, given, NOW)
      const isHeard = given.chat.isPrivate || given.who.role === 'staff'
      expect(help.replies).toHaveLength(isHeard ? 1 : 0)
    }),
    { numRuns: 500 },
  )
})
