import { asc, eq } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import type { Holding } from '../erasure/holding.js'
import { eventTables } from './event-tables.js'

/** What happened to the person, with the bodies as they came. */
export const createEventHolding = (db: Database): Holding => {
  const { events } = db.tables(eventTables)
  return {
    name: 'events',
    rowsOf: statement('events held', (q, v: Values<{ customerId: string }>) =>
      q.select().from(events).where(eq(events.customerId, v.customerId)).orderBy(asc(events.seq)),
    ),
  }
}
