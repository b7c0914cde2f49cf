import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openTestBot, type TestBot } from '../support/test-bot.js'

const SOON = { timeout: 8_000, interval: 20 }
const HOUR_MS = 3_600_000

let shiftMs: number
let bot: TestBot
beforeEach(async () => {
  shiftMs = 0
  bot = await openTestBot({}, () => Date.now() + shiftMs)
  await bot.event({
    event: 'card_issued',
    timestamp: new Date().toISOString(),
    business_id: 'b_123',
    customer: { id: 'c_789', language: 'en', name: 'Olena Koval' },
    card: { id: 'card_001' },
  })
})
afterEach(() => bot.close())

const settled = (address: string, count: number) =>
  vi.waitFor(() => expect(bot.textsOf(address)).toHaveLength(count), SOON)
const links = async (address: string, messages: number) => {
  const payload = await bot.link({ kind: 'customer', customerId: bot.customerId('c_789') })
  await bot.does(address, { kind: 'start', payload })
  await settled(address, messages)
}
const actionFor = async (address: string) => {
  const { db, chats } = bot.foundation
  const [chat] = await db.read(chats.byAddress({ lane: 'telegram:test', address }))
  return { kind: 'action', action: `not_me:${chat?.id}` } as const
}
const isLinked = async (address: string) => {
  const { db, chats } = bot.foundation
  const [chat] = await db.read(chats.byAddress({ lane: 'telegram:test', address }))
  return chat?.customerId === bot.customerId('c_789')
}

test('a link can be disowned for a day, and not a minute longer', async () => {
  await links('old', 2)
  shiftMs += HOUR_MS
  await links('new', 1)
  shiftMs += 24 * HOUR_MS + 60_000
  await bot.does('old', await actionFor('new'))
  await settled('old', 4)
  expect(bot.textsOf('old').at(-1)).toContain('cannot be undone here any more')
  expect(await isLinked('new')).toBe(true)

  shiftMs -= 2 * 60_000
  await bot.does('old', await actionFor('new'))
  await settled('old', 5)
  expect(await isLinked('new')).toBe(false)
})

test('a chat that links again does not become the older one', async () => {
  await links('old', 2)
  shiftMs += HOUR_MS
  await links('new', 1)
  shiftMs += HOUR_MS
  await links('old', 4)
  await bot.does('new', await actionFor('old'))
  await settled('new', 2)
  expect(await isLinked('old')).toBe(true)
})

test('a stranger disowns nobody’s link', async () => {
  await links('old', 2)
  await bot.does('stranger', await actionFor('old'))
  await settled('stranger', 1)
  expect(await isLinked('old')).toBe(true)
})
