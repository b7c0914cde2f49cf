import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import SqliteFile from 'better-sqlite3'
import { vi } from 'vitest'
import type { LinkPurpose } from '../../bots/chats/links.js'
import { hashToken } from '../../src/ids.js'
import type { CardRules } from '../../src/loyalty/own/card-rules.js'
import type { VoucherOffer } from '../../src/loyalty/own/voucher-offer.js'

/** Monday, 11 May 2026, noon in Kyiv. */
const BEGINS_AT = Date.UTC(2026, 4, 11, 9)
const SETTLES_WITHIN = { timeout: 60_000, interval: 10 }
/** Fixed, so that the numbers of cards and vouchers, which follow from it, are the same every time. */
export const BUSINESS_ID = 'b_0123456789abcdef0123456789abcdef'
/** Where the counter is. */
export const LOCATION_ID = 'loc_podil'
const WEBHOOK_TOKEN = 'a-token-of-16-chars'

/** The program as it was built, whose pages lie beside it. */
const BUILT = new URL('../../dist/', import.meta.url)
const built = async (path: string) => import(new URL(path, BUILT).href)
const loadProgram = async () => ({
  ...((await built('src/config.js')) as typeof import('../../src/config.js')),
  ...((await built('src/main/foundation.js')) as typeof import('../../src/main/foundation.js')),
  ...((await built('src/main/directory.js')) as typeof import('../../src/main/directory.js')),
  ...((await built('src/main/messenger-lanes.js')) as typeof import('../../src/main/messenger-lanes.js')),
  ...((await built('src/main/web-lane.js')) as typeof import('../../src/main/web-lane.js')),
  ...((await built('src/main/telegram-lanes.js')) as typeof import('../../src/main/telegram-lanes.js')),
  ...((await built('src/main/role-worker.js')) as typeof import('../../src/main/role-worker.js')),
  ...((await built('src/main/role-web.js')) as typeof import('../../src/main/role-web.js')),
  ...((await built('src/business/first-business.js')) as typeof import('../../src/business/first-business.js')),
  ...((await built('src/business/installation-store.js')) as typeof import('../../src/business/installation-store.js')),
  ...((await built('bots/chats/links.js')) as typeof import('../../bots/chats/links.js')),
})

export type Application = Awaited<ReturnType<typeof openApplication>>

/** The whole program in this process, HTTP, worker loops and all, on a SQLite file of its own and on the test's time. */
export const openApplication = async (environment: Readonly<Record<string, string>>) => {
  const program = await loadProgram()
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-transcript-'))
  let now = BEGINS_AT
  /** A moment passes with every look, so that what happens later is later, and no slow machine makes minutes of it. */
  const clock = () => now++
  const env = {
    DATA_DIR: folder,
    PORT: '0',
    DEMO: '0',
    LOG_LEVEL: 'silent',
    BUSINESS_NAME: 'Corner Coffee',
    BUSINESS_TIMEZONE: 'Europe/Kyiv',
    SEVENSTAMP_WEBHOOK_TOKEN: WEBHOOK_TOKEN,
    ...environment,
  }
  const config = program.readConfig(env, {
    workingDir: folder,
    timeZone: 'Europe/Kyiv',
    readFile: () => Buffer.alloc(0),
  })
  const foundation = await program.openFoundation(config, fileURLToPath(new URL('locales/', BUILT)), clock)
  const { db, businesses, connections, signals } = foundation
  await db.write(
    program.createInstallationStore(db).add({ key: 'first_business', value: BUSINESS_ID }),
    businesses.add({
      ...{ id: BUSINESS_ID, name: '', language: 'en', timeZone: 'Europe/Kyiv', currency: 'EUR', logo: null },
      ...{ color: config.business.color, contact: null, privacyUrl: null, cardLink: null, externalId: null },
      ...{ parentId: null, webhookTokenHash: hashToken(WEBHOOK_TOKEN), webhookSecret: null, createdAt: clock() },
    }),
  )
  const first = await program.setUpFirstBusiness({ ...foundation, store: businesses })
  await db.write(
    businesses.addLocation({
      ...{ id: LOCATION_ID, businessId: first.id, externalId: LOCATION_ID, name: 'Podil', createdAt: clock() },
    }),
  )
  const directory = program.createDirectory(foundation)
  const business = await directory.business(first.id)
  const lanes = new program.MessengerLanes(foundation, directory)
  const settings = (await connections.of(first.id)).get('telegram')
  const telegram = settings ? [await program.openTelegramLane(foundation, business, settings)] : []
  const all = [program.openWebLane(foundation, business), ...telegram]
  for (const lane of all) await lanes.add(lane)
  const worker = await program.startWorker(foundation, lanes)
  const web = await program.openWeb({
    foundation,
    directory,
    businessId: first.id,
    webhookToken: first.webhookToken,
    telegram,
    laneCheck: () => worker.checkLanes(),
  })
  const url = `http://127.0.0.1:${web.port}`
  const file = new SqliteFile(join(folder, 'stampcast.sqlite'), { readonly: true })
  const openWork = file.prepare<{ now: number; until: number }, OpenWork>(OPEN_WORK)

  return {
    url,
    clock,
    wording: foundation.wording,
    businessName: business.name,
    /** Time goes on, as far as the program can tell. */
    passes: (ms: number) => {
      now += ms
    },
    link: (purpose: LinkPurpose) => program.createLink(foundation, first.id, purpose),
    /** Gives a customer a voucher of the business's own and tells its number, which is the same in every run. */
    giveVoucher: async (customerId: string, offer: VoucherOffer): Promise<string> => {
      const issue = await foundation.own.issueVoucher({
        ...{ businessId: first.id, customerId, cardId: null, offer, key: offer.title, origin: 'api', locationId: null },
        now: clock(),
      })
      if (issue.kind !== 'issued') throw new Error(issue.reason)
      return issue.voucher.number
    },
    /** Gives somebody a stamp card of the business's own and tells its number, which is the same in every run. */
    giveCard: async (customer: NewCustomer, rules: CardRules): Promise<string> => {
      const saved = await foundation.own.saveCardTemplate({
        ...{ businessId: first.id, id: null, key: rules.title, rules, now: clock() },
      })
      if (saved.kind !== 'saved') throw new Error(saved.reason)
      await db.write(foundation.loyalty.addCustomer({ ...NOBODY_KNOWN, ...customer, businessId: first.id }))
      const issue = await foundation.own.issueCard({
        ...{ businessId: first.id, customerId: customer.id, templateId: saved.template.id },
        ...{ origin: 'api', locationId: null, now: clock() },
      })
      if (issue.kind !== 'issued' || issue.card.number === null) throw new Error('no card was issued')
      return issue.card.number
    },
    offerCards: async (title: string, goals: readonly { readonly stamps: number; readonly reward: string }[]) => {
      await foundation.own.saveCardTemplate({
        ...{ businessId: first.id, id: null, key: 'the only one', now: clock() },
        rules: {
          title,
          goals: goals.map(({ stamps, reward }) => ({ stamps, reward: { kind: 'award', title: reward } })),
          stamping: { kind: 'per_order' },
          afterLastGoal: 'start_over',
        },
      })
    },
    hire: async (name: string, pin: string): Promise<void> => {
      const { roster } = foundation.access
      const who = { businessId: first.id, actor: 'cli', name, role: 'cashier', locationId: LOCATION_ID, pin } as const
      const hired = await roster.addStaff(who)
      if (hired.kind !== 'done') throw new Error(hired.reason)
    },
    /** 7stamp posts a frame. */
    tell: async (frame: object) => {
      const answer = await fetch(`${url}/webhooks/7stamp/${WEBHOOK_TOKEN}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(frame),
      })
      if (answer.status !== 202) throw new Error(`the webhook said ${answer.status}: ${await answer.text()}`)
    },
    /** Reads the program's own file. */
    rows: <Row>(sql: string, ...values: readonly unknown[]) => file.prepare(sql).all(...values) as Row[],
    /** No update waits for its answer, no event to be applied, no delivery to leave. What is held back until later becomes due. */
    settled: () =>
      vi.waitFor(() => {
        const { begun, heldUntil } = openWork.get({ now, until: now + HELD_MS }) ?? { begun: 0, heldUntil: null }
        if (begun > 0) throw new Error(`${begun} things are still to be done`)
        if (heldUntil === null) return
        // Only now: whatever else belongs to what is held has joined it.
        now = heldUntil
        for (const { id } of all) signals.publish('lane', id)
        throw new Error('something was held back until now')
      }, SETTLES_WITHIN),
    close: async () => {
      file.close()
      await Promise.all([web.close(), worker.stop()])
      for (const lane of telegram) await lane.close()
      await foundation.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Of a customer, beside the name and the language. */
const NOBODY_KNOWN = {
  ...{ externalId: null, walletPassId: null, phone: null, email: null, birthday: null },
  ...{ profileTimes: {}, isDemo: false, erasedAt: null, createdAt: BEGINS_AT },
}

export interface NewCustomer {
  readonly id: string
  readonly name: string | null
  readonly language: string
}

/** What is planned for later than that waits for the scenario's own time. */
const HELD_MS = 15_000

interface OpenWork {
  readonly begun: number
  /** Unix ms; null if nothing is held. */
  readonly heldUntil: number | null
}

const OPEN_WORK = `select
  (select count(*) from updates where state = 'pending') +
  (select count(*) from events where state = 'pending') +
  (select count(*) from deliveries where state = 'sending' or (state = 'pending' and due_at <= @now)) as begun,
  (select min(due_at) from deliveries where state = 'pending' and due_at > @now and due_at <= @until) as heldUntil`
