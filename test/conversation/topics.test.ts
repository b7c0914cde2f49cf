import { beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../bots/conversation/commands.js'
import { parseState } from '../../bots/conversation/state.js'
import { createWording, type Wording } from '../../src/notify/wording.js'
import { LANGUAGES, LOCALES } from '../notify/locale-texts.js'
import { CAFE, card, NOW, olena, voucher } from './people.js'
import { SimulatedChat } from './simulated-chat.js'

let wording: Wording
beforeAll(async () => {
  wording = await createWording(LOCALES)
})

type Given = ConstructorParameters<typeof SimulatedChat>[1]
const as = (changes: Parameters<typeof olena>[0] = {}, given: Given = {}) =>
  new SimulatedChat(wording, { ...given, who: { role: 'customer', customer: olena(changes) } })
const guest = (given: Given = {}) => new SimulatedChat(wording, given)
const answers = (chat: SimulatedChat) => chat.transcript.filter((line) => !line.startsWith('> '))
const last = (chat: SimulatedChat) => answers(chat).at(-1) ?? ''
const effects = (chat: SimulatedChat) => chat.effects.map((effect) => effect.kind)

describe('my card', () => {
  test('of somebody with two cards is two pictures', () => {
    const cards = [card(), card({ id: 'card_2', number: '2', title: 'Tea card' })]
    expect(answers(as({ cards }).presses('card'))).toHaveLength(2)
  })

  test('of somebody with many is a choice, and a choice is a picture', () => {
    const cards = ['1', '2', '3', '4'].map((number) => card({ id: `card_${number}`, number, title: null }))
    const chat = as({ cards }).presses('card')
    expect(last(chat)).toBe(
      'Your stamp cards at Demo Coffee. Which one would you like to see?\n' +
        '[Card No. 1]\n[Card No. 2]\n[Card No. 3]\n[Card No. 4]',
    )
    expect(last(chat.presses('card:card_3'))).toContain('Card No. 3')
  })

  test('that is not there yet can be had somewhere', () => {
    expect(last(as({ cards: [] }).presses('card'))).toBe(
      'You have no stamp card at Demo Coffee yet.\nNo card yet? Get one here:\nhttps://my.example/card\n(menu)',
    )
    const business = { ...CAFE, cardLink: null }
    expect(last(as({ cards: [] }, { business }).presses('card'))).toBe(
      'You have no stamp card at Demo Coffee yet.\n(menu)',
    )
  })

  test('of somebody else, asked for by its id, is one’s own', () => {
    expect(last(as().presses('card:card_of_ivan'))).toContain('No. 113772')
  })
})

describe('my vouchers', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      voucher({ id: `v_${index + 1}`, number: `V-${index + 1}`, title: `Coffee ${index + 1}` }),
    )

  test('are none yet', () => {
    expect(last(as({ vouchers: [] }).presses('vouchers'))).toBe('You have no vouchers at Demo Coffee yet.\n(menu)')
  })

  test('up to two usable ones come as pictures below the list', () => {
    expect(answers(as({ vouchers: many(2) }).presses('vouchers'))).toHaveLength(3)
  })

  test('more of them are five on a page, each one press away', () => {
    const chat = as({ vouchers: many(12) }).presses('vouchers')
    expect(answers(chat)).toHaveLength(1)
    expect(last(chat)).toContain('• Coffee 5: active until June 11, 2026')
    expect(last(chat)).toContain('[Coffee 1]\n[Coffee 2]\n[Coffee 3]\n[Coffee 4]\n[Coffee 5]\n[Next]')
    expect(last(chat.presses('vouchers:2'))).toContain('[Coffee 10]\n[Previous] [Next]')
    expect(last(chat.presses('voucher:v_7'))).toContain('Voucher No. V-7')
  })

  test('the last page is the end, and pages beyond it are the last', () => {
    const chat = as({ vouchers: many(12) }).presses('vouchers:3')
    const page = answers(chat)[0]
    expect(page).toContain('• Coffee 12')
    expect(page).toContain('[Previous]')
    expect(page).not.toContain('[Next]')
    const beyond = as({ vouchers: many(12) }).presses('vouchers:9999')
    expect(answers(beyond)[0]).toBe(page)
  })

  test.each(['vouchers:0', 'vouchers:-1', 'vouchers:x', 'vouchers:99999999'])(
    '%s is some page, not an error',
    (action) => {
      expect(last(as({ vouchers: many(12) }).presses(action))).toContain('Your vouchers at Demo Coffee:')
    },
  )

  test('one that has passed its end is expired even before anybody said so', () => {
    const chat = as({ vouchers: [voucher({ expiresAt: NOW })] })
    expect(last(chat.presses('vouchers'))).toBe('Your vouchers at Demo Coffee:\n• Free coffee: expired\n(menu)')
    expect(last(chat.presses('voucher:v_9a1e'))).toContain('Free coffee: expired')
  })

  test('one that was issued can be used, with or without an end', () => {
    const vouchers = [voucher({ state: 'issued', expiresAt: null }), voucher({ id: 'v_2', state: 'redeemed' })]
    const chat = as({ vouchers }).presses('vouchers')
    expect(answers(chat)[0]).toContain('• Free coffee: active\n• Free coffee: redeemed')
    expect(answers(chat)).toHaveLength(2)
  })

  test('of somebody else, asked for by its id, is not shown', () => {
    expect(last(as({ vouchers: [] }).presses('voucher:v_of_ivan'))).toBe(
      'You have no vouchers at Demo Coffee yet.\n(menu)',
    )
  })

  test('"Not you?" leads to a person', () => {
    expect(last(as().presses('not_you'))).toContain('Talk to a person: +380 44 123 45 67')
  })
})

describe('history', () => {
  test('is at most ten lines, the newest first', () => {
    const history = Array.from({ length: 30 }, (_, day) => ({
      at: NOW - day * 86_400_000,
      event: 'stamp_added' as const,
      count: null,
      title: null,
    }))
    const said = last(as({ history }).presses('history'))
    expect(said.match(/new stamp/g)).toHaveLength(10)
    expect(said).toContain('newest first:\n• May 11, 2026: new stamp\n• May 10, 2026')
  })

  test('may be empty', () => {
    expect(last(as({ history: [] }).presses('history'))).toContain('Nothing has happened')
  })
})

describe('language', () => {
  test.each(LANGUAGES)('%s can be chosen by its button, its name and its tag, and confirms itself in itself', (tag) => {
    const name = wording.languageNames().find((each) => each.tag === tag)?.name ?? ''
    const confirmed = wording.word(tag, 'language.chosen')
    expect(last(guest().presses(`language:${tag}`))).toContain(confirmed)
    expect(last(guest().presses('language').says(name.toUpperCase()))).toContain(confirmed)
    expect(last(guest().presses('language').says(tag))).toContain(confirmed)
  })

  test('that nobody speaks here is asked again', () => {
    const chat = guest().presses('language:tlh')
    expect(last(chat)).toContain('Which language shall we speak?')
    expect(effects(chat)).toEqual([])
  })

  test('names mean nothing when no language was asked for', () => {
    expect(effects(guest().says('Deutsch'))).toEqual([])
  })
})

describe('stop and start', () => {
  const STOP_WORDS = ['STOP', 'стоп', 'abbestellen', 'BAJA', 'rezygnuje', 'désabonner', 'ferma', 'sair', '수신거부']

  test.each(STOP_WORDS)('%s is confirmed once, whatever the chat speaks and whoever says it', (word) => {
    for (const chat of [as(), guest({ chat: { language: 'ko' } })]) {
      chat.says(word).says(word)
      expect(answers(chat)).toHaveLength(1)
      expect(effects(chat)).toEqual(['stop'])
    }
  })

  test('STOP is heard in the middle of a question', () => {
    expect(effects(as().presses('unlink').says('stop'))).toEqual(['stop'])
    expect(effects(as().presses('language').says('stop'))).toEqual(['stop'])
  })

  test('only START turns messages on; other questions are just answered', () => {
    const chat = as().says('stop').says('/card').says('/help').says('hello')
    expect(effects(chat)).toEqual(['stop'])
    expect(effects(chat.says('старт'))).toEqual(['stop', 'resume'])
    expect(effects(as().says('/start'))).toEqual([])
  })
})

describe('consent', () => {
  const consent = (chat: SimulatedChat) => chat.effects.filter((effect) => effect.kind === 'recordConsent')

  test('is recorded with the version and the language that were read, and when', () => {
    const chat = as({}, { chat: { language: 'uk' } }).presses('consent:yes:1:en')
    expect(consent(chat)).toEqual([{ kind: 'recordConsent', granted: true, textVersion: '1', language: 'en', at: NOW }])
  })

  test('can be withdrawn as easily as it was given', () => {
    const chat = as().presses('consent:yes:1:en').presses('privacy').presses('consent').presses('consent:no:1:en')
    expect(consent(chat).map((effect) => effect.granted)).toEqual([true, false])
  })

  test('to a text that is not asked any more is asked again; a no always counts', () => {
    expect(consent(as().presses('consent:yes:0:en'))).toEqual([])
    expect(last(as().presses('consent:yes:0:en'))).toContain('All right?')
    expect(consent(as().presses('consent:yes:1:tlh'))).toEqual([])
    expect(consent(as().presses('consent:no:0:en'))).toHaveLength(1)
  })

  test.each(['consent:yes', 'consent:maybe:1:en', 'consent:yes:1', 'consent:yes:1:<b>', 'consent::::'])(
    '%s is no answer',
    (action) => expect(consent(as().presses(action))).toEqual([]),
  )

  test('while messages are off is kept, and says that they are off', () => {
    const chat = as({}, { chat: { stopped: true } }).presses('consent:yes:1:en')
    expect(consent(chat)).toHaveLength(1)
    expect(last(chat)).toContain('You stopped our messages.')
  })

  test('is nothing a guest can give', () => {
    expect(consent(guest().presses('consent:yes:1:en'))).toEqual([])
  })
})

describe('what to hear', () => {
  test('is shown with the present choice, and chosen with one press', () => {
    const chat = as().presses('notifications')
    expect(last(chat)).toBe(
      'You hear everything about your card at Demo Coffee: stamps, rewards and vouchers.\n' +
        'What would you like to hear?\n[Everything]\n[Only rewards]\n[Nothing]',
    )
    chat.presses('notifications:rewards')
    expect(chat.effects).toEqual([{ kind: 'setHears', hears: 'rewards' }])
    expect(last(chat)).toBe('Done, from now on you hear only of rewards and vouchers at Demo Coffee.\n(menu)')
    expect(last(chat.says('Notifications'))).toContain('You hear only of rewards and vouchers at Demo Coffee.')
    chat.presses('notifications:nothing').says('/notifications')
    expect(last(chat)).toContain('You hear nothing from Demo Coffee unasked.')
  })

  test('leaves STOP as it is, and says that it holds', () => {
    const chat = as({}, { chat: { stopped: true } }).presses('notifications:everything')
    expect(effects(chat)).toEqual(['setHears'])
    expect(last(chat)).toContain('You stopped our messages. START turns them on again.')
  })

  test.each(['notifications:all', 'notifications:', 'notifications:stop'])('%s chooses nothing', (action) => {
    expect(effects(as().presses(action))).toEqual([])
  })

  test('is nothing a guest can choose', () => {
    expect(effects(guest().presses('notifications:nothing'))).toEqual([])
  })
})

describe('help and privacy', () => {
  test('name a person, or the staff where there is no contact', () => {
    expect(last(guest().presses('help'))).toContain('Talk to a person: +380 44 123 45 67')
    const business = { ...CAFE, contact: null, privacyUrl: null }
    expect(last(guest({ business }).presses('help'))).toContain('Questions? Ask the staff at Demo Coffee.')
    expect(last(guest({ business }).presses('privacy'))).not.toContain('[Privacy policy]')
  })

  test('privacy offers a customer what can be changed right here', () => {
    expect(last(as().presses('privacy'))).toContain('[Privacy policy]\n[News and offers]\n[Disconnect]')
  })

  test('a hint is one line until the second misunderstanding, and forgets when understood', () => {
    const chat = as().says('hm').says('what')
    expect(answers(chat)[0]).toBe('Sorry, I did not understand that. Please use the menu.\n(menu)')
    expect(answers(chat)[1]).toContain('Talk to a person')
    expect(last(chat.says('/menu').says('hm'))).not.toContain('Talk to a person')
  })
})

describe('unlink', () => {
  test('wants a yes', () => {
    expect(effects(as().presses('unlink'))).toEqual([])
    expect(effects(as().presses('unlink').presses('unlink:no').presses('unlink:no'))).toEqual([])
    expect(effects(as().presses('unlink').presses('unlink:yes'))).toEqual(['unlink'])
  })

  test('asks again when the yes comes late, or without a question', () => {
    expect(
      effects(
        as()
          .presses('unlink')
          .waits(11 * 60_000)
          .presses('unlink:yes'),
      ),
    ).toEqual([])
    expect(effects(as().presses('unlink:yes'))).toEqual([])
    expect(effects(as().presses('unlink').says('/card').presses('unlink:yes'))).toEqual([])
    expect(effects(as().presses('unlink:yes').presses('unlink:yes'))).toEqual(['unlink'])
  })

  test('of a guest is nothing to do', () => {
    expect(last(guest().presses('unlink'))).toContain('This chat is not connected to a card')
  })
})

describe('delete my data', () => {
  test('is offered in privacy, and asks once', () => {
    expect(last(as().presses('privacy'))).toContain('[Delete my data]')
    const chat = as().says('/deletedata')
    expect(last(chat)).toBe(
      'This deletes your name, contacts, messages and vouchers in this chat at Demo Coffee, on every messenger. ' +
        'It cannot be undone.\nThe card at the counter stays with 7stamp.\n[Yes, delete]\n[No, keep it]',
    )
    expect(effects(chat)).toEqual([])
  })

  test('erases after a yes, and says so in the language that the chat spoke', () => {
    const chat = as({}, { chat: { language: 'uk' } })
      .presses('deletedata')
      .presses('deletedata:yes')
    expect(chat.effects).toEqual([{ kind: 'erase', language: 'uk' }])
    expect(last(chat)).toContain('видалено')
    expect(last(chat.presses('card'))).toContain('ще не під’єднано')
  })

  test('keeps everything after a no, and after a yes that comes late, twice, or without a question', () => {
    const asked = () => as().presses('deletedata')
    expect(last(asked().presses('deletedata:no'))).toContain('nothing is deleted')
    for (const chat of [
      asked().presses('deletedata:no').presses('deletedata:no'),
      asked()
        .waits(10 * 60_000 + 1)
        .presses('deletedata:yes'),
      asked().says('/card').presses('deletedata:yes'),
      as().presses('unlink').presses('deletedata:yes'),
      as().presses('deletedata:yes'),
    ])
      expect(effects(chat)).toEqual([])
  })

  test('of a guest is nothing to do', () => {
    expect(last(guest().presses('deletedata'))).toContain('Demo Coffee keeps nothing about you here.')
  })
})

describe('reaching a chat', () => {
  test('a block makes it unreachable, in silence', () => {
    const chat = as().does({ kind: 'blocked' })
    expect(answers(chat)).toEqual([])
    expect(effects(chat)).toEqual(['markUnreachable'])
  })

  test('unblocking or writing anything makes it reachable again, once', () => {
    expect(effects(as().does({ kind: 'blocked' }).does({ kind: 'unblocked' }))).toEqual([
      'markUnreachable',
      'markReachable',
    ])
    expect(
      effects(
        as({}, { chat: { reachable: false } })
          .says('hi')
          .says('hi'),
      ),
    ).toEqual(['markReachable'])
    expect(effects(as({}, { chat: { reachable: false, isPrivate: false } }).says('hi'))).toEqual(['markReachable'])
  })
})

describe('staff', () => {
  const staff = (given: Given = {}) => new SimulatedChat(wording, { ...given, who: { role: 'staff' } })

  test('get a short help for anything in their own chat', () => {
    for (const text of ['hello', '/card', '/vouchers', '/start', 'My card', '/help'])
      expect(last(staff().says(text))).toContain('This is a staff chat of Demo Coffee')
  })

  test('choose a language, without a customer’s menu', () => {
    const chat = staff().says('/language').says('Українська')
    expect(chat.effects).toEqual([{ kind: 'setLanguage', language: 'uk' }])
    expect(last(chat)).not.toContain('(menu)')
  })
})

describe('commands', () => {
  test.each(COMMANDS.map(({ command }) => command))(
    '/%s works as a text, as an action, and with capitals',
    (command) => {
      const typed = as().says(`/${command}`)
      expect(answers(typed).length).toBeGreaterThan(0)
      expect(last(typed)).not.toContain('I did not understand')
      expect(answers(as().presses(command))).toEqual(answers(typed))
      expect(answers(as().says(` /${command.toUpperCase()} `))).toEqual(answers(typed))
    },
  )

  test('that do not exist are not understood', () => {
    for (const text of ['/', '/nonsense', '/voucher', '/card now please', '//'])
      expect(last(as().says(text))).toContain('I did not understand')
  })
})

describe('a stored state', () => {
  test.each([
    null,
    undefined,
    '',
    0,
    [],
    {},
    { kind: 'from_the_future' },
    { kind: 'idle' },
    { kind: 'idle', misses: -1 },
  ])('%j is a fresh start', (stored) => expect(parseState(stored)).toEqual({ kind: 'idle', misses: 0 }))

  test('of this version is kept', () => {
    expect(parseState({ kind: 'confirming_unlink', askedAt: NOW })).toEqual({ kind: 'confirming_unlink', askedAt: NOW })
    expect(parseState({ kind: 'choosing_language', more: 1 })).toEqual({ kind: 'choosing_language' })
  })
})
