import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLookupStore } from '../../src/loyalty/lookup-store.js'
import type { CardRow } from '../../src/loyalty/loyalty-tables.js'
import { allRows } from '../support/all-rows.js'
import { type Counter, openCounter } from './counter.js'

const MINUTE_MS = 60_000
const UNKNOWN = 'No voucher or card found. Please check the number or the code.'
const LIMIT = 'Please type a whole number from 1 to 20.'
const OWN = 'This is your own card, so please let a colleague stamp it.'

let counter: Counter
let card: CardRow
beforeEach(async () => {
  counter = await openCounter()
  card = await counter.issueCard('olena')
})
afterEach(() => counter.close())

const numberOf = ({ number }: CardRow): string => number ?? ''
/** Names the card and gives it so many stamps. */
const stamps = async (label: string, on: CardRow = card) => {
  await counter.says('team', numberOf(on))
  return counter.presses('team', label)
}
const rowsOf = async (table: string) =>
  (await allRows(counter.foundation.db)).filter((row) => row.startsWith(`${table}:`))

describe('a cashier who stamps', () => {
  test('types the card’s number, sees how it stands, and is told what was given', async () => {
    expect(await counter.says('team', numberOf(card))).toBe(
      [
        'Coffee card, for Olena K.',
        'Stamps: 0 of 8',
        '3 to go until Cookie',
        `Card No. ${card.number}`,
        'How many stamps? Press a button, or type the number.',
        '[+1]',
        '[+2]',
        '[+3]',
      ].join('\n'),
    )
    expect(await counter.presses('team', '+2')).toBe(
      '✅ +2 for Olena K.: 2 of 8\n1 to go until Cookie\n[Undo]\n[+1 more]',
    )
    expect(await counter.stampsOn(card)).toBe(2)
    expect((await rowsOf('stamps')).join()).toContain('staff_scanner')
  })

  test('is told which goals were reached, and the customer gets what they earned', async () => {
    await counter.linkCustomer('olena', 'olena')
    await counter.says('team', numberOf(card))
    expect(await counter.says('team', '+8')).toBe(
      '✅ +8 for Olena K.: 8 of 8\nGoal reached: Cookie\nGoal reached: Free coffee\n[Undo]\n[+1 more]',
    )
    await counter.applyEvents()
    await vi.waitFor(() => expect(counter.textsOf('olena').join('\n')).toContain('Free coffee'), 8_000)
    expect(await rowsOf('vouchers')).toHaveLength(1)
  })

  test('may paste the number as a scanner read it, with spaces or other dashes', async () => {
    const [first = '', second = ''] = numberOf(card).split('-')
    for (const typed of [`${first} – ${second}`, `${first}${second}`.toLowerCase(), ` ${first} ${second} `])
      expect(await counter.says('team', typed)).toContain(`Card No. ${card.number}`)
  })

  test('may type how many: a number alone means the card that was just shown', async () => {
    await counter.says('team', numberOf(card))
    expect(await counter.says('team', '5')).toContain('✅ +5 for Olena K.: 5 of 8')
    await counter.says('team', numberOf(card))
    expect(await counter.says('team', '+2')).toContain('✅ +2 for Olena K.: 7 of 8')
    await counter.says('team', numberOf(card))
    counter.wait(6 * MINUTE_MS)
    expect(await counter.says('team', '5')).toBe(UNKNOWN)
    expect(await counter.stampsOn(card)).toBe(7)
  })

  test.each(['0', '-1', '+1.5', '1,5', '21', '+4829'])('and types %s is told what can be typed', async (typed) => {
    await counter.says('team', numberOf(card))
    expect(await counter.says('team', typed)).toBe(LIMIT)
    expect(await counter.stampsOn(card)).toBe(0)
    // The card is still the one that is meant.
    expect(await counter.says('team', '20')).toContain('✅ +20 for Olena K.')
  })

  test('sees that a full card takes no more, and gets no more than it takes', async () => {
    const full = await counter.issueCard('olena', { afterLastGoal: 'stop' })
    await counter.says('team', numberOf(full))
    expect(await counter.says('team', '20')).toBe(
      '✅ +8 for Olena K.: 8 of 8\nGoal reached: Cookie\nGoal reached: Free coffee\n' +
        'This card is complete and takes no more stamps.\n[Undo]',
    )
    const shown = await counter.says('team', numberOf(full))
    expect(shown).toContain('This card is complete and takes no more stamps.')
    expect(shown).not.toContain('[+1]')
  })

  test('gives stamps to a card by amounts too, as their own word', async () => {
    const stamping = { kind: 'per_amount', perAmount: 500, currency: 'EUR', carriesRemainder: true } as const
    expect(await stamps('+3', await counter.issueCard('olena', { stamping }))).toContain('✅ +3 for Olena K.: 3 of 8')
  })

  test('is sent to the 7stamp scanner with a card of 7stamp’s', async () => {
    expect(await counter.says('team', 'card_olena')).toBe(
      'Stamp card, for Olena K.\nCard No. card_olena\nThis card belongs to 7stamp: please use the 7stamp scanner.',
    )
    const [sevenstamps] = await counter.foundation.db.read(
      createLookupStore(counter.foundation.db).cardsNumbered({
        businessIds: JSON.stringify([counter.businessId]),
        number: 'card_olena',
        typed: '',
      }),
    )
    const forged = `stamp:${sevenstamps?.id}:1:${counter.now().toString(36)}`
    expect(await counter.acts('team', forged)).toContain('please use the 7stamp scanner')
    expect(await rowsOf('stamps')).toEqual([])
  })
})

describe('a showing of a card gives stamps once', () => {
  test('so a double tap is told what was given', async () => {
    await counter.says('team', numberOf(card))
    const [one, two] = [counter.actionOf('team', '+1'), counter.actionOf('team', '+2')]
    expect(await counter.acts('team', one)).toContain('✅ +1 for Olena K.: 1 of 8')
    for (const again of [one, two])
      expect(await counter.acts('team', again)).toBe('Already given, +1 for Olena K.: 1 of 8\n[Undo]\n[+1 more]')
    expect(await counter.stampsOn(card)).toBe(1)
  })

  test('so does a number that is typed twice', async () => {
    await counter.says('team', numberOf(card))
    await counter.says('team', '+2')
    expect(await counter.says('team', '+2')).toContain('Already given, +2')
    expect(await counter.stampsOn(card)).toBe(2)
  })

  test('and presses at the same moment, by several of a group', async () => {
    await counter.says('team', numberOf(card))
    const one = counter.actionOf('team', '+1')
    const before = counter.textsOf('team').length
    await Promise.all([1, 2, 3].map(() => counter.does('team', { kind: 'action', action: one })))
    await counter.settled('team', before + 3)
    const answers = counter.textsOf('team').slice(before)
    expect(answers.filter((answer) => answer.startsWith('✅ +1'))).toHaveLength(1)
    expect(answers.filter((answer) => answer.startsWith('Already given'))).toHaveLength(2)
    expect(await counter.stampsOn(card)).toBe(1)
  })

  test('while who means it twice presses “+1 more”, or names the card again', async () => {
    await stamps('+1')
    expect(await counter.presses('team', '+1 more')).toContain('✅ +1 for Olena K.: 2 of 8')
    expect(await counter.presses('team', '+1 more')).toContain('✅ +1 for Olena K.: 3 of 8\nGoal reached: Cookie')
    expect(await stamps('+1')).toContain('✅ +1 for Olena K.: 4 of 8')
  })

  test('also when the messenger delivers the press again', async () => {
    await counter.says('team', numberOf(card))
    const press = { kind: 'action', action: counter.actionOf('team', '+1') } as const
    const before = counter.textsOf('team').length
    for (let time = 0; time < 2; time++) await counter.does('team', press, { updateId: 'pressed' })
    await counter.settled('team', before + 1)
    await counter.says('team', '/help')
    expect(counter.textsOf('team')).toHaveLength(before + 2)
    expect(await counter.stampsOn(card)).toBe(1)
  })

  test('and only while it is new: an old button shows the card again', async () => {
    await counter.says('team', numberOf(card))
    const one = counter.actionOf('team', '+1')
    counter.wait(11 * MINUTE_MS)
    expect(await counter.acts('team', one)).toContain('How many stamps?')
    expect(await counter.stampsOn(card)).toBe(0)
    expect(await counter.presses('team', '+1')).toContain('✅ +1')
  })
})

describe('undo', () => {
  test('takes these stamps back, once, and shows the card for the right number', async () => {
    await stamps('+1')
    const first = counter.actionOf('team', 'Undo')
    await counter.presses('team', '+1 more')
    expect(await counter.acts('team', first)).toMatch(
      /^Taken back: \+1 for Olena K\.\nCoffee card, for Olena K\.\nStamps: 1 of 8\n2 to go until Cookie\n/,
    )
    expect(await counter.acts('team', first)).toContain('These stamps have been taken back already.\n')
    expect(await counter.stampsOn(card)).toBe(1)
    expect(await counter.presses('team', '+2')).toContain('✅ +2 for Olena K.: 3 of 8')
  })

  test('is remembered by the button that had given them', async () => {
    await counter.says('team', numberOf(card))
    const one = counter.actionOf('team', '+1')
    await counter.acts('team', one)
    await counter.presses('team', 'Undo')
    expect(await counter.acts('team', one)).toContain('These stamps have been taken back already.')
    expect(await counter.stampsOn(card)).toBe(0)
  })

  test('is too late after the time that the business gives', async () => {
    const { businessId } = counter
    await counter.foundation.own.saveSettings({ businessId, inactivityDays: 30, undoLimitMs: 2 * MINUTE_MS })
    await stamps('+1')
    counter.wait(MINUTE_MS)
    await counter.presses('team', '+1 more')
    const last = counter.actionOf('team', 'Undo')
    counter.wait(3 * MINUTE_MS)
    expect(await counter.acts('team', last)).toBe('It is too late to take these stamps back.')
    expect(await counter.stampsOn(card)).toBe(2)
  })

  test('takes a voucher back that the stamps had earned, unless it was redeemed', async () => {
    await counter.says('team', numberOf(card))
    await counter.says('team', '8')
    await counter.presses('team', 'Undo')
    expect((await rowsOf('vouchers')).join()).toContain('expired')
    await counter.says('team', '8')
    const undo = counter.actionOf('team', 'Undo')
    const [voucher] = await counter.foundation.db.read(
      counter.foundation.loyalty.vouchersOf({ customerId: card.customerId, now: counter.now() }),
    )
    await counter.says('team', voucher?.number ?? '')
    await counter.presses('team', 'Redeem')
    await counter.presses('team', 'Yes, redeem')
    expect(await counter.acts('team', undo)).toBe(
      'These stamps cannot be taken back: what they earned has already been used.',
    )
    expect(await counter.stampsOn(card)).toBe(8)
  })
})

describe('a card that is not there to be stamped', () => {
  /** A business that this one knows nothing of, with a card of its own. */
  const neighbours = async (): Promise<CardRow> => {
    const { db, businesses, loyalty } = counter.foundation
    const [own] = await db.read(businesses.byId({ id: counter.businessId }))
    if (!own) throw new Error('no business')
    const theirs = { ...card, id: 'card_theirs', businessId: 'b_another', number: 'AAAA-BBBB' }
    await db.write(
      businesses.add({ ...own, id: 'b_another', externalId: null, webhookTokenHash: null, parentId: null }),
      loyalty.addCard(theirs),
    )
    return theirs
  }

  test('of another business is answered like none', async () => {
    const theirs = await neighbours()
    expect(await counter.says('team', numberOf(theirs))).toBe(UNKNOWN)
    expect(await counter.says('team', 'AAAA-CCCC')).toBe(UNKNOWN)
    const at = counter.now().toString(36)
    expect(await counter.acts('team', `stamp:${theirs.id}:1:${at}`)).toBe(UNKNOWN)
    expect(await counter.acts('team', 'unstamp:stamp_of_nobody')).toBe(UNKNOWN)
    expect(await counter.stampsOn(theirs)).toBe(0)
  })

  test('of somebody who is erased is answered like none, also by a button that was shown before', async () => {
    await counter.linkCustomer('olena', 'olena')
    await stamps('+1')
    const [more, undo] = [counter.actionOf('team', '+1 more'), counter.actionOf('team', 'Undo')]
    await counter.says('olena', '/deletedata')
    await counter.presses('olena', 'Yes, delete')
    expect(await counter.says('team', numberOf(card))).toBe(UNKNOWN)
    for (const action of [more, undo]) expect(await counter.acts('team', action)).toBe(UNKNOWN)
  })

  test('with a number that several have is not guessed', async () => {
    const { db, loyalty } = counter.foundation
    await counter.customer('ivan', 'Ivan Bondar')
    await db.write(loyalty.addCard({ ...card, id: 'card_same', customerId: counter.customerId('ivan') }))
    expect(await counter.says('team', numberOf(card))).toBe(
      'Several cards have this number, so it is not clear whose it is.',
    )
  })

  test('is nobody’s who is not staff, whatever they type or press', async () => {
    await counter.says('team', numberOf(card))
    const one = counter.actionOf('team', '+1')
    await counter.linkCustomer('olena', 'olena')
    for (const address of ['olena', 'stranger']) {
      expect(await counter.says(address, numberOf(card))).toContain('I did not understand that')
      expect(await counter.acts(address, one)).toContain('I did not understand that')
    }
    expect(await counter.stampsOn(card)).toBe(0)
  })
})

describe('a cashier with a card of their own', () => {
  test('is refused in the chat that was theirs as a customer before, while a colleague may', async () => {
    const private_ = { speaker: { id: 'ann', name: 'Ann' } }
    await counter.linkCustomer('ann', 'olena')
    await counter.linkStaff('ann', private_)
    await counter.says('ann', numberOf(card), private_)
    expect(await counter.presses('ann', '+1', private_)).toBe(OWN)
    expect(await counter.says('ann', '+2', private_)).toBe(OWN)
    expect(await stamps('+1')).toContain('✅ +1')
    expect(await counter.stampsOn(card)).toBe(1)
  })
})

describe('a group of staff', () => {
  const ANN = { isPrivate: false, speaker: { id: '501', name: 'Ann' } }
  const BO = { isPrivate: false, speaker: { id: '502', name: 'Bo' } }
  beforeEach(() => counter.linkStaff('group', ANN))

  test('names a card and gives stamps; a lone number, and one of somebody else, is talk', async () => {
    await counter.says('group', numberOf(card), ANN)
    const before = counter.textsOf('group').length
    await counter.does('group', { kind: 'text', text: '2' }, ANN)
    await counter.does('group', { kind: 'text', text: '+2' }, BO)
    expect(await counter.says('group', '+2', ANN)).toContain('✅ +2 for Olena K.: 2 of 8')
    expect(counter.textsOf('group')).toHaveLength(before + 1)
    expect(await counter.presses('group', '+1 more', BO)).toContain('✅ +1 for Olena K.: 3 of 8')
  })

  test('may use a command, where the bot hears nothing else', async () => {
    expect(await counter.says('group', `/stamp ${card.number}`, ANN)).toContain('How many stamps?')
    expect(await counter.says('group', '/stamp +2', ANN)).toContain('✅ +2')
  })

  test('has whoever presses not stamp their own card, while a colleague may', async () => {
    await counter.linkCustomer('501', 'olena')
    await counter.says('group', numberOf(card), BO)
    const one = counter.actionOf('group', '+1')
    expect(await counter.acts('group', one, ANN)).toBe(OWN)
    expect(await counter.acts('group', one, BO)).toContain('✅ +1')
  })
})
