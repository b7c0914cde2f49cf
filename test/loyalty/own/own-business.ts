import { asc } from 'drizzle-orm'
import { createBusinessStore } from '../../../src/business/business-store.js'
import { type Clock, systemClock } from '../../../src/clock.js'
import { type Database, statement } from '../../../src/db/database.js'
import { canonical } from '../../../src/events/aliases.js'
import { type EventRow, eventTables } from '../../../src/events/event-tables.js'
import { createJournal } from '../../../src/events/journal.js'
import { parseEvent } from '../../../src/events/parse-event.js'
import { createLoyaltyStore } from '../../../src/loyalty/loyalty-store.js'
import { type CustomerRow, loyaltyTables } from '../../../src/loyalty/loyalty-tables.js'
import { ownTables } from '../../../src/loyalty/own/own-tables.js'
import { replay } from '../../../src/loyalty/own/replay.js'
import { openClockwork, openOwnCommands } from '../../../src/main/own-commands.js'
import { createInProcessQueue } from '../../../src/queue/in-process-queue.js'
import { business } from '../../events/pipeline.js'
import { recordLog } from '../../support/recorded-log.js'

/** A café with cards and vouchers of its own, and what it may do with them. */
export const openOwnBusiness = async (db: Database, clock: Clock = systemClock) => {
  const { log } = recordLog()
  const businesses = createBusinessStore(db)
  const loyalty = createLoyaltyStore(db)
  const queue = createInProcessQueue({ log })
  const journal = createJournal(db)
  const foundation = { db, loyalty, journal, businesses, queue, log, clock }
  const commands = openOwnCommands(foundation)
  const addCustomer = (id: string, change: Partial<CustomerRow> = {}) =>
    db.write(loyalty.addCustomer({ ...CUSTOMER, id, ...change }))
  await db.write(businesses.add(business(BUSINESS)), businesses.add(business(ANOTHER_BUSINESS)))
  await addCustomer(OLENA)
  const { events } = db.tables(eventTables)
  const own = db.tables(ownTables)
  const { cards, vouchers } = db.tables(loyaltyTables)
  const everything = {
    cards: statement('test all cards', (q) => q.select().from(cards).orderBy(asc(cards.id))),
    vouchers: statement('test all vouchers', (q) => q.select().from(vouchers).orderBy(asc(vouchers.id))),
    stamps: statement('test all stamps', (q) => q.select().from(own.stamps).orderBy(asc(own.stamps.id))),
    rewards: statement('test all rewards', (q) => q.select().from(own.rewards).orderBy(asc(own.rewards.id))),
    draws: statement('test all draws', (q) => q.select().from(own.draws).orderBy(asc(own.draws.id))),
    redemptions: statement('test all redemptions', (q) =>
      q.select().from(own.redemptions).orderBy(asc(own.redemptions.id)),
    ),
  }
  const allEvents = statement('test own events', (q) => q.select().from(events).orderBy(asc(events.seq)))
  return {
    ...commands,
    clockwork: openClockwork(foundation),
    db,
    journal,
    loyalty,
    addCustomer,
    journalRows: (): Promise<readonly EventRow[]> => db.read(allEvents({})),
    /** The journal as the subscribers see it. */
    frames: async (): Promise<Frame[]> =>
      (await db.read(allEvents({}))).map(({ body }) => JSON.parse(String(body)) as Frame),
    /** All rows of our own, by table, each in the order of its ids. */
    allRows: async () => ({
      cards: await db.read(everything.cards({})),
      vouchers: await db.read(everything.vouchers({})),
      stamps: await db.read(everything.stamps({})),
      rewards: await db.read(everything.rewards({})),
      draws: await db.read(everything.draws({})),
      redemptions: await db.read(everything.redemptions({})),
    }),
    /** The same as the journal alone gives them. */
    replayed: async () => {
      const rows = replay((await db.read(allEvents({}))).map(happened))
      return {
        cards: sorted(rows.cards),
        vouchers: sorted(rows.vouchers),
        stamps: sorted(rows.stamps),
        rewards: sorted(rows.rewards),
        draws: sorted(rows.draws),
        redemptions: sorted(rows.redemptions),
      }
    },
    close: () => queue.close(),
  }
}

const sorted = <Row extends { readonly id: string }>(rows: ReadonlyMap<string, Row>): Row[] =>
  [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1))

const happened = ({ id, businessId, customerId, occurredAt, receivedAt, body }: EventRow) => {
  const parsed = parseEvent(canonical(JSON.parse(String(body))), receivedAt)
  if (parsed.kind !== 'event' || customerId === null) throw new Error(`${id} is no event about a customer`)
  return { id, businessId, customerId, occurredAt, payload: parsed.event }
}

export type Frame = Readonly<Record<string, unknown>> & { readonly event: string }

export const BUSINESS = 'b_cafe'
export const ANOTHER_BUSINESS = 'b_another'
export const OLENA = 'c_0000000000000000000000000000000a'

const CUSTOMER: CustomerRow = {
  id: OLENA,
  businessId: BUSINESS,
  externalId: null,
  walletPassId: null,
  name: 'Олена Коваль',
  phone: null,
  email: null,
  birthday: null,
  language: 'uk',
  profileTimes: {},
  isDemo: false,
  erasedAt: null,
  createdAt: 1,
}
