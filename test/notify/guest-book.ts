import { asc, eq } from 'drizzle-orm'
import { createChatStore } from '../../bots/chats/chat-store.js'
import { chatTables } from '../../bots/chats/chat-tables.js'
import { createBusinessStore } from '../../src/business/business-store.js'
import { type Database, insertion, statement } from '../../src/db/database.js'
import { createLedger } from '../../src/deliveries/ledger.js'
import { eventTables } from '../../src/events/event-tables.js'
import { customerIdOf } from '../../src/events/journaled-event.js'
import { subjectsOf } from '../../src/loyalty/subjects.js'
import { createAlertStore } from '../../src/notify/alert-store.js'
import { createHearsStore } from '../../src/notify/hears-store.js'
import { createHerald } from '../../src/notify/herald.js'
import { createMessageSettingsStore } from '../../src/notify/message-settings-store.js'
import type { Wording } from '../../src/notify/wording.js'
import { openPipeline, ROOT_ID } from '../events/pipeline.js'

const LANE = 'telegram:test'

/** Olena's chat and a team's with the first business, and the ledger of what is planned for them. Nothing is sent. */
export const openGuestBook = async (db: Database, now: () => number, wording: Wording) => {
  const ledger = createLedger(db)
  const chats = createChatStore(db)
  const alerts = createAlertStore(db)
  const messageSettings = createMessageSettingsStore(db)
  const hears = createHearsStore(db)
  const { deliveries, deliveryContents } = ledger.tables
  const { events } = db.tables(eventTables)
  const herald = createHerald({
    ledger,
    clock: now,
    alerts,
    messageSettings,
    businessById: createBusinessStore(db).byId,
    chatsOf: chats.ofCustomer,
    staffChatsOf: chats.staffOf,
    hearsOf: hears.hearsOf,
    subjectsOf,
  })
  const pipeline = openPipeline(db, { now, herald })
  await pipeline.addFirstBusiness()
  const olena = customerIdOf(ROOT_ID, 'c_789')
  const addChat = insertion('test add chat', db.tables(chatTables).chats)
  const chat = (id: string, role: 'customer' | 'staff', customerId: string | null) =>
    addChat({
      id,
      role,
      customerId,
      businessId: ROOT_ID,
      lane: LANE,
      messenger: 'telegram',
      address: id,
      isPrivate: true,
      dialogue: {},
      guesses: 0,
      guessesSince: 0,
      lastSeenAt: 0,
      createdAt: 0,
    })
  await db.write(chat('olena', 'customer', olena), chat('team', 'staff', null))

  const all = statement('test planned', (q) =>
    q
      .select({
        id: deliveries.id,
        event: events.name,
        purpose: deliveries.purpose,
        state: deliveries.state,
        reason: deliveries.reason,
        chatId: deliveries.chatId,
        dueAt: deliveries.dueAt,
        position: deliveries.position,
        voucherId: deliveries.voucherId,
        mergedInto: deliveries.mergedInto,
        carries: deliveries.carries,
        content: deliveryContents.content,
      })
      .from(deliveries)
      .leftJoin(events, eq(events.id, deliveries.source))
      .leftJoin(deliveryContents, eq(deliveryContents.deliveryId, deliveries.id))
      .orderBy(asc(deliveries.position), asc(deliveries.createdAt)),
  )
  const planned = async () =>
    (await db.read(all({}))).map(({ content, ...row }) => ({
      ...row,
      silent: content?.silent ?? false,
      picture: content?.picture ?? null,
      lines: content === null ? [] : wording.say('en', content).text.split('\n'),
      buttons: content === null ? [] : (wording.say('en', content).buttons ?? []).flat().map(({ label }) => label),
    }))
  return {
    db,
    ledger,
    alerts,
    messageSettings,
    hears,
    pipeline,
    olena,
    tell: async (...frames: readonly object[]) => {
      for (const frame of frames) {
        await pipeline.receive(frame)
        await pipeline.settle()
      }
    },
    planned,
    /** What waits to be sent to Olena. */
    waiting: async () => (await planned()).filter(({ state, chatId }) => state === 'pending' && chatId === 'olena'),
    /** As a lane's owner does it when the messenger takes a message. */
    send: async (id: string) => {
      await db.write(ledger.markSending({ ids: JSON.stringify([id]), fence: 1, now: now() }))
      return async () =>
        db.write(
          ledger.recordResult({
            id,
            fence: 1,
            state: 'sent',
            reason: null,
            messageId: `m-${id}`,
            dueAt: null,
            sentAt: now(),
            uncounted: 0,
            now: now(),
          }),
        )
    },
    close: () => pipeline.close(),
  }
}

export type GuestBook = Awaited<ReturnType<typeof openGuestBook>>
