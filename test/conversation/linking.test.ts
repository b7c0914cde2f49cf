import { beforeAll, describe, expect, test } from 'vitest'
import type { OtherChats } from '../../bots/conversation/facts.js'
import { createWording, type Wording } from '../../src/notify/wording.js'
import { LOCALES } from '../notify/locale-texts.js'
import { CAFE, card, olena } from './people.js'
import { foundCustomer, SimulatedChat, type World } from './simulated-chat.js'

let wording: Wording
beforeAll(async () => {
  wording = await createWording(LOCALES)
})

const WORLD: World = {
  links: {
    good: foundCustomer(olena()),
    staff: { kind: 'staff' },
  },
  phones: { '+380501112233': olena() },
}

const open = (facts: ConstructorParameters<typeof SimulatedChat>[1] = {}) => new SimulatedChat(wording, facts, WORLD)
const answers = (chat: SimulatedChat) => chat.transcript.filter((line) => !line.startsWith('> '))
const effects = (chat: SimulatedChat) => chat.effects.map((effect) => effect.kind)

describe('a link', () => {
  test('connects the chat and uses the link up', () => {
    expect(open().starts('good').effects[0]).toEqual({ kind: 'link', customerId: 'c_olena', by: 'token' })
  })

  test('typed as a command works where the messenger has no deep links', () => {
    expect(effects(open().says('/start good'))).toContain('link')
  })

  test('of the same customer again says so, and asks for no consent that was asked before', () => {
    const customer = olena({ newsConsent: 'asked' })
    const chat = new SimulatedChat(
      wording,
      { who: { role: 'customer', customer } },
      { links: { good: foundCustomer(customer) } },
    )
    chat.starts('good')
    expect(answers(chat)).toHaveLength(1)
    expect(answers(chat)[0]).toContain('This chat already shows your card at Demo Coffee.')
    expect(effects(chat)).toEqual(['link'])
  })

  test('of another customer moves the chat to that one', () => {
    const chat = open({ who: { role: 'customer', customer: olena({ id: 'c_other', name: 'Ivan' }) } })
    expect(chat.starts('good').facts.who).toMatchObject({ customer: { id: 'c_olena' } })
  })

  test('of a customer without a card connects all the same', () => {
    const world = { links: { good: foundCustomer(olena({ cards: [], name: null })) } }
    const chat = new SimulatedChat(wording, {}, world).starts('good')
    expect(answers(chat)[0]).toBe('Done! This chat now shows your card at Demo Coffee.\n(menu)')
  })

  test('speaks the customer’s language from the first answer on, and proves the consent in it', () => {
    const world = { links: { good: foundCustomer(olena(), 'uk') } }
    const chat = new SimulatedChat(wording, {}, world).starts('good')
    expect(answers(chat)[0]).toContain('Olena Kovalenko, готово!')
    expect(chat.effects).toContainEqual({ kind: 'consentAsked', textVersion: '1', language: 'uk' })
  })

  test('does not undo a STOP, and asks nothing of somebody who wants silence', () => {
    const chat = open({ chat: { stopped: true } }).starts('good')
    expect(answers(chat)).toHaveLength(1)
    expect(answers(chat)[0]).toContain('You stopped our messages. START turns them on again.')
    expect(effects(chat)).toEqual(['link'])
  })

  test.each(['expired', 'bad characters!', 'x'.repeat(65), '../../etc', '😀'])(
    'that is %j gets the one answer that all wrong links get',
    (payload) => {
      const chat = open().starts(payload)
      expect(answers(chat)[0]).toBe(answers(open().starts('never-existed'))[0])
      expect(effects(chat)).toEqual(['countGuess'])
    },
  )

  test('for staff makes a staff chat, also in a group', () => {
    expect(effects(open({ chat: { isPrivate: false } }).starts('staff'))).toEqual(['linkStaff'])
    expect(effects(open().starts('staff'))).toEqual(['linkStaff'])
  })

  test('of a customer opened in a group shows the card to nobody', () => {
    const chat = open({ chat: { isPrivate: false } }).starts('good')
    expect(answers(chat)).toEqual(['This link does not work any more. Please ask for a new one at Demo Coffee.'])
    expect(effects(chat)).toEqual(['countGuess'])
  })
})

describe('a link while other chats show the card', () => {
  const world: World = {
    phones: {},
    links: { good: { ...foundCustomer(olena()), otherChats: ['chat_old'] } },
    newerChats: { chat_new: { chatId: 'chat_new', staffChats: ['chat_team'] } },
  }
  const owner = (otherChats?: OtherChats) =>
    new SimulatedChat(
      wording,
      { who: { role: 'customer', customer: olena() } },
      { ...world, ...(otherChats && { otherChats }) },
    )
  const words = (chat: SimulatedChat) =>
    chat.elsewhere.flatMap(({ chatId, replies }) => replies.map((each) => `${chatId}: ${wording.say('en', each).text}`))

  test('is told to them, with a way to say that it was somebody else', () => {
    const chat = new SimulatedChat(wording, {}, world).starts('good')
    expect(words(chat)).toEqual(['chat_old: Your card at Demo Coffee is now also shown in another chat.'])
    expect(chat.elsewhere[0]?.replies[0]?.buttons?.flat()).toEqual([
      { kind: 'action', label: 'buttons.notMe', action: 'not_me:chat_this' },
    ])
  })

  test('is no news in a chat that showed it before, nor for somebody who stopped messages', () => {
    expect(words(owner().starts('good'))).toEqual([])
    expect(words(new SimulatedChat(wording, { chat: { stopped: true } }, world).starts('good'))).toEqual([])
  })

  test('"Not me" disconnects the new chat, which learns only that, and tells the team', () => {
    const chat = owner().presses('not_me:chat_new')
    expect(answers(chat)[0]).toContain('Done, the other chat is not connected to your card any more.')
    expect(words(chat)).toEqual([
      'chat_new: This chat is disconnected from Demo Coffee.',
      'chat_team: ⚠️ Olena K. says that a new chat with their card is not theirs. It is disconnected.',
    ])
    expect(chat.elsewhere[0]?.effects).toEqual([{ kind: 'unlink' }])
  })

  test.each(['not_me:chat_old', 'not_me:', 'not_me', 'not_me:chat_of_somebody'])(
    '%s, too late or never true, disconnects nobody and names a person',
    (action) => {
      const chat = owner().presses(action)
      expect(chat.elsewhere).toEqual([])
      expect(answers(chat)[0]).toBe(
        'This cannot be undone here any more. Please tell the team of Demo Coffee.\nTalk to a person: +380 44 123 45 67\n(menu)',
      )
    },
  )

  test('is answered with an offer to show the card nowhere else', () => {
    const chat = new SimulatedChat(wording, {}, world).starts('good')
    expect(answers(chat)[1]).toBe(
      'Another chat shows this card too. Is that on a phone you have lost, or not your chat? You can show the card only here.\n' +
        '[Only here]',
    )
    expect(answers(owner().starts('good'))[1]).not.toContain('Only here')
  })

  test('"Only here" disconnects the chats from before, and sends whoever holds them to people', () => {
    const chat = owner({ older: ['chat_old', 'chat_web'], hasNewer: false }).presses('only_here')
    expect(answers(chat)).toEqual(['Done, your card at Demo Coffee is shown only in this chat now.\n(menu)'])
    const ended =
      'This chat does not show the card at Demo Coffee any more: that was decided in a chat that was connected later.\n' +
      'Talk to a person: +380 44 123 45 67'
    expect(words(chat)).toEqual([`chat_old: ${ended}`, `chat_web: ${ended}`])
    expect(chat.elsewhere.map(({ effects }) => effects)).toEqual([[{ kind: 'unlink' }], [{ kind: 'unlink' }]])
  })

  test('"Only here" again says the same, and never more than is true', () => {
    expect(answers(owner({ older: [], hasNewer: false }).presses('only_here'))).toEqual([
      'Done, your card at Demo Coffee is shown only in this chat now.\n(menu)',
    ])
    const chat = owner({ older: [], hasNewer: true }).presses('only_here')
    expect(chat.elsewhere).toEqual([])
    expect(answers(chat)).toEqual([
      'A chat that was connected after this one shows your card too. ' +
        'Please tell the team of Demo Coffee if it is not yours.\nTalk to a person: +380 44 123 45 67\n(menu)',
    ])
  })

  test('"Only here" of a guest disconnects nobody', () => {
    const chat = new SimulatedChat(wording, {}, world).presses('only_here')
    expect(chat.elsewhere).toEqual([])
  })

  test('of a guest is nothing to disconnect', () => {
    const chat = new SimulatedChat(wording, {}, world).presses('not_me:chat_new')
    expect(chat.elsewhere).toEqual([])
  })
})

describe('the link on the counter', () => {
  test('greets a guest and shows the ways to a card', () => {
    const chat = open().starts('j_loc_1')
    expect(answers(chat)).toEqual([
      'Hello! Demo Coffee here. This chat shows your stamp card, your rewards and your vouchers.\n' +
        '[Link my card]\n[I am at the counter]\n[Get a card]',
    ])
    expect(effects(chat)).toEqual([])
    expect(answers(chat.presses('connect'))[1]).toContain('share your phone number')
  })

  test('of any location, known or not, is answered alike, as often as it is opened', () => {
    const [first] = answers(open().starts('j_loc_1'))
    for (const payload of ['j_loc_1', 'j_', 'j_nowhere', 'j_../../x'])
      expect(answers(open({ guessesLeft: 0 }).starts(payload))).toEqual([first])
  })

  test('grants a friend to whom it was forwarded nothing', () => {
    const friend = open().starts('j_loc_1').presses('card')
    expect(answers(friend)[1]).toContain('Your card is not connected to this chat yet.')
    expect(effects(friend)).toEqual([])
  })

  test('shows a customer the menu, and does not undo a STOP', () => {
    const chat = open({ who: { role: 'customer', customer: olena() }, chat: { stopped: true } }).starts('j_loc_1')
    expect(answers(chat)).toEqual([
      'Good to see you again at Demo Coffee, Olena Kovalenko!\nYou stopped our messages. START turns them on again.\n(menu)',
    ])
    expect(effects(chat)).toEqual([])
    expect(answers(chat.presses('connect'))[1]).toContain('No. 113772')
  })

  test('in a group is for nobody, and in a staff chat changes nothing', () => {
    expect(answers(open({ chat: { isPrivate: false } }).starts('j_loc_1'))).toEqual([])
    const staff = open({ who: { role: 'staff' } }).starts('j_loc_1')
    expect(answers(staff)[0]).toContain('This is a staff chat of Demo Coffee')
  })

  test('of a business without a page for cards has no button for it', () => {
    expect(answers(open({ business: { ...CAFE, cardLink: null } }).starts('j_loc_1'))[0]).not.toContain('[Get a card]')
  })
})

describe('a shared phone number', () => {
  test('connects the chat when it is the sender’s own', () => {
    expect(open().shares('+380501112233').effects[0]).toEqual({ kind: 'link', customerId: 'c_olena', by: 'phone' })
  })

  test('of somebody else is not even looked up', () => {
    const chat = open().shares('+380501112233', false)
    expect(answers(chat)[0]).toContain('We can only accept your own number')
    expect(effects(chat)).toEqual([])
  })

  test('in a group is not for the bot', () => {
    expect(answers(open({ chat: { isPrivate: false } }).shares('+380501112233'))).toEqual([])
  })
})

describe('guesses', () => {
  test('once used up, right links and numbers are answered exactly like wrong ones', () => {
    const used = () => open({ guessesLeft: 0 })
    expect(answers(used().starts('good'))).toEqual(answers(open().starts('wrong')))
    expect(answers(used().shares('+380501112233'))).toEqual(answers(open().shares('+10000000000')))
    expect(effects(used().starts('good'))).toEqual(effects(open().starts('wrong')))
    expect(effects(used().starts('staff'))).toEqual(['countGuess'])
  })

  test('are counted until none is left', () => {
    const chat = open({ guessesLeft: 2 }).starts('a').shares('+1').starts('good')
    expect(chat.facts.guessesLeft).toBe(-1)
    expect(effects(chat)).not.toContain('link')
  })
})

describe('what is looked up', () => {
  test('is nothing for a card number, a phone or a name that somebody types', () => {
    const chat = open()
    for (const text of ['113772', '+380501112233', 'Olena Kovalenko', card().number]) chat.says(text)
    expect(effects(chat)).toEqual([])
    expect(answers(chat).join()).not.toMatch(/113772|Olena|Free coffee/)
  })
})
