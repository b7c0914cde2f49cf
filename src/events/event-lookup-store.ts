import { and, asc, desc, eq, gt, gte, isNotNull, isNull, lte, ne, not, or, sql } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import { eventTables } from './event-tables.js'

/** What others ask the journal: what was told of somebody, or by whom something was told. */
export type EventLookupStore = ReturnType<typeof createEventLookupStore>

export const createEventLookupStore = (db: Database) => {
  const { events } = db.tables(eventTables)
  const { oneOf } = db.kit
  const count = sql<number>`count(*)`.mapWith(Number)
  /** Beside every look at one customer's events, or their partial index is not used. States are literals for the same reason. */
  const isNotPending = sql`${events.state} <> 'pending'`
  return {
    /** The event that came last through a business's own address, about nobody of `exceptCustomers` (a JSON array of ids). */
    newest: statement('newest event', (q, v: Values<{ businessId: string; exceptCustomers: string }>) =>
      q
        .select({ name: events.name, state: events.state, receivedAt: events.receivedAt })
        .from(events)
        .where(
          and(
            eq(events.rootId, v.businessId),
            or(isNull(events.customerId), not(oneOf(events.customerId, v.exceptCustomers))),
          ),
        )
        .orderBy(desc(events.seq))
        .limit(1),
    ),
    /** What these events (a JSON array of ids) said; without those that were erased. */
    bodiesOf: statement('bodies of events', (q, v: Values<{ ids: string }>) =>
      q
        .select({ id: events.id, receivedAt: events.receivedAt, body: sql<Buffer>`${events.body}` })
        .from(events)
        .where(and(oneOf(events.id, v.ids), isNotNull(events.body))),
    ),
    /** An applied event of a business whose body is kept. */
    appliedById: statement('applied event by id', (q, v: Values<{ businessId: string; id: string }>) =>
      q
        .select({ seq: events.seq, id: events.id, name: events.name, customerId: events.customerId })
        .from(events)
        .where(
          and(
            eq(events.id, v.id),
            eq(events.businessId, v.businessId),
            eq(events.state, 'applied'),
            isNotNull(events.body),
          ),
        ),
    ),
    /** Applied events of a business that came from `from` on and before `to` (Unix ms), behind `afterSeq`, in their order. */
    appliedBetween: statement(
      'applied events between',
      (q, v: Values<{ businessId: string; from: number; to: number; afterSeq: number; limit: number }>) =>
        q
          .select({ seq: events.seq, id: events.id, name: events.name, customerId: events.customerId })
          .from(events)
          .where(
            and(
              eq(events.businessId, v.businessId),
              eq(events.state, 'applied'),
              isNotNull(events.body),
              sql`${events.receivedAt} >= ${v.from} and ${events.receivedAt} < ${v.to}`,
              gt(events.seq, v.afterSeq),
            ),
          )
          .orderBy(asc(events.seq))
          .limit(v.limit),
    ),
    /** A customer's applied events of these names, newest first. What was erased is not among them. */
    ofCustomer: statement('events of customer', (q, v: Values<{ customerId: string; names: string; limit: number }>) =>
      q
        .select({ occurredAt: events.occurredAt, receivedAt: events.receivedAt, body: sql<Buffer>`${events.body}` })
        .from(events)
        .where(
          and(
            eq(events.customerId, v.customerId),
            eq(events.state, 'applied'),
            isNotPending,
            isNotNull(events.body),
            oneOf(events.name, v.names),
          ),
        )
        .orderBy(desc(events.occurredAt), desc(events.seq))
        .limit(v.limit),
    ),
    /** A customer's events that are not 7stamp's and are told, in their order. */
    ownOfCustomer: statement('own events of customer', (q, v: Values<{ customerId: string }>) =>
      q
        .select()
        .from(events)
        .where(and(eq(events.customerId, v.customerId), isNotPending, ne(events.origin, sql`'7stamp'`)))
        .orderBy(asc(events.seq)),
    ),
    /** Those that wait to be, in no order: for one, SQLite would go through the whole journal. */
    ownPendingOfCustomer: statement('own pending events of customer', (q, v: Values<{ customerId: string }>) =>
      q
        .select()
        .from(events)
        .where(
          and(eq(events.state, sql`'pending'`), eq(events.customerId, v.customerId), ne(events.origin, sql`'7stamp'`)),
        ),
    ),
    /** Who got a stamp since then (Unix ms), the latest first. `businessIds` is a JSON array. */
    stampedSince: statement(
      'customers stamped since',
      (q, v: Values<{ businessIds: string; since: number; limit: number }>) =>
        q
          .select({ customerId: events.customerId })
          .from(events)
          .where(
            and(
              oneOf(events.businessId, v.businessIds),
              gt(events.receivedAt, v.since),
              eq(events.name, 'stamp_added'),
              eq(events.state, 'applied'),
            ),
          )
          .orderBy(desc(events.receivedAt), desc(events.seq))
          .limit(v.limit),
    ),
    /** Whether any of a business's events of 7stamp's that were received until then (Unix ms) waits to be applied. */
    pendingOf7stamp: statement('pending events of 7stamp', (q, v: Values<{ businessId: string; until: number }>) =>
      q
        .select({ id: events.id })
        .from(events)
        .where(
          and(
            sql`${events.state} = 'pending'`,
            eq(events.businessId, v.businessId),
            eq(events.origin, sql`'7stamp'`),
            lte(events.receivedAt, v.until),
          ),
        )
        .limit(1),
    ),
    /** How many of a business's events of 7stamp's failed five times. */
    countDeadOf7stamp: statement('count dead events of 7stamp', (q, v: Values<{ businessId: string }>) =>
      q
        .select({ count })
        .from(events)
        // What waits for a person has a partial index.
        .where(
          and(
            sql`${events.state} in ('dead', 'invalid', 'unrecognised')`,
            eq(events.state, sql`'dead'`),
            eq(events.businessId, v.businessId),
            eq(events.origin, sql`'7stamp'`),
          ),
        ),
    ),
    /** How many of a business's events since then (Unix ms) changed nothing, for this reason. */
    countIgnored: statement(
      'count ignored events',
      (q, v: Values<{ businessId: string; since: number; reason: string }>) =>
        q
          .select({ count })
          .from(events)
          .where(
            and(
              eq(events.businessId, v.businessId),
              gte(events.receivedAt, v.since),
              eq(events.state, 'ignored'),
              eq(events.reason, v.reason),
            ),
          ),
    ),
  }
}
