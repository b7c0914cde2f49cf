import { and, desc, eq, gte, isNotNull, isNull, lt, not, or, sql } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import { eventTables } from './event-tables.js'

/** SQL that shows the journal to the business whose it is. */
export type EventPageStore = ReturnType<typeof createEventPageStore>

export const createEventPageStore = (db: Database) => {
  const { events } = db.tables(eventTables)
  return {
    /** The newest first, behind the one received at `beforeAt` with `beforeSeq`; of one name, or (`''`) of all. */
    page: statement(
      'page of events',
      (q, v: Values<{ businessId: string; name: string; beforeAt: number; beforeSeq: number; limit: number }>) =>
        q
          .select()
          .from(events)
          .where(
            and(
              eq(events.businessId, v.businessId),
              sql`(${v.name} = '' or ${events.name} = ${v.name})`,
              or(
                lt(events.receivedAt, v.beforeAt),
                and(eq(events.receivedAt, v.beforeAt), lt(events.seq, v.beforeSeq)),
              ),
            ),
          )
          .orderBy(desc(events.receivedAt), desc(events.seq))
          .limit(v.limit),
    ),
    /** A customer's applied stamps, the newest first, behind the one at `beforeAt` with `beforeId`; without what was erased. */
    stampsOfCustomer: statement(
      'page of stamp events',
      (q, v: Values<{ customerId: string; beforeAt: number; beforeId: string; limit: number }>) =>
        q
          .select({
            id: events.id,
            occurredAt: events.occurredAt,
            receivedAt: events.receivedAt,
            body: sql<Buffer>`${events.body}`,
          })
          .from(events)
          .where(
            and(
              eq(events.customerId, v.customerId),
              eq(events.state, 'applied'),
              // Beside every look at one customer's events, or their partial index is not used.
              sql`${events.state} <> 'pending'`,
              isNotNull(events.body),
              eq(events.name, 'stamp_added'),
              or(lt(events.occurredAt, v.beforeAt), and(eq(events.occurredAt, v.beforeAt), lt(events.id, v.beforeId))),
            ),
          )
          .orderBy(desc(events.occurredAt), desc(events.id))
          .limit(v.limit),
    ),
    /**
     * How many of each name came in a time, from `from` on and before `to`, about nobody of `exceptCustomers` (a JSON array of
     * ids).
     */
    countByName: statement(
      'count events by name',
      (q, v: Values<{ businessId: string; from: number; to: number; exceptCustomers: string }>) =>
        q
          .select({ name: events.name, count: sql<number>`count(*)`.mapWith(Number) })
          .from(events)
          .where(
            and(
              eq(events.businessId, v.businessId),
              gte(events.receivedAt, v.from),
              lt(events.receivedAt, v.to),
              or(isNull(events.customerId), not(db.kit.oneOf(events.customerId, v.exceptCustomers))),
            ),
          )
          .groupBy(events.name),
    ),
  }
}
