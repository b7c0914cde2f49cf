import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { eq, sql } from 'drizzle-orm'
import { expect, onTestFinished, vi } from 'vitest'
import { chatTables } from '../../bots/chats/chat-tables.js'
import { setUpFirstBusiness } from '../../src/business/first-business.js'
import { systemClock } from '../../src/clock.js'
import { readConfig } from '../../src/config.js'
import { type Bound, type Database, statement } from '../../src/db/database.js'
import { openDatabase } from '../../src/db/open-database.js'
import { deliveryId, PRIORITY } from '../../src/deliveries/delivery.js'
import { deliveryTables } from '../../src/deliveries/delivery-tables.js'
import { eventTables } from '../../src/events/event-tables.js'
import { customerIdOf } from '../../src/events/journaled-event.js'
import { derivedId } from '../../src/ids.js'
import { type Foundation, openFoundation } from '../../src/main/foundation.js'
import { telegramLaneId } from '../../src/main/telegram-lanes.js'
import { openTelegramDouble, type TelegramDouble } from '../doubles/telegram-bot-api.js'
import { type Environment, type Installation, openInstallation, type Program } from '../support/program.js'

/** A café with many customers whose every message arrives at a Telegram that counts. */
export interface FaultCafe {
  readonly installation: Installation
  readonly telegram: TelegramDouble
  /**
   * Links customers `from`…`to` to chats of their own, and plans a message for each if asked. Through the program's own
   * stores, while no program runs on a SQLite file.
   */
  plant(customers: { readonly from?: number; readonly to: number; readonly plan: boolean }): Promise<void>
  /** Opens the program's database for a moment: not a connection that would keep it alive through crashes. */
  withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T>
  /** What the ledger says, held against what arrived. */
  census(): Promise<Census>
  /** Waits until no event and no delivery is open. */
  settled(timeoutMs: number): Promise<Census>
}

export interface Census {
  readonly states: Readonly<Record<string, number>>
  readonly pendingEvents: number
  readonly deliveries: number
  /** Messages beyond those that the ledger knows of as sent or unknown, over all chats. */
  readonly duplicates: number
  /** Deliveries marked as sent that no chat has received. */
  readonly falselySent: number
  /** Unknown deliveries that have arrived, as far as each chat has only one. */
  readonly unknownArrived: number
}

export interface FaultCafeOptions {
  readonly redisUrl?: string
  readonly databaseUrl?: string
  readonly env?: Environment
}

const FIRST_CHAT = 1_000_000
const AT_ONCE = 200
const CREATED_AT = Date.UTC(2026, 0, 1)
/** As long as a delivery is in one of these it is on its way. */
/** More than a test's machine can send, so that all slots are used. */
export const MESSAGES_PER_SEC = 2_000
const OPEN = ['pending', 'sending']
const LOCALES = fileURLToPath(new URL('../../locales/', import.meta.url))

/** 7stamp's id of customer number `index`, and their chat at Telegram. */
export const externalIdOf = (index: number): string => `guest_${index}`
const chatNumberOf = (index: number): number => FIRST_CHAT + index

/** Ends with the test, and has then asked nothing of Telegram that Telegram would refuse. */
export const openFaultCafe = async ({ env: more, ...servers }: FaultCafeOptions = {}): Promise<FaultCafe> => {
  const telegram = await openTelegramDouble({ strangers: 'accept', remember: 'counts' })
  const env = {
    BUSINESS_NAME: 'Demo Coffee',
    DEMO: '0',
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    TELEGRAM_MESSAGES_PER_SEC: String(MESSAGES_PER_SEC),
    SEVENSTAMP_WEBHOOK_TOKEN: 'a-webhook-token-for-faults',
    MASTER_KEY: randomBytes(32).toString('base64'),
    ...more,
  }
  const installation = openInstallation({ env, ...servers })
  onTestFinished(async () => {
    await installation.close()
    await telegram.close()
    expect(telegram.violations).toEqual([])
  })
  const { databaseUrl } = servers
  const settings = { DATA_DIR: installation.dataDir, ...env, ...(databaseUrl && { DATABASE_URL: databaseUrl }) }
  const config = readConfig({ ...settings, LOG_LEVEL: 'silent' }, MACHINE)

  const withDatabase: FaultCafe['withDatabase'] = async (work) => {
    const db = await openDatabase(config.database, systemClock)
    try {
      return await work(db)
    } finally {
      await db.close()
    }
  }
  const census = () => withDatabase((db) => takeCensus(db, telegram))

  return {
    installation,
    telegram,
    withDatabase,
    census,
    plant: async ({ from = 0, to, plan }) => {
      const foundation = await openFoundation(config, LOCALES)
      try {
        const { id } = await setUpFirstBusiness({ ...foundation, store: foundation.businesses })
        for (let first = from; first < to; first += AT_ONCE) {
          const indexes = Array.from({ length: Math.min(AT_ONCE, to - first) }, (_, n) => first + n)
          await foundation.db.write(...indexes.flatMap((index) => rowsOf(foundation, id, index, plan)))
        }
      } finally {
        await foundation.close()
      }
    },
    settled: (timeoutMs) =>
      vi.waitFor(
        async () => {
          const now = await census()
          const open = OPEN.reduce((sum, state) => sum + (now.states[state] ?? 0), now.pendingEvents)
          expect(open, JSON.stringify(now)).toBe(0)
          return now
        },
        { timeout: timeoutMs, interval: 500 },
      ),
  }
}

const MACHINE = {
  workingDir: '/',
  timeZone: 'Europe/Kyiv',
  readFile: (): never => {
    throw new Error('there is no file to read')
  },
}

const rowsOf = (
  { loyalty, chats, ledger }: Foundation,
  businessId: string,
  index: number,
  plan: boolean,
): Bound<unknown>[] => {
  const customerId = customerIdOf(businessId, externalIdOf(index))
  const lane = telegramLaneId(businessId)
  const chatId = derivedId('chat', lane, String(chatNumberOf(index)))
  const customer = loyalty.addCustomer({
    ...{ id: customerId, businessId, externalId: externalIdOf(index), name: `Guest ${index}`, language: 'en' },
    ...{ profileTimes: {}, isDemo: false, createdAt: CREATED_AT },
  })
  const chat = chats.addChat({
    ...{ id: chatId, businessId, lane, messenger: 'telegram', address: String(chatNumberOf(index)), isPrivate: true },
    ...{ role: 'customer', customerId, dialogue: null, guesses: 0, guessesSince: 0 },
    ...{ lastSeenAt: CREATED_AT, createdAt: CREATED_AT },
  })
  if (!plan) return [customer, chat]
  const delivery = {
    ...{ id: deliveryId('event', 'planted', customerId, 'messengers'), businessId, source: 'planted', lane, chatId },
    ...({ purpose: 'event', recipientKind: 'customer', recipientId: customerId, class: 'service' } as const),
    ...{ priority: PRIORITY.event, dueAt: 0, position: index, customerId },
    content: { phrases: [{ text: `Hello ${index}` }] },
  }
  return [customer, chat, ...ledger.plan(delivery, CREATED_AT)]
}

const takeCensus = async (db: Database, telegram: TelegramDouble): Promise<Census> => {
  const { deliveries } = db.tables(deliveryTables)
  const { chats } = db.tables(chatTables)
  const { events } = db.tables(eventTables)
  const all = statement('test census', (q) =>
    q
      .select({ state: deliveries.state, address: chats.address })
      .from(deliveries)
      .innerJoin(chats, eq(chats.id, deliveries.chatId)),
  )
  const pending = statement('test pending events', (q) =>
    q
      .select({ count: sql<number>`count(*)`.mapWith(Number) })
      .from(events)
      .where(eq(events.state, 'pending')),
  )
  const rows = await db.read(all({}))
  const [events_] = await db.read(pending({}))
  const states: Record<string, number> = {}
  const chatsSeen = new Map<number, { sent: number; unknown: number }>()
  for (const { state, address } of rows) {
    states[state] = (states[state] ?? 0) + 1
    const chat = chatsSeen.get(Number(address)) ?? { sent: 0, unknown: 0 }
    if (state === 'sent') chat.sent++
    if (state === 'unknown') chat.unknown++
    chatsSeen.set(Number(address), chat)
  }
  const arrived = telegram.deliveredPerChat()
  let [duplicates, falselySent, unknownArrived] = [0, 0, 0]
  for (const [chat, count] of arrived) {
    const { sent, unknown } = chatsSeen.get(chat) ?? { sent: 0, unknown: 0 }
    duplicates += Math.max(0, count - sent - unknown)
    unknownArrived += Math.max(0, Math.min(unknown, count - sent))
  }
  for (const [chat, { sent }] of chatsSeen) falselySent += Math.max(0, sent - (arrived.get(chat) ?? 0))
  return {
    states,
    pendingEvents: events_?.count ?? 0,
    deliveries: rows.length,
    duplicates,
    falselySent,
    unknownArrived,
  }
}

/** How many deliveries each taking of the Telegram lane found unclear, by what the program logged. */
export const unknownAtTakings = (program: Program): readonly number[] =>
  program
    .logged('lane.taken')
    .filter(({ lane }) => String(lane).startsWith('telegram:'))
    .map(({ unknown }) => Number(unknown))

export const untilArrived = (telegram: TelegramDouble, count: number, timeoutMs = 60_000): Promise<void> =>
  vi.waitFor(() => expect(telegram.delivered()).toBeGreaterThanOrEqual(count), { timeout: timeoutMs, interval: 5 })
