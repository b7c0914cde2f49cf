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
  await links('new', 2)
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
  await links('new', 2)
  shiftMs += HOUR_MS
  await links('old', 4)
  await bot.does('new', await actionFor('old'))
  await settled('new', 3)
  expect(await isLinked('old')).toBe(true)
})

test('the newer chat shows the card only there, after which the older one has nothing left to press', async () => {
  await links('lost', 2)
  shiftMs += HOUR_MS
  await links('new', 2)
  await bot.does('new', { kind: 'action', action: 'only_here' })
  await settled('new', 3)
  expect(await isLinked('lost')).toBe(false)
  await bot.does('lost', await actionFor('new'))
  await bot.does('lost', { kind: 'action', action: 'only_here' })
  await settled('lost', 6)
  expect(bot.textsOf('lost').at(3)).toContain('decided in a chat that was connected later')
  expect(await isLinked('new')).toBe(true)
})

test('whoever was disconnected by the finder of the phone links again, and ends it', async () => {
  await links('lost', 2)
  shiftMs += HOUR_MS
  await links('new', 2)
  await bot.does('lost', await actionFor('new'))
  await settled('new', 3)
  expect(await isLinked('new')).toBe(false)
  await links('new', 5)
  await bot.does('new', { kind: 'action', action: 'only_here' })
  await settled('new', 6)
  await bot.does('lost', await actionFor('new'))
  await vi.waitFor(() => expect(bot.textsOf('lost').at(-1)).toContain('connect'), SOON)
  expect([await isLinked('lost'), await isLinked('new')]).toEqual([false, true])
})

test('the older chat cannot show the card only there', async () => {
  await links('old', 2)
  shiftMs += HOUR_MS
  await links('new', 2)
  await bot.does('old', { kind: 'action', action: 'only_here' })
  await settled('old', 4)
  expect(await isLinked('new')).toBe(true)
})

test('a stranger disowns nobody’s link', async () => {
  await links('old', 2)
  await bot.does('stranger', await actionFor('old'))
  await settled('stranger', 1)
  expect(await isLinked('old')).toBe(true)
})
