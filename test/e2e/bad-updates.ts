import fc from 'fast-check'
import { oddlyChanged } from '../events/bad-bodies.js'

/** What Telegram might deliver as one update, from what people really do to nothing but noise. */

/** Nobody's but this test's: whoever hears of webhooks meanwhile has other ids. */
const FIRST_CHAT = 20_000
const LAST_CHAT = 21_999
const person = fc.integer({ min: FIRST_CHAT, max: LAST_CHAT })

const anyText = fc.oneof(
  fc.constantFrom(
    ...['/start', '/start x', `/start ${'x'.repeat(200)}`, '/card', '/card@demo_coffee_bot', '/vouchers', '/history'],
    ...[
      '/language',
      '/help',
      '/privacy',
      '/unlink',
      '/stop',
      'STOP',
      'СТОП',
      '시작',
      'Меню',
      '{{business}}',
      '<b>&amp;',
    ],
    ...['$t(card.none)', '__proto__', '\u0000', '\ud800', '\udc00\ud800', '\u202e\u202d', ' ', 'а'.repeat(4_096)],
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
)

const anyAction = fc.oneof(
  fc.constantFrom(
    ...['card', 'card:card_x', 'vouchers:0', 'vouchers:-1', 'vouchers:99999', 'voucher:v_x', 'history', 'language:uk'],
    ...['language:xx', 'consent:yes:1:uk', 'consent:no:999:', 'consent::::', 'unlink:yes', 'not_you', 'menu', ':', ''],
    ...['constructor', '__proto__:x', 'toString'],
  ),
  fc.string({ unit: 'binary', maxLength: 64 }),
)

/** Private chats have the id of their person; groups are negative. */
const chat = fc.oneof(
  { weight: 20, arbitrary: person.map((id) => ({ id, type: 'private', first_name: 'x' })) },
  { weight: 1, arbitrary: person.map((id) => ({ id: -id, type: 'supergroup', title: 'x' })) },
)

const from = fc.record({
  id: person,
  is_bot: fc.constantFrom(false, false, false, true),
  first_name: fc.string({ unit: 'binary', maxLength: 8 }),
  language_code: fc.constantFrom('en', 'uk', 'de', 'pt-br', 'zz', '', '\ud800'),
})

const contact = fc.record({
  phone_number: fc.constantFrom('+380671112233', '380671110000', '+1', '', 'call me', '\u0000', '9'.repeat(400)),
  first_name: fc.constant('x'),
  user_id: person,
})

const envelope = { message_id: fc.nat(), date: fc.nat(), chat, from }
const message = fc.oneof(
  { weight: 6, arbitrary: fc.record({ ...envelope, text: anyText }) },
  { weight: 1, arbitrary: fc.record({ ...envelope, contact }) },
  { weight: 1, arbitrary: fc.record({ ...envelope, sticker: fc.jsonValue({ maxDepth: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ ...envelope, new_chat_members: fc.array(from, { maxLength: 2 }) }) },
)
const press = fc.record({
  id: fc.string({ minLength: 1, maxLength: 20 }),
  from,
  message: fc.record({ message_id: fc.nat(), chat }),
  data: anyAction,
})
const memberChange = fc.record({
  chat,
  from,
  new_chat_member: fc.record({
    status: fc.constantFrom('member', 'kicked', 'left', 'restricted', 'creator', 'x'),
    user: from,
  }),
})

/** `"update_id":0` stands for the number that the sender gives each one. */
const update = fc
  .oneof(
    { weight: 8, arbitrary: message.map((content) => ({ message: content })) },
    { weight: 3, arbitrary: press.map((content) => ({ callback_query: content })) },
    { weight: 1, arbitrary: memberChange.map((content) => ({ my_chat_member: content })) },
    { weight: 1, arbitrary: message.map((content) => ({ edited_message: content })) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }).map((content) => ({ poll: content })) },
  )
  .map((content) => JSON.stringify({ update_id: 0, ...content }))

/** Deep, long and wide in a place that nobody looks at, and instead of all that is looked at. */
const extreme = fc
  .tuple(
    fc.constantFrom<(size: number) => string>(
      (size) => `${'['.repeat(size)}${']'.repeat(size)}`,
      (size) => `${'{"a":'.repeat(size)}1${'}'.repeat(size)}`,
      (size) => `"${'\\ud800'.repeat(size)}"`,
      (size) => `{${Array.from({ length: Math.min(size, 20_000) }, (_, at) => `"${at}":${at}`).join()}}`,
    ),
    fc.integer({ min: 1, max: 100_000 }),
    fc.boolean(),
  )
  .map(([make, size, isInside]) =>
    Buffer.from(
      isInside
        ? `{"update_id":0,"message":{"message_id":1,"date":1,"chat":{"id":${FIRST_CHAT},"type":"private"},"text":"/help","x":${make(size)}}}`
        : make(size),
    ),
  )

const withoutChange = update.map((text) => Buffer.from(text))
const cutOff = fc.tuple(update, fc.nat(300)).map(([text, at]) => Buffer.from(text).subarray(0, at))

export const badUpdate: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 60, arbitrary: withoutChange },
  { weight: 35, arbitrary: oddlyChanged(update) },
  { weight: 5, arbitrary: cutOff },
  { weight: 1, arbitrary: extreme },
)
