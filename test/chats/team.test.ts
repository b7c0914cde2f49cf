import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWebCopies } from '../../bots/web/web-forget.js'
import { createWebStore } from '../../bots/web/web-store.js'
import { createContentForgetter } from '../../src/deliveries/forget.js'
import { forgetIdleGuests } from '../../src/main/idle-guests.js'
import { allRows } from '../support/all-rows.js'
import { openTestBot, type TestBot } from '../support/test-bot.js'

const SOON = { timeout: 8_000, interval: 20 }
const MINUTE_MS = 60_000
const SECRET = 'Quibble left an umbrella'

let shiftMs: number
let bot: TestBot
beforeEach(async () => {
  shiftMs = 0
  bot = await openTestBot({}, () => Date.now() + shiftMs)
  for (const team of ['bar', 'office'])
    await answered(team, { kind: 'start', payload: await bot.link({ kind: 'staff' }) })
  await bot.event({
    event: 'card_issued',
    timestamp: new Date().toISOString(),
    business_id: 'b_123',
    customer: { id: 'c_789', language: 'en', name: 'Olena Koval', phone: '+380671234567' },
    card: { id: 'card_001' },
  })
})
afterEach(() => bot.close())

const settled = (address: string, count: number) =>
  vi.waitFor(() => expect(bot.textsOf(address)).toHaveLength(count), SOON)
/** Does something and waits for what the bot says to it. */
const answered = async (
  address: string,
  ...did: Parameters<TestBot['does']> extends [string, ...infer R] ? R : never
) => {
  const before = bot.textsOf(address).length
  await bot.does(address, ...did)
  await settled(address, before + 1)
  return bot.textsOf(address).at(-1) ?? ''
}
const asks = async (address: string, text = SECRET) => {
  await answered(address, { kind: 'action', action: 'team' })
  return answered(address, { kind: 'text', text })
}
/** The action of the only button under the newest message with one. */
const replyButton = (address: string) => {
  const buttons = bot.shown.filter((each) => each.address === address).at(-1)?.message.buttons
  const button = buttons?.[0]?.[0]
  if (button?.kind !== 'action') throw new Error('there is no button')
  return { kind: 'action', action: button.action } as const
}
const rowsWith = async (text: string) => (await allRows(bot.foundation.db)).filter((row) => row.includes(text))
const linksOlena = async () => {
  await bot.does('olena', { kind: 'contact', phone: '+380671234567', own: true })
  await settled('olena', 2)
}

test('a guest’s message reaches every staff chat, and the reply comes back', async () => {
  expect(await asks('guest')).toContain('Sent. The team of Corner Coffee')
  await Promise.all([settled('bar', 2), settled('office', 2)])
  expect(bot.textsOf('bar').at(-1)).toBe(`💬 A guest asks:\n${SECRET}`)
  await answered('bar', replyButton('bar'))
  expect(await answered('bar', { kind: 'text', text: 'It is here.' }, { speaker: { id: '7', name: 'Ivan' } })).toBe(
    'Sent.',
  )
  await Promise.all([settled('guest', 3), settled('office', 3)])
  expect(bot.textsOf('guest').at(-1)).toBe('Corner Coffee:\nIt is here.')
  expect(bot.textsOf('office').at(-1)).toBe('✅ Ivan replied to A guest')

  const second = bot.shown.find(({ address, message }) => address === 'office' && message.text.startsWith('💬'))
  const action = second?.message.buttons?.[0]?.[0]
  if (action?.kind !== 'action') throw new Error('there is no button')
  await answered('office', { kind: 'text', text: 'Come by.', repliesTo: [action.action] })
  await settled('guest', 4)
  expect(bot.textsOf('bar')).toHaveLength(4)
})

test('whoever said STOP still hears the reply', async () => {
  await linksOlena()
  await asks('olena')
  await settled('bar', 2)
  expect(bot.textsOf('bar').at(-1)).toContain('💬 Olena K. asks:')
  await answered('olena', { kind: 'text', text: 'STOP' })
  await answered('bar', replyButton('bar'))
  await answered('bar', { kind: 'text', text: 'It is here.' })
  await settled('olena', 6)
  expect(bot.textsOf('olena').at(-1)).toContain('It is here.')
})

test('staff hear that a blocked chat cannot be reached', async () => {
  await asks('guest')
  await settled('bar', 2)
  const reply = replyButton('bar')
  await bot.does('guest', { kind: 'blocked' })
  await vi.waitFor(async () => expect(await answered('bar', reply)).toContain('cannot be reached'), SOON)
})

test('a staff chat that silenced its alerts is not counted on', async () => {
  await answered('office', { kind: 'action', action: 'stop' })
  await asks('guest')
  await settled('bar', 2)
  await answered('bar', { kind: 'action', action: 'stop' })
  expect(await answered('guest', { kind: 'action', action: 'team' })).toContain('cannot be passed on')
  expect(bot.textsOf('office')).toHaveLength(2)
})

test('five messages in ten minutes are enough', async () => {
  for (let count = 0; count < 5; count++) await asks('guest')
  expect(await answered('guest', { kind: 'action', action: 'team' })).toContain('Please wait 10 minutes')
  shiftMs += 10 * MINUTE_MS
  expect(await asks('guest')).toContain('Sent.')
})

test('erasing a customer forgets what was said both ways, and who asked', async () => {
  await asks('olena')
  await linksOlenaAfterAsking()
  await asks('olena')
  await settled('bar', 3)
  const reply = replyButton('bar')
  await answered('bar', reply)
  await answered('bar', { kind: 'text', text: `Found: ${SECRET}` }, { speaker: { id: '7', name: 'Ivan' } })
  await settled('office', 4)
  await settled('olena', 7)
  expect((await rowsWith('Quibble')).length).toBeGreaterThan(0)
  expect((await rowsWith('Olena')).length).toBeGreaterThan(0)

  await answered('olena', { kind: 'action', action: 'deletedata' })
  await answered('olena', { kind: 'action', action: 'deletedata:yes' })
  await vi.waitFor(async () => {
    await bot.foundation.erasing.erasure.goOn(bot.customerId('c_789'), bot.foundation.clock())
    expect(await rowsWith('Quibble')).toEqual([])
    expect(await rowsWith('Olena')).toEqual([])
  }, SOON)
  expect(await answered('bar', reply)).toBe('This message can no longer be replied to.')
})

const linksOlenaAfterAsking = async () => {
  await bot.does('olena', { kind: 'contact', phone: '+380671234567', own: true })
  await settled('olena', 4)
}

test('what a guest wrote is forgotten with the guest', async () => {
  await asks('guest')
  await settled('office', 2)
  expect((await rowsWith('Quibble')).length).toBe(2)
  const { db, chats } = bot.foundation
  const contents = createContentForgetter(db, createWebCopies(db))
  shiftMs += MINUTE_MS
  await forgetIdleGuests({ db, chats, web: createWebStore(db), contents }, Date.now() + shiftMs)
  expect(await rowsWith('Quibble')).toEqual([])
  expect(await answered('bar', replyButton('bar'))).toBe('This message can no longer be replied to.')
})
