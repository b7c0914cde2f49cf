import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setUpFirstBusiness } from '../../src/business/first-business.js'
import { readConfig } from '../../src/config.js'
import type { Bound } from '../../src/db/database.js'
import { deliveryId, PRIORITY } from '../../src/deliveries/delivery.js'
import type { PlannedDelivery } from '../../src/deliveries/ledger.js'
import { customerIdOf } from '../../src/events/journaled-event.js'
import { derivedId } from '../../src/ids.js'
import { type Foundation, openFoundation } from '../../src/main/foundation.js'
import { telegramLaneId } from '../../src/main/telegram-lanes.js'
import type { MessageContent } from '../../src/notify/content.js'

/** A café's data folder with customers who are linked to the bot on Telegram. */
export interface Cafe {
  readonly dataDir: string
  /** What the program needs to run on it. */
  readonly settings: Readonly<Record<string, string>>
  readonly webhookPath: string
  remove(): Promise<void>
}

export interface CafeOptions {
  readonly customers: number
  /** Plans one campaign message for each customer from this number on. */
  readonly campaignFrom?: number
  readonly settings: Readonly<Record<string, string>>
}

const WEBHOOK_TOKEN = 'bench-webhook-token-0001'
const BOT_TOKEN = '1000:bench-bot-token'
const FIRST_CHAT = 1_000_000
/** A transaction stays short, as everywhere in the program. */
const CUSTOMERS_AT_ONCE = 200

/** 7stamp's id of the customer number `index`, and the Telegram chat they are linked to. */
export const externalIdOf = (index: number): string => `bench_${index}`
export const chatNumberOf = (index: number): number => FIRST_CHAT + index

/** Opens a café through the program's own stores, before the program starts. */
export const openCafe = async ({ customers, campaignFrom = customers, settings }: CafeOptions): Promise<Cafe> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'stampcast-bench-'))
  const env = {
    DATA_DIR: dataDir,
    DEMO: '0',
    LOG_LEVEL: 'info',
    BUSINESS_NAME: 'Corner Coffee',
    SEVENSTAMP_WEBHOOK_TOKEN: WEBHOOK_TOKEN,
    TELEGRAM_BOT_TOKEN: BOT_TOKEN,
    ...settings,
  }
  await withFoundation(env, async (foundation, id) => {
    for (let from = 0; from < customers; from += CUSTOMERS_AT_ONCE) {
      const writes: Bound<unknown>[] = []
      for (let index = from; index < Math.min(customers, from + CUSTOMERS_AT_ONCE); index++)
        writes.push(
          ...customerRows(foundation, id, index),
          ...(index >= campaignFrom ? campaignRows(foundation, id, index) : []),
        )
      await foundation.db.write(...writes)
    }
  })
  return {
    dataDir,
    settings: env,
    webhookPath: `/webhooks/7stamp/${WEBHOOK_TOKEN}`,
    remove: () => rm(dataDir, { recursive: true, force: true }),
  }
}

/** The program's own stores on a café's folder, before the program starts there. */
export const withFoundation = async <T>(
  settings: Readonly<Record<string, string>>,
  work: (foundation: Foundation, businessId: string) => Promise<T>,
): Promise<T> => {
  const config = readConfig({ ...settings, ROLE: 'all', REDIS_URL: '' }, MACHINE)
  const foundation = await openFoundation(config, new URL('../../../locales/', import.meta.url).pathname)
  try {
    const { id } = await setUpFirstBusiness({ ...foundation, store: foundation.businesses })
    return await work(foundation, id)
  } finally {
    await foundation.close()
  }
}

const MACHINE = {
  workingDir: tmpdir(),
  timeZone: 'Europe/Kyiv',
  readFile: (): never => {
    throw new Error('a bench reads no files')
  },
}

const LANGUAGES = ['en', 'uk', 'de', 'ko', 'ar']
const CREATED_AT = Date.UTC(2026, 0, 1)

const languageOf = (index: number): string => LANGUAGES[index % LANGUAGES.length] ?? 'en'
const chatIdOf = (lane: string, index: number): string => derivedId('chat', lane, String(chatNumberOf(index)))

const customerRows = (
  { loyalty, chats, consents }: Foundation,
  businessId: string,
  index: number,
): Bound<unknown>[] => {
  const customerId = customerIdOf(businessId, externalIdOf(index))
  const lane = telegramLaneId(businessId)
  return [
    loyalty.addCustomer({
      id: customerId,
      businessId,
      externalId: externalIdOf(index),
      name: `Olena Kovalenko ${index}`,
      language: languageOf(index),
      profileTimes: {},
      isDemo: false,
      createdAt: CREATED_AT,
    }),
    chats.addChat({
      id: chatIdOf(lane, index),
      businessId,
      lane,
      messenger: 'telegram',
      address: String(chatNumberOf(index)),
      isPrivate: true,
      role: 'customer',
      customerId,
      dialogue: null,
      guesses: 0,
      guessesSince: 0,
      lastSeenAt: CREATED_AT,
      createdAt: CREATED_AT,
    }),
    ...consents.change(
      { customerId, channel: 'messengers', class: 'marketing', state: 'granted', source: 'answer' },
      CREATED_AT,
    ),
  ]
}

/** A message of a campaign as the program plans it: worded per reader, with buttons, only for those who agreed. */
const campaignRows = ({ ledger }: Foundation, businessId: string, index: number): Bound<unknown>[] => {
  const customerId = customerIdOf(businessId, externalIdOf(index))
  const lane = telegramLaneId(businessId)
  const delivery: PlannedDelivery = {
    id: deliveryId('event', 'bench campaign', customerId, 'messengers'),
    businessId,
    purpose: 'event',
    source: 'bench campaign',
    recipientKind: 'customer',
    recipientId: customerId,
    class: 'marketing',
    lane,
    chatId: chatIdOf(lane, index),
    priority: PRIORITY.broadcast,
    dueAt: 0,
    position: index,
    customerId,
    content: contentFor(index),
  }
  return ledger.plan(delivery, CREATED_AT)
}

const contentFor = (index: number): MessageContent => ({
  phrases: [
    { key: 'birthday.wishNamed', params: { business: 'Corner Coffee', name: `Olena ${index}` } },
    { key: 'card.toGoFor', params: { count: (index % 9) + 1, reward: 'a flat white' } },
    { text: 'This week every second coffee before ten is on us. Come by and bring somebody you like!' },
    { key: 'marketing.stop' },
  ],
  buttons: [
    [
      { kind: 'action', label: 'buttons.myCard', action: 'card' },
      { kind: 'action', label: 'buttons.myVouchers', action: 'vouchers' },
    ],
  ],
})
