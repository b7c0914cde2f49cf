import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWebStore } from '../../bots/web/web-store.js'
import { statement } from '../../src/db/database.js'
import { deliveryTables } from '../../src/deliveries/delivery-tables.js'
import { hashToken } from '../../src/ids.js'
import { openWebLane, webLaneId } from '../../src/main/web-lane.js'
import { openTestBot, type TestBot } from '../support/test-bot.js'

const SOON = { timeout: 8_000, interval: 20 }
const HERS = 'web-address-of-olena'
const TOLD = 'Free coffee'
/** Long enough for what a visit holds back, 2 s, and a second after it. */
const ALL_HELD_MS = 3_000

let bot: TestBot
let web: Awaited<ReturnType<typeof openWebChat>>
beforeEach(async () => {
  bot = await openTestBot()
  web = await openWebChat()
  await happens('card_issued', 'card_1')
  const link = () => bot.link({ kind: 'customer', customerId: bot.customerId('olena') })
  await says('olena', { kind: 'start', payload: await link() }, 2)
  await web.says({ kind: 'start', payload: await link() }, 1)
})
afterEach(() => bot.close())

const happens = (event: string, card: string) =>
  bot.event({
    event,
    timestamp: new Date().toISOString(),
    business_id: 'b_123',
    customer: { id: 'olena', language: 'en', name: 'Olena Koval' },
    card: { id: card, stamps: 8, stamps_goal: 8, title: 'Coffee card' },
    ...(event === 'goal_reached' && { reward: { title: TOLD } }),
  })
/** Says something on Telegram and waits for the answers. */
const says = async (address: string, input: Parameters<TestBot['does']>[1], answers = 1) => {
  const before = bot.textsOf(address).length
  await bot.does(address, input)
  await vi.waitFor(() => expect(bot.textsOf(address).length).toBeGreaterThanOrEqual(before + answers), SOON)
  return bot.textsOf(address).at(-1) ?? ''
}
const toldOnTelegram = () => bot.textsOf('olena').filter((text) => text.includes(TOLD))
const toldInWebChat = async () => (await web.texts()).filter((text) => text.includes(TOLD))
/** What became of the news of events, one line each: which messenger, what state and why. */
const news = async () => {
  const { db } = bot.foundation
  const { deliveries } = db.tables(deliveryTables)
  const all = statement('test all news', (q) =>
    q
      .select({ lane: deliveries.lane, state: deliveries.state, reason: deliveries.reason })
      .from(deliveries)
      .where(eq(deliveries.purpose, sql`'event'`)),
  )
  return (await db.read(all({}))).map(({ lane, state, reason }) => [lane.split(':')[0], state, reason].join(' ').trim())
}
const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** The web chat of the same business, with Olena's visitor. */
const openWebChat = async () => {
  const { foundation, businessId } = bot
  const { db, clock, businesses } = foundation
  const [business] = await db.read(businesses.byId({ id: businessId }))
  if (!business) throw new Error('there is no business')
  await bot.addLane(openWebLane(foundation, business))
  const store = createWebStore(db)
  await store.addVisitor({ tokenHash: hashToken('page'), businessId, address: HERS, now: clock() })
  const texts = async () => (await store.listMessages(HERS, 0, 100)).map(({ body }) => JSON.stringify(body))
  let updates = 0
  return {
    texts,
    says: async (input: object, answers: number) => {
      const before = (await texts()).length
      const updateId = `web${++updates}`
      const body = { address: HERS, input, language: 'en' }
      await foundation.storeUpdates(webLaneId(businessId), [{ updateId, address: HERS, body }])
      await vi.waitFor(async () => expect((await texts()).length).toBeGreaterThanOrEqual(before + answers), SOON)
      return (await texts()).at(-1) ?? ''
    },
  }
}

test('STOP on Telegram silences the web chat too: what waited for it is skipped, and nothing new leaves', async () => {
  // The web chat was used last: the news of five cards wait for it.
  for (let card = 1; card <= 5; card++) await happens('goal_reached', `card_${card}`)
  expect(await news()).toEqual(Array(5).fill('web pending'))
  expect(await says('olena', { kind: 'text', text: 'STOP' })).toContain('You will get no more messages')
  await happens('goal_reached', 'card_6')
  await pass(ALL_HELD_MS)
  expect(await toldInWebChat()).toEqual([])
  expect(toldOnTelegram()).toEqual([])
  // They are judged one by one, each when it would have been sent.
  const stopped = Array(6).fill(expect.stringMatching(/ skipped stopped$/))
  await vi.waitFor(async () => expect(await news()).toEqual(stopped), SOON)
  expect(await toldInWebChat()).toEqual([])
  expect(toldOnTelegram()).toEqual([])
}, 20_000)

test('whoever said STOP still sees their card on either messenger when they ask', async () => {
  await says('olena', { kind: 'text', text: 'STOP' })
  expect(await says('olena', { kind: 'text', text: '/card' })).toContain('8 of 8')
  expect(await web.says({ kind: 'text', text: '/card' }, 1)).toContain('8 of 8')
})

test('START on the other messenger turns the news on again, there and where STOP was said', async () => {
  await says('olena', { kind: 'text', text: 'STOP' })
  await web.says({ kind: 'text', text: '/start' }, 1)
  await happens('goal_reached', 'card_1')
  await vi.waitFor(async () => expect(await toldInWebChat()).toHaveLength(1), SOON)
  await says('olena', { kind: 'text', text: '/card' })
  await happens('goal_reached', 'card_2')
  await vi.waitFor(() => expect(toldOnTelegram()).toHaveLength(1), SOON)
}, 20_000)
