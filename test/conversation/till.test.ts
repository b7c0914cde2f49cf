import { beforeAll, describe, expect, test } from 'vitest'
import type { TillLookup } from '../../bots/conversation/lookups.js'
import type { AtTill } from '../../bots/conversation/staff/staff-facts.js'
import { createWording, type Wording } from '../../src/notify/wording.js'
import { LOCALES } from '../notify/locale-texts.js'
import { NOW, olena } from './people.js'
import { foundCustomer, SimulatedChat, type World } from './simulated-chat.js'

let wording: Wording
beforeAll(async () => {
  wording = await createWording(LOCALES)
})

const MINUTE_MS = 60_000
const GUEST = { chatId: 'chat_guest', language: 'uk', stopped: false, customerId: null }
const OLENA = { ...foundCustomer(olena(), 'uk'), otherChats: ['chat_old'] }

/** A till where the code 4821 is right, and the card 113772 is Olena's. */
const atTill = ({ code, chatId, card }: TillLookup): AtTill => {
  const isOlenas = card !== undefined && ('id' in card ? card.id === 'card_5f2c' : card.number === '113772')
  return {
    guest: code === '4821' || chatId === 'chat_guest' ? GUEST : null,
    recentCards:
      code === '4821'
        ? [{ cardId: 'card_5f2c', number: '113772', customerName: 'Olena Kovalenko', at: NOW - 2 * MINUTE_MS }]
        : [],
    card: card === undefined ? null : isOlenas ? OLENA : { kind: 'nobody' },
  }
}
const WORLD: World = { till: atTill, freshTillCode: '4821' }
const staff = (given: ConstructorParameters<typeof SimulatedChat>[1] = {}, world = WORLD) =>
  new SimulatedChat(wording, { ...given, who: { role: 'staff' } }, world)
const answers = (chat: SimulatedChat) => chat.transcript.filter((line) => !line.startsWith('> '))
const last = (chat: SimulatedChat) => answers(chat).at(-1) ?? ''
const effects = (chat: SimulatedChat) => chat.effects.map((effect) => effect.kind)

const CHOICE = 'Whose card is it? Choose it below, or type the card number.\n[113772, Olena K., 2 min ago]'
const WRONG = 'This code is not valid. Ask the guest to write /till to Demo Coffee again.'

describe('a guest at the till', () => {
  test('gets a code to show, and only that', () => {
    const chat = new SimulatedChat(wording, {}, WORLD).says('/till')
    expect(last(chat)).toBe(
      'Your code: 4821\nShow it to the staff of Demo Coffee within 3 minutes. Your card then appears in this chat.\n(menu)',
    )
    expect(chat.effects).toEqual([{ kind: 'openTillCode', code: '4821' }])
  })

  test('is asked to try again soon, and told the other ways, when no code is free', () => {
    const chat = new SimulatedChat(wording, {}, {}).says('/till')
    expect(last(chat)).toContain(
      'Many guests are connecting their cards just now. Please try again in a minute.\nTo see your card,',
    )
    expect(effects(chat)).toEqual([])
  })

  test('who types a code, right or wrong, is not understood', () => {
    for (const text of ['4821', '0000', '/till 4821']) {
      const chat = new SimulatedChat(wording, {}, WORLD).says(text)
      expect(last(chat)).toContain('I did not understand that')
      expect(effects(chat)).toEqual([])
    }
  })
})

describe('a cashier', () => {
  test.each(['4821', '/till 4821', ' 4821 '])('types %j and sees the cards that were just stamped', (text) => {
    const chat = staff({ chat: { isPrivate: false } }).says(text)
    expect(last(chat)).toBe(CHOICE)
    expect(chat.effects).toEqual([{ kind: 'useTillCode', code: '4821' }])
  })

  test.each([
    ['presses the card', (chat: SimulatedChat) => chat.presses('till_card:card_5f2c:4821')],
    ['types its number', (chat: SimulatedChat) => chat.says('113772')],
  ])('%s, and the guest sees it in the guest’s language', (_how, choose) => {
    const chat = choose(staff().says('4821'))
    expect(last(chat)).toBe("Done, the guest's chat now shows the card: Olena K.")
    const [guest, other] = chat.elsewhere
    expect(guest).toMatchObject({ chatId: 'chat_guest', isAwaited: true })
    expect(guest?.effects).toEqual([
      { kind: 'link', customerId: 'c_olena', by: 'till' },
      { kind: 'consentAsked', textVersion: '1', language: 'uk' },
    ])
    const [greeting] = guest?.replies ?? []
    expect(greeting && wording.say('uk', greeting).text).toContain('Olena Kovalenko, готово!')
    expect(other).toMatchObject({ chatId: 'chat_old', effects: [] })
    expect(other?.replies[0]?.buttons?.flat()).toContainEqual(expect.objectContaining({ action: 'not_me:chat_guest' }))
  })

  test('who types a wrong code gets the one answer that all wrong codes get, and it is counted', () => {
    const chat = staff().says('0000')
    expect(last(chat)).toBe(WRONG)
    expect(effects(chat)).toEqual(['countTillGuess'])
  })

  test('out of guesses is answered as if every code and card were wrong', () => {
    expect(answers(staff({ guessesLeft: 0 }).says('4821'))).toEqual([WRONG])
    const chat = staff({ guessesLeft: 1 }).says('4821').says('no-such-1').says('113772')
    expect(chat.elsewhere).toEqual([])
  })

  test('mistypes a card number and may try again', () => {
    const chat = staff().says('4821').says('113773')
    expect(last(chat)).toBe('This card cannot be connected. Please check its number.')
    expect(chat.says('113772').elsewhere).not.toEqual([])
  })

  test('takes the next guest’s code although the guest before has gone', () => {
    const world: World = { till: (lookup) => ({ ...atTill(lookup), recentCards: [] }) }
    const chat = staff({}, world).says('4821').says('4821').says('4821')
    expect(answers(chat)[1]).toContain('cannot be connected')
    expect(answers(chat)[2]).toContain('Type the card number.')
  })

  test('cannot link by a button of another code, of an old list, or without a code', () => {
    for (const chat of [
      staff().presses('till_card:card_5f2c:4821'),
      staff().says('4821').presses('till_card:card_5f2c:9999'),
      staff()
        .says('4821')
        .waits(6 * MINUTE_MS)
        .presses('till_card:card_5f2c:4821'),
    ]) {
      expect(chat.elsewhere).toEqual([])
      expect(last(chat)).toBe(WRONG)
    }
  })

  test('in a group is not meant when people talk', () => {
    const chat = staff({ chat: { isPrivate: false } })
      .says('4821')
      .says('lunch at 12?')
      .says('yes')
    expect(answers(chat)).toEqual([CHOICE])
  })
})
