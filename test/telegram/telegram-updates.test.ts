import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readUpdate, updateKey } from '../../bots/telegram/telegram-updates.js'
import { AppError } from '../../src/errors.js'

const CHAT = { id: 501, type: 'private', first_name: 'Ann' }
const FROM = { id: 501, is_bot: false, first_name: 'Ann', language_code: 'pt-br' }
const GROUP = { id: -1001234567890, type: 'supergroup', title: 'Baristas' }

const message = (fields: object) => ({
  update_id: 10,
  message: { message_id: 1, date: 1, chat: CHAT, from: FROM, ...fields },
})
const inputOf = (fields: object) => readUpdate(message(fields))?.input

describe('what a person writes', () => {
  test('is a text with its chat and the person’s language', () => {
    expect(readUpdate(message({ text: 'My card' }))).toEqual({
      address: '501',
      isPrivate: true,
      languageHint: 'pt-br',
      input: { kind: 'text', text: 'My card' },
      speaker: { id: '501', name: 'Ann' },
      messageId: '1',
    })
  })

  test('keeps its white space and loses what no database keeps', () => {
    expect(inputOf({ text: ' a\u0000b\ud83d ' })).toEqual({ kind: 'text', text: ' a\ufffdb\ufffd ' })
  })

  test.each([
    ['/start', null],
    ['/start  ', null],
    ['/start abc_-123', 'abc_-123'],
    ['/START abc', 'abc'],
    ['/start@demo_coffee_bot abc', 'abc'],
    ['/start two words', 'two words'],
  ])('%j opens the chat with the payload %j', (text, payload) => {
    expect(inputOf({ text })).toEqual({ kind: 'start', payload })
  })

  test.each([
    ['/card', 'card'],
    ['/Card', 'card'],
    ['/vouchers@demo_coffee_bot', 'vouchers'],
    [' /help ', 'help'],
    ['/stop it please', 'stop'],
    ['/stop\nit', 'stop'],
  ])('%j is the action %s', (text, action) => {
    expect(inputOf({ text })).toEqual({ kind: 'action', action })
  })

  test.each([
    ['/till 4821', '/till 4821'],
    ['/redeem@demo_coffee_bot K7Q2-9FHM', '/redeem K7Q2-9FHM'],
  ])('%j keeps the code that staff types after it', (text, kept) => {
    expect(inputOf({ text })).toEqual({ kind: 'text', text: kept })
  })

  test.each(['/', '/ card', 'card', '//card', '/карта', '/stop!', 'see /card', '', `/${'x'.repeat(33)}`])(
    '%j is only text',
    (text) => {
      expect(inputOf({ text })).toEqual({ kind: 'text', text })
    },
  )
})

describe('a contact', () => {
  const contact = (fields: object) =>
    inputOf({ contact: { phone_number: '+380501112233', first_name: 'A', ...fields } })

  test('is one’s own only if it names the sender', () => {
    expect(contact({ user_id: 501 })).toEqual({ kind: 'contact', phone: '+380501112233', own: true })
    expect(contact({ user_id: 502 })).toMatchObject({ own: false })
    expect(contact({})).toMatchObject({ own: false })
  })

  test('of nobody in particular is not one’s own, even if the sender is not named either', () => {
    expect(inputOf({ from: undefined, contact: { phone_number: '1' } })).toMatchObject({ own: false })
  })

  test('one’s own number is international, with or without the plus; others are left as they are', () => {
    expect(contact({ user_id: 501, phone_number: '380501112233' })).toMatchObject({ phone: '+380501112233' })
    expect(contact({ phone_number: '0501112233' })).toMatchObject({ phone: '0501112233' })
  })
})

describe('a text that answers a message', () => {
  const answering = (reply_to_message: unknown) => inputOf({ text: 'Yes', reply_to_message })

  test('says what the buttons below that message carry', () => {
    const inline_keyboard = [
      [
        { text: 'Reply', callback_data: 'reply:q_1' },
        { text: 'Site', url: 'https://a.example' },
      ],
    ]
    expect(answering({ message_id: 1, chat: GROUP, date: 1, reply_markup: { inline_keyboard } })).toEqual({
      kind: 'text',
      text: 'Yes',
      repliesTo: ['reply:q_1'],
    })
  })

  test.each([
    [{ message_id: 1, text: 'no buttons' }],
    [{ reply_markup: 'odd' }],
    [{ reply_markup: { keyboard: [] } }],
    ['odd'],
  ])('is a plain text where there are none: %j', (message) =>
    expect(answering(message)).toEqual({ kind: 'text', text: 'Yes' }),
  )
})

describe('a pressed button', () => {
  const press = (fields: object) =>
    readUpdate({ update_id: 11, callback_query: { id: '778', from: FROM, chat_instance: '1', ...fields } })

  test('is its action, to be acknowledged', () => {
    expect(press({ message: { message_id: 1, chat: CHAT, date: 1 }, data: 'vouchers:2' })).toEqual({
      address: '501',
      isPrivate: true,
      languageHint: 'pt-br',
      input: { kind: 'action', action: 'vouchers:2' },
      speaker: { id: '501', name: 'Ann' },
      acknowledge: '778',
    })
  })

  test('under a message that Telegram no longer shows counts all the same', () => {
    expect(press({ message: { message_id: 1, chat: CHAT, date: 0 }, data: 'card' })).toMatchObject({
      input: { kind: 'action', action: 'card' },
    })
  })

  test('without an action is something unreadable, without a chat it is nobody’s', () => {
    expect(press({ message: { chat: CHAT }, game_short_name: 'chess' })).toMatchObject({ input: { kind: 'other' } })
    expect(press({ inline_message_id: 'x', data: 'card' })).toBeNull()
  })
})

describe('blocking', () => {
  const change = (chat: object, new_chat_member: object) =>
    readUpdate({ update_id: 12, my_chat_member: { chat, from: FROM, date: 1, new_chat_member } })?.input.kind

  test.each([
    ['kicked', 'blocked'],
    ['left', 'blocked'],
    ['member', 'unblocked'],
    ['administrator', 'unblocked'],
    ['creator', 'unblocked'],
    ['something_new', undefined],
  ])('the status %s means %s', (status, kind) => {
    expect(change(CHAT, { status })).toBe(kind)
    expect(change(GROUP, { status })).toBe(kind)
  })

  test('a restricted bot can speak as long as it is a member', () => {
    expect(change(GROUP, { status: 'restricted', is_member: true })).toBe('unblocked')
    expect(change(GROUP, { status: 'restricted', is_member: false })).toBe('blocked')
  })
})

describe('a group', () => {
  test('is not private, and is addressed itself', () => {
    expect(readUpdate(message({ chat: GROUP, text: '/start@demo_coffee_bot tok' }))).toEqual({
      address: '-1001234567890',
      isPrivate: false,
      languageHint: 'pt-br',
      input: { kind: 'start', payload: 'tok' },
      speaker: { id: '501', name: 'Ann' },
      messageId: '1',
    })
  })

  test('tells who of it speaks, but for an anonymous administrator', () => {
    const bot = { id: 1087968824, is_bot: true, first_name: 'Group' }
    const from = { id: 7, first_name: 'Olena', last_name: 'Koval' }
    expect(readUpdate(message({ chat: GROUP, from, text: 'hi' }))).toMatchObject({
      speaker: { id: '7', name: 'Olena Koval' },
    })
    const anonymous = readUpdate(message({ chat: GROUP, from: bot, sender_chat: GROUP, text: 'hi' }))
    expect(anonymous).not.toHaveProperty('speaker')
  })

  test('hears its anonymous administrators, but no other bots', () => {
    const bot = { id: 1087968824, is_bot: true, first_name: 'Group' }
    expect(readUpdate(message({ chat: GROUP, from: bot, sender_chat: GROUP, text: 'hi' }))).not.toBeNull()
    expect(readUpdate(message({ chat: GROUP, from: bot, text: 'hi' }))).toBeNull()
  })
})

test.each(['sticker', 'voice', 'photo', 'video', 'document', 'location', 'poll', 'dice', 'story'])(
  'a %s is something this bot cannot read',
  (kind) => {
    expect(inputOf({ [kind]: kind === 'photo' ? [{}] : {} })).toEqual({ kind: 'other' })
  },
)

test.each([
  message({ new_chat_members: [FROM] }),
  message({ pinned_message: {} }),
  message({ migrate_to_chat_id: -100 }),
  message({}),
  { update_id: 1, edited_message: { chat: CHAT, from: FROM, text: 'edited' } },
  { update_id: 1, channel_post: { chat: { id: -5, type: 'channel' }, text: 'post' } },
  { update_id: 1, poll: { id: '1' } },
  { update_id: 1 },
])('concerns nobody: %j', (update) => {
  expect(readUpdate(update)).toBeNull()
})

describe('the key of an update', () => {
  test('is its number and its chat', () => {
    expect(updateKey(message({ text: 'x' }))).toEqual({ updateId: '10', address: '501' })
    expect(updateKey({ update_id: 2, callback_query: { message: { chat: GROUP } } })).toEqual({
      updateId: '2',
      address: '-1001234567890',
    })
    expect(updateKey({ update_id: 3, my_chat_member: { chat: CHAT } })).toEqual({ updateId: '3', address: '501' })
  })

  test('is found even where the rest cannot be read', () => {
    expect(updateKey(message({ text: 7, contact: 'odd' }))).toEqual({ updateId: '10', address: '501' })
  })

  test('is refused where the update is nested too deep to be stored', () => {
    const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)
    expect(updateKey(message({ text: 'x', odd: nested(90) }))).toEqual({ updateId: '10', address: '501' })
    expect(() => updateKey(message({ text: 'x', odd: nested(100_000) }))).toThrow(AppError)
  })

  test('is null where there is no chat', () => {
    expect(updateKey({ update_id: 4, callback_query: { id: '1' } })).toBeNull()
    expect(updateKey({ update_id: 5, poll: {} })).toBeNull()
  })
})

test('what somebody wrote is in no error', () => {
  const secret = { ...message({ text: 'my secret' }), update_id: 'x' }
  expect(() => readUpdate(secret)).toThrow(expect.not.stringContaining('secret'))
})

describe('5,000 updates of all shapes', () => {
  const json = fc.jsonValue({ maxDepth: 4 })
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 8, arbitrary }, { weight: 1, arbitrary: json }, { weight: 3, arbitrary: fc.constant(undefined) })
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom('/start', '/start abc', '/card@x', '/', '\u0000', '\ud800', '__proto__', 'STOP'),
  )
  const id = fc.oneof(
    { weight: 30, arbitrary: fc.maxSafeInteger() },
    { weight: 1, arbitrary: fc.constantFrom(0, -0, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '501') },
  )
  const chat = fc.record({ id, type: fc.constantFrom('private', 'group', 'supergroup', 'channel', '') })
  const from = fc.record({ id, is_bot: fc.boolean(), language_code: maybe(text) }, { requiredKeys: ['id'] })
  const contact = fc.record({ phone_number: text, user_id: maybe(id) })
  const anyMessage = fc.record(
    { chat, from: maybe(from), text: maybe(text), contact: maybe(contact), sticker: json, sender_chat: json },
    { requiredKeys: ['chat'] },
  )
  const press = fc.record({ id: text, from, message: maybe(fc.record({ chat })), data: maybe(text) })
  const member = fc.record({
    chat,
    from,
    new_chat_member: maybe(fc.record({ status: text, is_member: maybe(fc.boolean()) })),
  })
  const shapely = fc.record(
    { update_id: id, message: maybe(anyMessage), callback_query: maybe(press), my_chat_member: maybe(member) },
    { requiredKeys: ['update_id'] },
  )
  const update = fc.oneof(
    { weight: 6, arbitrary: shapely },
    json,
    fc.anything(),
    fc.string().map((key) => JSON.parse(`{"update_id":1,"__proto__":{"message":1},${JSON.stringify(key)}:{}}`)),
  )

  test('are read, or refused as invalid input, and what is read can be stored', () => {
    const outcomes = { read: 0, nobody: 0, refused: 0 }
    const attempt = <T>(read: () => T): T | null => {
      try {
        return read()
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error
        outcomes.refused += 1
        return null
      }
    }
    fc.assert(
      fc.property(update, (body) => {
        attempt(() => updateKey(body))
        const incoming = attempt(() => readUpdate(body))
        if (incoming === null) outcomes.nobody += 1
        else outcomes.read += 1
        expect(JSON.stringify(incoming)).not.toMatch(/\\u0000|\\ud[89a-f]/)
        expect(Object.getPrototypeOf({})).not.toHaveProperty('message')
      }),
      { numRuns: 5_000 },
    )
    expect(outcomes.read).toBeGreaterThan(200)
    expect(outcomes.refused).toBeGreaterThan(200)
  }, 60_000)
})
