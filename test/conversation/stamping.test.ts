import { beforeAll, describe, expect, test } from 'vitest'
import { countIn, hasSign, isLikeACount } from '../../bots/conversation/card-count.js'
import type { CounterLookup } from '../../bots/conversation/lookups.js'
import type { AtCounter, CardChange, CardRefusal, StaffCard, Till } from '../../bots/conversation/staff/staff-facts.js'
import { createWording, type Wording } from '../../src/notify/wording.js'
import { LANGUAGES, LOCALES } from '../notify/locale-texts.js'
import { card, NOW } from './people.js'
import { SimulatedChat } from './simulated-chat.js'

let wording: Wording
beforeAll(async () => {
  wording = await createWording(LOCALES)
})

const MINUTE_MS = 60_000
const OLENAS: StaffCard = { ...card(), master: 'own', customerName: 'Olena Kovalenko', isComplete: false }
const ANN = { staffId: 'staff_ann', name: 'Ann' }
const OWN: Till = { kind: 'own' }

/** A staff chat that finds Olena's card, where whatever is asked for comes to `change`. */
const staff = (
  change: CardChange | null,
  { found = { kind: 'card', card: OLENAS }, till = OWN }: Partial<Pick<AtCounter, 'found' | 'till'>> = {},
  facts: ConstructorParameters<typeof SimulatedChat>[1] = {},
) => {
  const counter = ({ gives, mention, pin }: CounterLookup): AtCounter => ({
    found,
    isShown: false,
    lookupsLeft: 20,
    till: till.kind === 'shared' && pin !== undefined ? { ...till, typed: { kind: 'cashier', cashier: ANN } } : till,
    redemption: null,
    change: gives !== undefined || mention.kind === 'stamp' ? change : null,
  })
  return new SimulatedChat(wording, { ...facts, who: { role: 'staff' } }, { counter })
}
const last = (chat: SimulatedChat) => chat.transcript.filter((line) => !line.startsWith('> ')).at(-1)
const effects = (chat: SimulatedChat) => chat.effects.map(({ kind }) => kind)
const press = (count: number, shownAt = NOW) => `stamp:card_5f2c:${count}:${shownAt.toString(36)}`

const SEVEN = { ...card({ stamps: 7 }), isComplete: false }
const STAMPED: CardChange = { kind: 'stamped', stampId: 'stamp_1', count: 2, after: SEVEN, earned: [] }
const BEFORE: CardChange = { kind: 'stamped_before', stampId: 'stamp_1', count: 2, isUndone: false }
const refused = (reason: CardRefusal): CardChange => ({ kind: 'refused', reason })

describe('a number typed under a card', () => {
  test.each([
    ['5', 5],
    ['+5', 5],
    ['+ 5', 5],
    ['20', 20],
    ['007', 7],
  ])('%s gives stamps', (text, count) => {
    expect(isLikeACount(text)).toBe(true)
    expect(countIn(text)).toBe(count)
  })

  test.each(['0', '+0', '-1', '−1', '+1.5', '1,5', '21', '999', '+4821', '+113772'])(
    '%s is one, but gives none',
    (text) => {
      expect(isLikeACount(text)).toBe(true)
      expect(countIn(text)).toBeNull()
    },
  )

  test.each(['4821', '113772', 'K7Q2-9FHM', 'FREECOFFEE', '5 coffees', '+', ''])('“%s” is something else', (text) =>
    expect(isLikeACount(text)).toBe(false),
  )

  test('with a sign before it is nobody’s by the way', () => {
    expect(['+2', '-1', '2', '2.5'].map(hasSign)).toEqual([true, true, false, false])
  })
})

describe('a card that staff name', () => {
  test('is shown with buttons that carry card, number of stamps and moment', () => {
    const chat = staff(null).says('K7Q2-9FHM')
    expect(last(chat)).toBe(
      [
        'Coffee card, for Olena K.',
        'Stamps: 5 of 8',
        '3 to go until Free coffee',
        'Card No. 113772',
        'How many stamps? Press a button, or type the number.',
        '[+1] [+2] [+3]',
      ].join('\n'),
    )
    expect(chat.state).toEqual({ kind: 'at_card', cardId: 'card_5f2c', shownAt: NOW, by: null })
    expect(effects(chat)).toEqual([])
  })

  test('tells no more than is known of it', () => {
    const bare = { ...OLENAS, title: null, stamps: null, nextReward: null, customerName: null }
    expect(last(staff(null, { found: { kind: 'card', card: bare } }).says('K7Q2-9FHM'))).toMatch(
      /^Stamp card, for a customer without a name\nCard No\. 113772\nHow many/,
    )
  })

  test('of 7stamp, or one that is complete, has no buttons and waits for no number', () => {
    for (const [change, told] of [
      [{ master: '7stamp' }, 'please use the 7stamp scanner.'],
      [{ isComplete: true }, 'takes no more stamps.'],
    ] as const) {
      const chat = staff(STAMPED, { found: { kind: 'card', card: { ...OLENAS, ...change } } }).says('K7Q2-9FHM')
      expect(last(chat)?.endsWith(told)).toBe(true)
      expect(chat.state.kind).toBe('idle')
    }
  })

  test('is not guessed among several with its number', () => {
    expect(last(staff(null, { found: { kind: 'shared_number' } }).says('113772'))).toContain('Several cards')
  })
})

describe('stamps', () => {
  test('are given once they are confirmed by the rows, and can be undone or be one more', () => {
    const chat = staff(STAMPED).says('K7Q2-9FHM').presses(press(2))
    expect(last(chat)).toBe('✅ +2 for Olena K.: 7 of 8\n1 to go until Free coffee\n[Undo]\n[+1 more]')
    expect(effects(chat)).toEqual(['changeCard'])
  })

  test('that were given by this showing are told, and not given', () => {
    const chat = staff(BEFORE).says('K7Q2-9FHM').presses(press(2)).says('+2')
    expect(last(chat)).toBe('Already given, +2 for Olena K.: 5 of 8\n[Undo]\n[+1 more]')
    expect(effects(chat)).toEqual([])
  })

  test('are asked for by the card’s showing, however often, and by another one for “+1 more”', () => {
    const asked: unknown[] = []
    const counter = ({ gives }: CounterLookup): AtCounter => {
      if (gives) asked.push(gives)
      const found = { kind: 'card', card: OLENAS } as const
      return { found, isShown: false, lookupsLeft: 20, till: OWN, redemption: null, change: gives ? STAMPED : null }
    }
    const chat = new SimulatedChat(wording, { who: { role: 'staff' } }, { counter }).says('K7Q2-9FHM').waits(5_000)
    chat.says('+2').presses(press(1)).presses(press(1, chat.now))
    expect(asked).toEqual([
      { count: 2, shownAt: NOW },
      { count: 1, shownAt: NOW },
      { count: 1, shownAt: NOW + 5_000 },
    ])
  })

  test('are not given by a button of long ago, which shows the card again', () => {
    const chat = staff(STAMPED)
      .waits(11 * MINUTE_MS)
      .presses(press(2))
    expect(last(chat)).toContain('[+1] [+2] [+3]')
    expect(effects(chat)).toEqual([])
  })

  test('are not given by a number of more than five minutes later', () => {
    const chat = staff(STAMPED)
      .says('K7Q2-9FHM')
      .waits(6 * MINUTE_MS)
      .says('+2')
    expect(effects(chat)).toEqual([])
  })

  test.each(['stamp:card_5f2c:0:1', 'stamp:card_5f2c:21:1', 'stamp:card_5f2c', 'stamp', 'unstamp'])(
    'are not given by %s, which no version ever sent',
    (action) => {
      const chat = staff(STAMPED).presses(action)
      expect(last(chat)).toContain('This is a staff chat')
      expect(effects(chat)).toEqual([])
    },
  )

  test.each<[CardRefusal, string]>([
    ['own_card', 'This is your own card, so please let a colleague stamp it.'],
    ['card_complete', 'How many stamps?'],
    ['not_found', 'No voucher or card found.'],
    ['too_many_stamps', 'Please type a whole number from 1 to 20.'],
    ['too_late', 'It is too late to take these stamps back.'],
    ['reward_used', 'what they earned has already been used.'],
    ['already_undone', 'These stamps have been taken back already.'],
  ])('that are refused (%s) change nothing, and staff are told why', (reason, told) => {
    const chat = staff(refused(reason)).presses(press(1))
    expect(last(chat)).toContain(told)
    expect(effects(chat)).not.toContain('changeCard')
  })

  test('are taken back by “Undo”, and the card is shown for the right number', () => {
    const chat = staff({ kind: 'undone', count: 2, after: SEVEN }).presses('unstamp:stamp_1')
    expect(last(chat)).toMatch(/^Taken back: \+2 for Olena K\.\nCoffee card, for Olena K\.\nStamps: 7 of 8\n/)
    expect(effects(chat)).toEqual(['changeCard'])
    expect(chat.state.kind).toBe('at_card')
  })
})

describe('a shared device that is locked', () => {
  const till: Till = { kind: 'shared', cashier: null, typed: null, removesPins: true }

  test('asks for a PIN before it stamps, and then for the number of stamps', () => {
    const chat = staff(STAMPED, { till }).presses(press(2))
    expect(last(chat)).toBe('Please type your PIN to stamp cards here.')
    chat.says('4829')
    expect(last(chat)).toMatch(/^Hello Ann, .+\nCoffee card, for Olena K\.\n[\s\S]+\[\+1\] \[\+2\] \[\+3\]\n\[Lock\]$/)
    expect(effects(chat)).toEqual(['removeWritten', 'openTill'])
  })

  test('asks for one before stamps are taken back, and then offers it again', () => {
    const chat = staff({ kind: 'undone', count: 2, after: SEVEN }, { till }).presses('unstamp:stamp_1').says('4829')
    expect(last(chat)).toContain('[Undo]\n[Lock]')
    expect(effects(chat)).toEqual(['removeWritten', 'openTill'])
  })
})

test.each(LANGUAGES)('%s says all of it in its own words', (language) => {
  const facts = { chat: { language } }
  const said = [
    staff(STAMPED, {}, facts).says('K7Q2-9FHM').presses(press(2)),
    staff({ ...STAMPED, earned: ['Free coffee'] }, {}, facts).presses(press(2)),
    staff(BEFORE, {}, facts).presses(press(2)),
    staff({ kind: 'undone', count: 2, after: SEVEN }, {}, facts).presses('unstamp:stamp_1'),
  ].flatMap(({ transcript }) => transcript)
  // A name ends with a full stop of its own.
  expect(said.join('\n')).not.toMatch(/\.\.|\{\{/)
})
