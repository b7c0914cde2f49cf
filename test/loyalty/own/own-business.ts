import { asc } from 'drizzle-orm'
import { createBusinessStore } from '../../../src/business/business-store.js'
import { type Clock, systemClock } from '../../../src/clock.js'
import { type Database, statement } from '../../../src/db/database.js'
import { type EventRow, eventTables } from '../../../src/events/event-tables.js'
import { createJournal } from '../../../src/events/journal.js'
import { createLoyaltyStore } from '../../../src/loyalty/loyalty-store.js'
import type { CustomerRow } from '../../../src/loyalty/loyalty-tables.js'
import { openClockwork, openOwnCommands } from '../../../src/main/own-commands.js'
import { createInProcessQueue } from '../../../src/queue/in-process-queue.js'
import { business } from '../../events/pipeline.js'
import { ownRows, replayedRows } from '../../support/own-rows.js'
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
    allRows: () => ownRows(db),
    replayed: () => replayedRows(db),
    close: () => queue.close(),
  }
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
