import { and, asc, eq, isNotNull, sql } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import type { Forgetter } from '../erasure/forgetter.js'
import { eventTables } from './event-tables.js'

/** The bodies of an erased person's events. One that is pending still is forgotten when it is applied. */
export const createEventForgetter = (db: Database): Forgetter<{ id: string }> => {
  const { events } = db.tables(eventTables)
  const traces = statement(
    'event bodies to forget',
    (q, v: Values<{ customerId: string; limit: number }>) =>
      q
        .select({ id: events.id })
        .from(events)
        .where(
          and(
            eq(events.customerId, v.customerId),
            isNotNull(events.body),
            // Without it the partial index of a customer's events is not used.
            sql`${events.state} <> 'pending'`,
          ),
        )
        .orderBy(asc(events.id))
        .limit(v.limit),
    { mode: 'update' },
  )
  const forget = statement('forget event bodies', (q, v: Values<{ ids: string }>) =>
    q.update(events).set({ body: null, contentHash: null }).where(db.kit.oneOf(events.id, v.ids)),
  )
  return {
    name: 'event bodies',
    traces: ({ customerId }, limit) => traces({ customerId, limit }),
    forget: (rows) => (rows.length === 0 ? [] : [forget({ ids: JSON.stringify(rows.map(({ id }) => id)) })]),
  }
}
