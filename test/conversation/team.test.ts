import { beforeAll, describe, expect, test } from 'vitest'
import type { TeamFacts } from '../../bots/conversation/facts.js'
import type { QuestionFacts } from '../../bots/conversation/staff/staff-facts.js'
import { createWording, type Wording } from '../../src/notify/wording.js'
import { LOCALES } from '../notify/locale-texts.js'
import { CAFE, olena } from './people.js'
import { SimulatedChat, type World } from './simulated-chat.js'

let wording: Wording
beforeAll(async () => {
  wording = await createWording(LOCALES)
})

const MINUTE_MS = 60_000
const TEAM: TeamFacts = { staffChats: ['chat_bar', 'chat_office'], messagesLeft: 5, questionId: 'q_1' }
const QUESTION: QuestionFacts = {
  id: 'q_1',
  chatId: 'chat_olena',
  asker: { role: 'customer', name: 'Olena Kovalenko' },
  about: 'c_olena',
  isReachable: true,
  isAnswered: false,
  otherStaffChats: ['chat_office'],
}

const lastOf = (chat: SimulatedChat) => chat.transcript.filter((line) => !line.startsWith('> ')).at(-1) ?? ''
const silentAfter = (chat: SimulatedChat) => chat.transcript.at(-1)?.startsWith('> ')
const effectsOf = (chat: SimulatedChat) => chat.effects.map((effect) => effect.kind)
/** What other chats read, each as "chat: text". */
const heardElsewhere = ({ elsewhere }: SimulatedChat) =>
  elsewhere.flatMap(({ chatId, replies }) => replies.map((reply) => `${chatId}: ${wording.say('en', reply).text}`))

const customer = (world: World = { team: TEAM }, facts: ConstructorParameters<typeof SimulatedChat>[1] = {}) =>
  new SimulatedChat(wording, { who: { role: 'customer', customer: olena() }, ...facts }, world)
const guest = (world: World = { team: TEAM }, facts: ConstructorParameters<typeof SimulatedChat>[1] = {}) =>
  new SimulatedChat(wording, facts, world)
const staff = (question: QuestionFacts = QUESTION, facts: ConstructorParameters<typeof SimulatedChat>[1] = {}) =>
  new SimulatedChat(wording, { who: { role: 'staff' }, ...facts }, { questions: { q_1: question } })

describe('the second unknown input in a row', () => {
  const OFFER =
    'Sorry, I did not understand that. Please use the menu.\n' +
    'Or write to the team of Demo Coffee: a person reads it.\n[Message the team]'

  test('offers to message the team, to customers and guests alike', () => {
    for (const chat of [customer(), guest()]) {
      expect(lastOf(chat.says('Is it open?'))).not.toContain('[Message the team]')
      expect(lastOf(chat.says('Hey, is it open?'))).toBe(OFFER)
      expect(lastOf(chat.does({ kind: 'other' }))).toBe(OFFER)
    }
  })

  test('offers it to a guest who types digits, too', () => {
    expect(lastOf(guest().says('1234').says('4321'))).toBe(OFFER)
  })

  test('names the contact of a business that no staff chat listens to, and nobody if there is none', () => {
    const nobody = { ...TEAM, staffChats: [] }
    expect(lastOf(customer({ team: nobody }).says('a').says('b'))).toBe(
      'Sorry, I did not understand that. Please use the menu.\nTalk to a person: +380 44 123 45 67\n(menu)',
    )
    const business = { ...CAFE, contact: null }
    expect(lastOf(customer({ team: nobody }, { business }).says('a').says('b'))).toBe(
      'Sorry, I did not understand that. Please use the menu.\n(menu)',
    )
  })
})

describe('a message to the team', () => {
  test('is asked for, and goes to every chat of the team with the name and a button', () => {
    const chat = customer().presses('team')
    expect(lastOf(chat)).toBe(
      'What would you like to tell the team of Demo Coffee? Send it in one message within 10 minutes.\n[Cancel]',
    )
    chat.says('Hello, do you have\noat milk?')
    expect(lastOf(chat)).toBe('Sent. The team of Demo Coffee answers you in this chat.\n(menu)')
    expect(heardElsewhere(chat)).toEqual([
      'chat_bar: 💬 Olena K. asks:\nHello, do you have\noat milk?',
      'chat_office: 💬 Olena K. asks:\nHello, do you have\noat milk?',
    ])
    expect(chat.elsewhere[0]).toMatchObject({
      about: 'c_olena',
      replies: [{ buttons: [[{ label: 'buttons.reply', action: 'reply:q_1' }]] }],
    })
    expect(chat.effects).toEqual([{ kind: 'askTeam', questionId: 'q_1' }])
  })

  test('is not what was said before, and whoever was not understood is told so', () => {
    const chat = customer().says('a').says('b').presses('team')
    expect(lastOf(chat)).toContain('\nWhat you wrote before was not passed on.\n[Cancel]')
    expect(lastOf(chat.says('Hello').presses('team'))).not.toContain('before')
  })

  test('of a guest names no name, and is about their chat', () => {
    const chat = guest().presses('team').says('Where are you?')
    expect(heardElsewhere(chat)[0]).toBe('chat_bar: 💬 A guest asks:\nWhere are you?')
    expect(chat.elsewhere[0]?.about).toBe('chat_this')
  })

  test('may be a greeting or four digits', () => {
    for (const text of ['Hello', '1530'])
      expect(heardElsewhere(customer().presses('team').says(text))[0]).toContain(`asks:\n${text}`)
  })

  test('is not what the menu, a command or STOP says', () => {
    for (const text of ['My card', '/help', 'STOP']) {
      const chat = customer().presses('team').says(text)
      expect(heardElsewhere(chat)).toEqual([])
      expect(chat.state.kind).toBe('idle')
    }
    expect(effectsOf(customer().presses('team').says('STOP'))).toEqual(['stop'])
  })

  test('is dropped by Cancel and after ten minutes', () => {
    const chat = customer().presses('team').presses('team:cancel')
    expect(lastOf(chat)).toBe('All right, nothing was sent.\n(menu)')
    expect(lastOf(chat.says('oat milk?'))).toContain('did not understand')
    const late = customer()
      .presses('team')
      .waits(10 * MINUTE_MS + 1)
    expect(lastOf(late.says('oat milk?'))).toContain('did not understand')
    expect(heardElsewhere(late)).toEqual([])
  })

  test('is asked for again when it is no text, or longer than 1,000 characters', () => {
    const chat = customer().presses('team')
    for (const again of [chat.does({ kind: 'other' }), chat.says('🥛'.repeat(1_001)), chat.says(' ')])
      expect(lastOf(again)).toBe(
        'Only text of up to 1,000 characters can be passed on. Please send it in one message.\n[Cancel]',
      )
    expect(heardElsewhere(chat.says('🥛'.repeat(1_000)))).toHaveLength(2)
  })

  test('is one too many after five in ten minutes', () => {
    const chat = customer({ team: { ...TEAM, messagesLeft: 0 } }).presses('team')
    expect(lastOf(chat)).toContain('Please wait 10 minutes')
    expect(lastOf(chat.says('oat milk?'))).toContain('did not understand')
  })

  test('finds no team once the last staff chat is gone', () => {
    const chat = customer({ team: { ...TEAM, staffChats: [] } }).presses('team')
    expect(lastOf(chat)).toBe(
      'Messages to the team cannot be passed on right now.\nTalk to a person: +380 44 123 45 67\n(menu)',
    )
  })

  test('is nothing for a group of guests', () => {
    const chat = guest({ team: TEAM }, { chat: { isPrivate: false } }).presses('team')
    expect(silentAfter(chat)).toBe(true)
  })
})

describe('a reply of the team', () => {
  test('is asked for, goes to whoever asked, and the others of the team hear who replied', () => {
    const chat = staff(QUESTION, { speaker: { id: '7', name: 'Ivan' } }).presses('reply:q_1')
    expect(lastOf(chat)).toBe(
      'Write the reply in one message within 10 minutes. It goes to the chat of whoever asked.\n[Cancel]',
    )
    expect(lastOf(chat.says('Hello! Yes, we have.'))).toBe('Sent.')
    expect(heardElsewhere(chat)).toEqual([
      'chat_olena: Demo Coffee:\nHello! Yes, we have.',
      'chat_office: ✅ Ivan replied to Olena K.',
    ])
    expect(chat.elsewhere).toMatchObject([
      { isAwaited: true, about: 'c_olena', replies: [{ buttons: [[{ action: 'team' }]] }] },
      { isAwaited: false, about: 'c_olena' },
    ])
    expect(chat.effects).toEqual([{ kind: 'answerQuestion', questionId: 'q_1' }])
  })

  test('that is not the first is told to nobody else', () => {
    const chat = staff({ ...QUESTION, isAnswered: true })
      .presses('reply:q_1')
      .says('Yes')
    expect(heardElsewhere(chat)).toEqual(['chat_olena: Demo Coffee:\nYes'])
  })

  test('is also what answers the message with the messenger’s own function, four digits included', () => {
    const chat = staff().does({ kind: 'text', text: '1530', repliesTo: ['reply:q_1'] })
    expect(heardElsewhere(chat)[0]).toBe('chat_olena: Demo Coffee:\n1530')
    const toPrompt = staff().does({ kind: 'text', text: 'Yes', repliesTo: ['no_reply:q_1'] })
    expect(heardElsewhere(toPrompt)[0]).toBe('chat_olena: Demo Coffee:\nYes')
  })

  test('is not the code of the next guest at the till', () => {
    const chat = staff().presses('reply:q_1').says('4821')
    expect(heardElsewhere(chat)).toEqual([])
    expect(lastOf(chat)).toContain('This code is not valid.')
  })

  test('is dropped by Cancel and after ten minutes', () => {
    expect(lastOf(staff().presses('reply:q_1').presses('no_reply:q_1'))).toBe('All right, nothing was sent.')
    const late = staff()
      .presses('reply:q_1')
      .waits(10 * MINUTE_MS + 1)
      .says('Yes')
    expect(heardElsewhere(late)).toEqual([])
  })

  test('is asked for again when it cannot be passed on', () => {
    const chat = staff().presses('reply:q_1').does({ kind: 'other' })
    expect(lastOf(chat)).toContain('Only text of up to 1,000 characters')
    expect(heardElsewhere(chat.says('Yes'))).toHaveLength(2)
  })

  test('is refused for a blocked chat and a question that is gone', () => {
    expect(lastOf(staff({ ...QUESTION, isReachable: false }).presses('reply:q_1'))).toBe(
      'Not sent: whoever asked has blocked the chat and cannot be reached.',
    )
    const chat = staff()
    expect(lastOf(chat.presses('reply:q_2'))).toBe('This message can no longer be replied to.')
    expect(lastOf(chat.does({ kind: 'text', text: 'Yes', repliesTo: ['reply:q_2'] }))).toContain('no longer')
  })

  test('is not a guest’s to give', () => {
    expect(lastOf(guest({ team: TEAM, questions: { q_1: QUESTION } }).presses('reply:q_1'))).toContain(
      'did not understand',
    )
  })
})

describe('in a group of the team', () => {
  const group = () => staff(QUESTION, { chat: { isPrivate: false }, speaker: { id: '7', name: 'Ivan' } })
  const speaks = (chat: SimulatedChat, id: string, text: string) => {
    chat.facts = { ...chat.facts, speaker: { id, name: 'Somebody' } }
    return chat.says(text)
  }

  test('only whoever pressed Reply is asked', () => {
    const chat = group().presses('reply:q_1')
    expect(lastOf(chat)).toContain('Answer this message to reply.')
    expect(silentAfter(speaks(chat, '8', 'Lunch?'))).toBe(true)
    expect(heardElsewhere(chat)).toEqual([])
    expect(lastOf(speaks(chat, '7', 'Yes, we have.'))).toBe('Sent.')
    expect(heardElsewhere(chat)[0]).toBe('chat_olena: Demo Coffee:\nYes, we have.')
  })

  test('anybody may answer the message itself', () => {
    const chat = group().does({ kind: 'text', text: 'Yes', repliesTo: ['reply:q_1'] })
    expect(heardElsewhere(chat)[0]).toBe('chat_olena: Demo Coffee:\nYes')
  })

  test('what people say to each other is nobody’s reply', () => {
    expect(silentAfter(group().says('Yes'))).toBe(true)
  })
})
