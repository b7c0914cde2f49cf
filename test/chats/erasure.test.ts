import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createWebStore } from '../../bots/web/web-store.js'
import { deliveryId, PRIORITY } from '../../src/deliveries/delivery.js'
import { createErasedLetters } from '../../src/events/erased-letters.js'
import { hashToken } from '../../src/ids.js'
import { openErasing } from '../../src/main/erasing.js'
import { openWebLane } from '../../src/main/web-lane.js'
import { allRows } from '../support/all-rows.js'
import { flaky } from '../support/flaky-database.js'
import { openTestBot, type TestBot } from '../support/test-bot.js'

const SETTLED_MS = 61_000
const MARK = 'Quibble'
const PHONE = '+380671234567'
const PERSON = { id: 'c_789', language: 'en', name: `Zerelda ${MARK}`, phone: PHONE, email: 'zerelda@quibble.example' }
const SOON = { timeout: 8_000, interval: 20 }

const frame = (event: string, more: object = {}) => ({
  event,
  timestamp: new Date().toISOString(),
  business_id: 'b_123',
  customer: PERSON,
  card: { id: 'card_Quibble', title: 'Coffee card', stamps: 3, stamps_goal: 8, goals: [3, 8] },
  ...more,
})

describe('an erased person', () => {
  let shiftMs: number
  let bot: TestBot
  let customerId: string
  beforeEach(async () => {
    shiftMs = 0
    bot = await openTestBot({}, () => Date.now() + shiftMs)
    customerId = bot.customerId(PERSON.id)
    await bot.event(frame('card_issued'))
  })
  afterEach(() => bot.close())

  const rowsWith = async (...values: readonly string[]) =>
    (await allRows(bot.foundation.db)).filter((row) => values.some((value) => row.includes(value)))
  const settled = (address: string, count: number) =>
    vi.waitFor(() => expect(bot.textsOf(address)).toHaveLength(count), SOON)

  /** The commit that erases, without a chat that asked for it. */
  const erase = async () => {
    const { db, clock, erasing } = bot.foundation
    const chats = await erasing.erasure.chatsOf(customerId)
    await db.atomically(erasing.erasure.reads(customerId, chats, clock()), (found, now) => ({
      writes: erasing.erasure.erase(customerId, chats, found, now),
      result: null,
    }))
  }
  const goOn = () => bot.foundation.erasing.erasure.goOn(customerId, bot.foundation.clock())

  const openWebChat = async () => {
    const { foundation } = bot
    const { db, clock } = foundation
    const [business] = await db.read(foundation.businesses.byId({ id: bot.businessId }))
    if (!business) throw new Error('there is no business')
    const lane = openWebLane(foundation, business)
    await bot.addLane(lane)
    const web = createWebStore(db)
    const address = 'web-address-of-Quibble'
    await web.addVisitor({ tokenHash: hashToken('page'), businessId: business.id, address, now: clock() })
    let updates = 0
    return {
      texts: async () => (await web.listMessages(address, 0, 100)).map(({ body }) => JSON.stringify(body)),
      does: async (input: object) => {
        const updateId = `web${++updates}`
        await web.append(address, { kind: 'own', messageId: updateId, body: input })
        await foundation.storeUpdates(lane.id, [{ updateId, address, body: { address, input, language: 'en' } }])
      },
    }
  }

  test('leaves nothing in any table nor in the file, and a web chat that still says that all is deleted', async () => {
    const web = await openWebChat()
    const payload = await bot.link({ kind: 'customer', customerId })
    await web.does({ kind: 'start', payload })
    await vi.waitFor(async () => expect(await web.texts()).toHaveLength(3), SOON)
    await bot.event(frame('goal_reached', { reward: { title: 'Free coffee' } }))
    await vi.waitFor(async () => expect(await web.texts()).toHaveLength(4), SOON)
    await web.does({ kind: 'text', text: `I am ${MARK}` })
    await web.does({ kind: 'action', action: 'deletedata', label: 'Delete' })
    await web.does({ kind: 'action', action: 'deletedata:yes', label: 'Yes' })
    await vi.waitFor(async () => expect((await web.texts()).at(-1)).toContain('is deleted'), SOON)
    // Until the answer has arrived, the chat needs its address.
    expect((await rowsWith(MARK)).map((row) => row.split(':')[0]).sort()).toEqual(
      ['chats', 'erasures', 'web_messages', 'web_visitors'].sort(),
    )

    shiftMs += SETTLED_MS
    await vi.waitFor(async () => expect(await goOn()).toBeNull(), { timeout: 8_000, interval: 100 })
    expect(await web.texts()).toEqual([expect.stringContaining('is deleted')])
    expect((await rowsWith(MARK)).map((row) => row.split(':')[0])).toEqual(['web_visitors', 'web_messages'])
    expect(await rowsWith('Zerelda', PHONE, PERSON.email, 'card_Quibble')).toEqual([])

    const compact = join(bot.folder, 'compact.sqlite')
    const file = new Sqlite(join(bot.folder, 'stampcast.sqlite'), { readonly: true })
    file.prepare('vacuum into ?').run(compact)
    file.close()
    const bytes = readFileSync(compact).toString('latin1')
    for (const value of ['Zerelda', PHONE, PERSON.email, 'card_Quibble']) expect(bytes).not.toContain(value)
  })

  test('who asked in a chat is answered there before its address goes', async () => {
    await bot.does('chat-of-zerelda', { kind: 'contact', phone: PHONE, own: true })
    await settled('chat-of-zerelda', 2)
    await bot.does('chat-of-zerelda', { kind: 'action', action: 'deletedata' })
    await settled('chat-of-zerelda', 3)
    let isAway = true
    bot.answerWith(() =>
      isAway ? { status: 'not_sent', reason: 'away', retryAfterMs: 200 } : { status: 'sent', messageId: 'm' },
    )
    await bot.does('chat-of-zerelda', { kind: 'action', action: 'deletedata:yes' })
    await vi.waitFor(async () => expect(await rowsWith('erasures:')).toHaveLength(1), SOON)
    shiftMs += SETTLED_MS
    expect(await goOn()).not.toBeNull()
    expect(await rowsWith('chat-of-zerelda')).not.toEqual([])
    isAway = false
    await settled('chat-of-zerelda', 4)
    shiftMs += SETTLED_MS
    await vi.waitFor(async () => expect(await goOn()).toBeNull(), SOON)
    expect(await rowsWith('chat-of-zerelda')).toEqual([])
  })

  test('who was told thousands of things is forgotten in chunks, also when it is broken off', async () => {
    const { db, ledger } = bot.foundation
    const contents = 1_050
    for (let done = 0; done < contents; done += 150)
      await db.write(
        ...Array.from({ length: 150 }, (_, index) =>
          ledger.plan(
            {
              id: deliveryId('event', `source ${done + index}`, customerId, 'messengers'),
              businessId: bot.businessId,
              purpose: 'event',
              source: `source ${done + index}`,
              recipientKind: 'customer',
              recipientId: customerId,
              class: 'service',
              lane: 'nobody serves it',
              chatId: 'chat_of_nobody',
              priority: PRIORITY.event,
              dueAt: 0,
              position: done + index,
              customerId,
              content: { phrases: [{ text: MARK }] },
            },
            0,
          ),
        ).flat(),
      )
    await erase()
    expect((await rowsWith('delivery_contents:')).length).toBeGreaterThan(900)
    expect(await rowsWith('Zerelda')).toEqual([])

    const broken = flaky(db)
    broken.refuse('drop contents', 1)
    const { erasure } = openErasing({ ...bot.foundation, db: broken.db })
    await expect(erasure.goOn(customerId, bot.foundation.clock())).rejects.toThrow()
    expect(await bot.foundation.erasing.job.wakeDue()).toBe(1)
    await goOn()
    expect(await rowsWith('delivery_contents:', MARK)).toEqual([])
    const states = await db.read(ledger.countByState({}))
    expect(states).toEqual([{ state: 'cancelled', count: contents }])
  })

  test('is not created anew by later events: not by id, phone or email, and not by one that nobody can read', async () => {
    await erase()
    await bot.event(frame('stamp_added', { stamp: { count: 1 } }))
    await bot.event(frame('card_issued', { customer: { id: 'c_2', name: MARK, phone: PHONE }, card: { id: 'card_2' } }))
    await bot.event(
      frame('card_issued', { customer: { id: 'c_3', name: MARK, email: PERSON.email }, card: { id: 'card_3' } }),
    )
    await bot.event(frame('customer_waved'))
    const { db, journal, loyalty } = bot.foundation
    const sweep = createErasedLetters({
      db,
      journal,
      erasedAmong: async (ids) =>
        new Set((await db.read(loyalty.erasedAmong({ ids: JSON.stringify(ids) }))).map(({ id }) => id)),
    })
    expect(await sweep()).toBe(1)
    expect(await sweep()).toBe(0)
    expect(await rowsWith(MARK, PHONE, PERSON.email)).toEqual([])
    expect(await rowsWith('customers:')).toHaveLength(1)
  })

  test('takes nobody along who shares the phone', async () => {
    const other = { id: 'c_son', name: 'Ivan Son', phone: PHONE }
    await bot.event(frame('card_issued', { customer: other, card: { id: 'card_son', stamps: 1 } }))
    await erase()
    await bot.event(frame('stamp_added', { customer: other, card: { id: 'card_son', stamps: 2 } }))
    const { db, loyalty } = bot.foundation
    const [card] = await db.read(loyalty.cardsOf({ customerId: bot.customerId('c_son') }))
    expect(card).toMatchObject({ externalId: 'card_son', stamps: 2 })
  })

  test('a chat that was being linked at that moment is unlinked as well', async () => {
    await erase()
    await bot.does('late-chat', { kind: 'text', text: 'hello' })
    await settled('late-chat', 1)
    const { db, chats } = bot.foundation
    const [chat] = await db.read(chats.byAddress({ lane: 'telegram:test', address: 'late-chat' }))
    if (!chat) throw new Error('there is no chat')
    await db.write(chats.saveTurn({ ...chat, role: 'customer', customerId }))
    shiftMs += SETTLED_MS
    await goOn()
    expect(await db.read(chats.placesOf({ customerId }))).toEqual([])
  })
})
