import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openTestBot, type TestBot } from '../support/test-bot.js'

const SOON = { timeout: 8_000, interval: 20 }
const MINUTE_MS = 60_000
const WRONG = 'This code is not valid.'

let shiftMs: number
let bot: TestBot
beforeEach(async () => {
  shiftMs = 0
  bot = await openTestBot({}, () => Date.now() + shiftMs)
  for (const team of ['team', 'other-team']) {
    await bot.does(team, { kind: 'start', payload: await bot.link({ kind: 'staff' }) })
    await settled(team, 1)
  }
  await stamps('c_789', 'card_001')
})
afterEach(() => bot.close())

const settled = (address: string, count: number) =>
  vi.waitFor(() => expect(bot.textsOf(address)).toHaveLength(count), SOON)
const stamps = (customer: string, card: string) =>
  bot.event({
    event: 'stamp_added',
    timestamp: new Date(Date.now() + shiftMs).toISOString(),
    business_id: 'b_123',
    customer: { id: customer, language: 'en', name: 'Olena Koval' },
    card: { id: card, stamps: 2, stamps_goal: 8 },
  })
/** Says something and waits for the one answer. */
const says = async (address: string, text: string): Promise<string> => {
  const before = bot.textsOf(address).length
  await bot.does(address, { kind: 'text', text })
  await settled(address, before + 1)
  return bot.textsOf(address).at(-1) ?? ''
}
const codeOf = async (guest: string): Promise<string> => /\d{4}/.exec(await says(guest, '/till'))?.[0] ?? ''

test('a code lives three minutes', async () => {
  const code = await codeOf('guest')
  shiftMs += 3 * MINUTE_MS + 1_000
  expect(await says('team', code)).toContain(WRONG)
  const fresh = await codeOf('guest')
  shiftMs += 2 * MINUTE_MS
  expect(await says('team', fresh)).toContain('Whose card is it?')
})

test('a code typed a minute late is as wrong as any', async () => {
  const code = await codeOf('guest')
  shiftMs += 4 * MINUTE_MS
  expect(await says('team', code)).toBe('This code is not valid. Ask the guest to write /till to Corner Coffee again.')
})

test('a code typed twice does not link twice: the second time a card is asked for, and then it is no code any more', async () => {
  const code = await codeOf('guest')
  expect(await says('team', code)).toContain('Whose card is it?')
  expect(await says('team', code)).toBe('This card cannot be connected. Please check its number.')
  expect(await says('team', code)).toContain(WRONG)
  await says('team', await codeOf('guest'))
  expect(await says('team', 'card_001')).toContain('Olena K.')
})

test('a guest who asks again shows the new code only', async () => {
  const first = await codeOf('guest')
  const second = await codeOf('guest')
  expect(first).not.toBe(second)
  expect(await says('team', first)).toContain(WRONG)
  expect(await says('team', second)).toContain('Whose card is it?')
})

test('fifty codes are open at a time, so that a mistyped one is hardly ever somebody else’s; then a guest is asked to wait', async () => {
  const { db, till } = bot.foundation
  const open = async (code: number) =>
    db.write(
      ...till.change({ kind: 'open', code: String(1_000 + code), chatId: `chat_${code}` }, bot.businessId, Date.now()),
    )
  for (let code = 0; code < 49; code++) await open(code)
  expect(await codeOf('guest')).toMatch(/^\d{4}$/)
  expect(await says('other-guest', '/till')).toContain('Many guests are connecting their cards just now.')
  shiftMs += 3 * MINUTE_MS + 1_000
  expect(await codeOf('other-guest')).toMatch(/^\d{4}$/)
})

test('one messenger holds no more than half of them, so a flood of web visitors leaves the others theirs', async () => {
  for (let guest = 0; guest < 25; guest++) expect(await codeOf(`guest-${guest}`)).toMatch(/^\d{4}$/)
  expect(await says('one-more', '/till')).toContain('Many guests are connecting their cards just now.')
  expect(await codeOf('guest-7')).toMatch(/^\d{4}$/)
  expect(await says('one-more', '/till')).toContain('Many guests are connecting their cards just now.')
}, 30_000)

test('a code typed in one staff chat is worth nothing in another', async () => {
  const code = await codeOf('guest')
  expect(await says('team', code)).toContain('Whose card is it?')
  expect(await says('other-team', code)).toContain(WRONG)
})

test('a card without a name or a recent stamp is linked by its number', async () => {
  shiftMs += 11 * MINUTE_MS
  const code = await codeOf('guest')
  expect(await says('team', code)).toContain('No card got a stamp')
  expect(await says('team', 'card_000')).toContain('cannot be connected')
  expect(await says('team', 'card_001')).toContain('Olena K.')
  await settled('guest', 3)
  expect(bot.textsOf('guest')[1]).toContain('2 of 8')
})

test('too many wrong codes in a business close the till for an hour, for right ones too', async () => {
  const { db, till } = bot.foundation
  for (let guess = 0; guess < 30; guess++)
    await db.write(...till.change({ kind: 'guess' }, bot.businessId, Date.now() + shiftMs))
  expect(await says('team', await codeOf('guest'))).toContain(WRONG)
  shiftMs += 61 * MINUTE_MS
  await stamps('c_789', 'card_001')
  expect(await says('team', await codeOf('guest'))).toContain('Whose card is it?')
})

test('too many wrong codes in one staff chat close it alone', async () => {
  const code = await codeOf('guest')
  const wrong = code === '0000' ? '1111' : '0000'
  for (let guess = 0; guess < 5; guess++) await says('team', wrong)
  expect(await says('team', code)).toContain(WRONG)
  expect(await says('other-team', code)).toContain('Whose card is it?')
})

test('a guest who said STOP is linked and told so, and not written to besides', async () => {
  await says('guest', 'STOP')
  const code = await codeOf('guest')
  await says('team', code)
  await says('team', 'card_001')
  await settled('guest', 3)
  expect(bot.textsOf('guest').at(-1)).toContain('You stopped our messages.')
  await stamps('c_789', 'card_001')
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(bot.textsOf('guest')).toHaveLength(3)
})

test('two people on one phone number are each linked by their own card', async () => {
  await stamps('c_son', 'card_002')
  const code = await codeOf('guest')
  await says('team', code)
  await says('team', 'card_002')
  await settled('guest', 3)
  const { db, chats } = bot.foundation
  const [chat] = await db.read(chats.byAddress({ lane: 'telegram:test', address: 'guest' }))
  expect(chat?.customerId).toBe(bot.customerId('c_son'))
})
