import { createSecretKey } from 'node:crypto'
import { asc, eq, like } from 'drizzle-orm'
import { createBusinessStore } from '../../src/business/business-store.js'
import type { BusinessRow } from '../../src/business/business-tables.js'
import { createSealing } from '../../src/business/sealing.js'
import { createAdmissions, webhookSecretPlace } from '../../src/business/webhook-admissions.js'
import { type Database, insertion, type Reads, statement, type Values } from '../../src/db/database.js'
import { leaseTables } from '../../src/db/lease-tables.js'
import { createApply } from '../../src/events/apply.js'
import type { FanOut, Herald } from '../../src/events/applying.js'
import { createDeadLetters } from '../../src/events/dead-letters.js'
import { type EventRow, eventTables } from '../../src/events/event-tables.js'
import { createInbox } from '../../src/events/inbox.js'
import { inboxRoute } from '../../src/events/inbox-route.js'
import { createJournal } from '../../src/events/journal.js'
import { createProcessing } from '../../src/events/processing.js'
import { createWaker } from '../../src/events/waker.js'
import { createHttpServer } from '../../src/http/server.js'
import { hashToken } from '../../src/ids.js'
import { createLoyaltyStore } from '../../src/loyalty/loyalty-store.js'
import { loyaltyTables } from '../../src/loyalty/loyalty-tables.js'
import { createMirror } from '../../src/loyalty/mirror-shell.js'
import type { News } from '../../src/loyalty/transition.js'
import { createInProcessQueue } from '../../src/queue/in-process-queue.js'
import { createInProcessSignals } from '../../src/queue/in-process-signals.js'
import type { Queue } from '../../src/queue/queue.js'
import { recordLog } from '../support/recorded-log.js'

export const TOKEN = 'token-of-the-first-business'
export const ROOT_ID = 'b_root'

/** After the published sample, and before it is stale. */
export const NOON = Date.parse('2026-05-11T13:00:00Z')

export const business = (id: string, change: Partial<BusinessRow> = {}): BusinessRow => ({
  id,
  name: 'Demo Coffee',
  language: 'en',
  timeZone: 'Europe/Kyiv',
  currency: 'UAH',
  logo: null,
  color: '#7a4a2b',
  contact: null,
  privacyUrl: null,
  cardLink: null,
  externalId: null,
  parentId: null,
  webhookTokenHash: null,
  webhookSecret: null,
  createdAt: 1,
  ...change,
})

const FIRST_BUSINESS = business(ROOT_ID, { webhookTokenHash: hashToken(TOKEN) })

/** What was told of an event, kept in the database like a delivery: in the event's own commit, and never twice. */
export interface Told {
  readonly eventId: string
  readonly news: News
}

export interface PipelineOptions {
  readonly now?: () => number
  /** Breaks the herald for events that a test chooses. */
  readonly beforeTold?: (eventId: string) => void
  readonly queue?: Queue
  /** Who tells of events, instead of a herald that only remembers them. */
  readonly herald?: Herald<Reads, News>
}

/** The way of an event from the webhook to what is told of it, on a real database; nothing is told to anybody. */
export const openPipeline = (
  db: Database,
  { now = () => NOON, beforeTold, queue, ...options }: PipelineOptions = {},
) => {
  const { log, events: logged } = recordLog()
  const journal = createJournal(db)
  const businesses = createBusinessStore(db)
  const loyalty = createLoyaltyStore(db)
  const signals = createInProcessSignals({ log })
  const sealing = createSealing(createSecretKey(Buffer.alloc(32, 7)))
  const wakes = queue ?? createInProcessQueue({ log })
  const waker = createWaker(wakes, log)
  const admissions = createAdmissions({ db, store: businesses, sealing, signals, standIns: ['demo_coffee'] })
  const inbox = createInbox({ db, journal, admissions, clock: now, wake: (shard) => waker.wake(shard) })
  const { tell, allTold, allEvents, erase } = queriesOf(db)
  const remembers: Herald<Reads, News> = {
    reads: () => ({}),
    decide: (event, news) => {
      beforeTold?.(event.id)
      return {
        writes: [tell({ key: TOLD + event.id, value: JSON.stringify(news) })],
        wakes: [{ lane: 'lane', dueAt: 0 }],
      }
    },
  }
  const herald = options.herald ?? remembers
  const wokenLanes: string[] = []
  const mirror = createMirror({
    store: loyalty,
    locations: businesses,
    fingerprint: sealing.fingerprint,
    isDemoPerson: (externalId) => externalId.startsWith('demo_'),
  })
  const wakeLane = (lane: string) => void wokenLanes.push(lane)
  const apply = createApply({ db, journal, mirror, herald, fanOut: SENDS_NOTHING, log, wakeLane })
  const processing = createProcessing({ db, journal, apply, queue: wakes, waker, clock: now, log })
  const server = createHttpServer({ log, publicUrl: null, direct: [inboxRoute(inbox)], webhooks: [], routes: [] })

  const settle = async (): Promise<void> => {
    for (let shards = await processing.pendingWork(); shards.length > 0; shards = await processing.pendingWork())
      await Promise.all(shards.map((shard) => processing.run(shard)))
  }
  const admit = async () => {
    const admission = await inbox.admit(TOKEN)
    if (!admission) throw new Error('the first business was not added')
    return admission
  }
  return {
    db,
    journal,
    businesses,
    loyalty,
    signals,
    sealing,
    inbox,
    processing,
    server,
    logged,
    wokenLanes,
    deadLetters: createDeadLetters({ db, journal, admissions, waker }),
    /** What erasing a person does to their row. */
    erase,
    addFirstBusiness: () => db.write(businesses.add(FIRST_BUSINESS)),
    setSecret: async (secret: string) => {
      const webhookSecret = sealing.seal(webhookSecretPlace(ROOT_ID), secret)
      await db.write(businesses.save({ ...FIRST_BUSINESS, webhookSecret }))
      signals.publish('business', ROOT_ID)
    },
    /** Takes a frame in as the webhook does, without HTTP. */
    receive: async (frame: object | Buffer, headers: { readonly 'webhook-id'?: string } = {}) => {
      const body = Buffer.isBuffer(frame) ? frame : Buffer.from(JSON.stringify(frame))
      const all = {
        'webhook-id': undefined,
        'webhook-timestamp': undefined,
        'webhook-signature': undefined,
        ...headers,
      }
      return inbox.receive(await admit(), all, body)
    },
    /** Applies all that is due. */
    settle,
    journalRows: (): Promise<readonly EventRow[]> => db.read(allEvents({})),
    told: async (): Promise<readonly Told[]> =>
      (await db.read(allTold({}))).map(({ key, value }) => ({
        eventId: key.slice(TOLD.length),
        news: JSON.parse(value),
      })),
    close: async () => {
      await server.close()
      await wakes.close()
    },
  }
}

/** Nobody subscribes to what happens here. */
const SENDS_NOTHING: FanOut<Reads> = { reads: () => ({}), decide: () => ({ writes: [], wakes: [] }) }

const TOLD = 'told '

const queriesOf = (db: Database) => {
  const { events } = db.tables(eventTables)
  const { installation } = db.tables(leaseTables)
  const { customers } = db.tables(loyaltyTables)
  return {
    erase: statement('test erase', (q, v: Values<{ id: string; at: number }>) =>
      q
        .update(customers)
        .set({ erasedAt: v.at, name: null, phone: null, email: null, birthday: null, profileTimes: {} })
        .where(eq(customers.id, v.id)),
    ),
    tell: insertion('test tell', installation),
    allTold: statement('test told', (q) =>
      q
        .select()
        .from(installation)
        .where(like(installation.key, `${TOLD}%`))
        .orderBy(asc(installation.key)),
    ),
    allEvents: statement('test events', (q) => q.select().from(events).orderBy(asc(events.seq))),
  }
}
