import { and, asc, eq, gt, isNotNull, lte, ne, sql } from 'drizzle-orm'
import { type Bound, type Database, demand, type Found, insertion, statement, type Values } from '../db/database.js'
import { type EventRow, type EventState, eventTables } from './event-tables.js'

/** The journal’s statements: an event’s way from its coming to its being applied, or waiting for a person. */
export type Journal = ReturnType<typeof createJournal>

/** An event as it enters the journal: with its body, and no tries behind it. */
export type NewEvent = Omit<EventRow, 'seq' | 'attempts' | 'dueAt' | 'contentHash' | 'body'> & { readonly body: Buffer }

export interface FinishedEvent {
  readonly id: string
  readonly state: Extract<EventState, 'applied' | 'ignored'>
  readonly reason: string | null
  readonly contentHash: string | null
}

export type DueEvent = Found<{ due: ReturnType<Journal['due']> }>['due'][number]

export const createJournal = (db: Database) => {
  const { events } = db.tables(eventTables)
  /** For a person. As text, so that the partial index is used. */
  const isWaiting = sql`${events.state} in ('dead', 'invalid', 'unrecognised')`
  // Due at once by whoever's clock: the worker's may be behind the one that received it.
  const rowOf = (event: NewEvent) => ({ attempts: 0, dueAt: 0, ...event })
  const addEvent = insertion('add event', events, { ignoreExisting: true })

  const reopenEvent = statement('reopen event', (q, v: Values<NewEvent>) =>
    q
      .update(events)
      .set({
        businessId: v.businessId,
        customerId: v.customerId,
        name: v.name,
        occurredAt: v.occurredAt,
        state: v.state,
        shard: v.shard,
        reason: v.reason,
        body: v.body,
        attempts: 0,
        dueAt: 0,
      })
      .where(and(eq(events.id, v.id), isWaiting)),
  )
  const finishEvent = statement('finish event', (q, v: Values<FinishedEvent>) =>
    q
      .update(events)
      .set({ state: v.state, reason: v.reason, contentHash: v.contentHash })
      .where(and(eq(events.id, v.id), eq(events.state, 'pending'))),
  )
  return {
    /** Demands that the event is new: decided again if another process was first. */
    add: (event: NewEvent): Bound<unknown> => demand(1, addEvent(rowOf(event))),
    /** The same for what may be there already, and then stays as it is. */
    addIfNew: (event: NewEvent): Bound<unknown> => addEvent(rowOf(event)),
    /** Gives what waits for a person another chance, as the event that it turned out to be. */
    reopen: (event: NewEvent): Bound<unknown> => demand(1, reopenEvent(event)),

    entryById: statement('event by id', (q, v: Values<{ id: string }>) =>
      q.select({ id: events.id, rootId: events.rootId, state: events.state }).from(events).where(eq(events.id, v.id)),
    ),
    /** Events to apply now, in their order, with their bytes (null once they were erased). */
    due: statement('due events of shard', (q, v: Values<{ shard: number; now: number; limit: number }>) =>
      q
        .select({
          seq: events.seq,
          id: events.id,
          shard: events.shard,
          businessId: events.businessId,
          rootId: events.rootId,
          customerId: events.customerId,
          name: events.name,
          origin: events.origin,
          occurredAt: events.occurredAt,
          receivedAt: events.receivedAt,
          hasWeakKey: events.hasWeakKey,
          body: events.body,
        })
        .from(events)
        .where(and(eq(events.state, sql`'pending'`), eq(events.shard, v.shard), lte(events.dueAt, v.now)))
        .orderBy(asc(events.dueAt), asc(events.seq))
        .limit(v.limit),
    ),
    hasDue: statement('shard has due events', (q, v: Values<{ shard: number; now: number }>) =>
      q
        .select({ seq: events.seq })
        .from(events)
        .where(and(eq(events.state, sql`'pending'`), eq(events.shard, v.shard), lte(events.dueAt, v.now)))
        .limit(1),
    ),
    /** The event as it stands now, locked until the decision about it is written. */
    locked: statement(
      'locked event',
      (q, v: Values<{ id: string }>) =>
        q.select({ state: events.state, attempts: events.attempts }).from(events).where(eq(events.id, v.id)),
      { mode: 'update' },
    ),
    /** Others that were applied and say the same. */
    twins: statement(
      'twins of event',
      (q, v: Values<{ id: string; customerId: string; occurredAt: number; contentHash: string }>) =>
        q
          .select({ id: events.id })
          .from(events)
          .where(
            and(
              eq(events.customerId, v.customerId),
              eq(events.occurredAt, v.occurredAt),
              eq(events.contentHash, v.contentHash),
              eq(events.state, 'applied'),
              // Beside every look at one customer's events, or their partial index is not used.
              sql`${events.state} <> 'pending'`,
              ne(events.id, v.id),
            ),
          )
          .limit(1),
    ),
    /** Ends a pending event. */
    finish: (end: FinishedEvent): Bound<unknown> => demand(1, finishEvent(end)),
    /** Puts a pending event off, or gives it up. */
    putOff: statement(
      'put event off',
      (q, v: Values<{ id: string; state: EventState; attempts: number; dueAt: number; reason: string }>) =>
        q
          .update(events)
          .set({ state: v.state, attempts: v.attempts, dueAt: v.dueAt, reason: v.reason })
          .where(and(eq(events.id, v.id), eq(events.state, 'pending'))),
    ),
    drop: statement('drop waiting event', (q, v: Values<{ id: string }>) =>
      q
        .update(events)
        .set({ state: 'ignored', reason: 'dropped' })
        .where(and(eq(events.id, v.id), isWaiting)),
    ),
    forgetBody: statement('forget event body', (q, v: Values<{ id: string }>) =>
      q.update(events).set({ body: null }).where(eq(events.id, v.id)),
    ),

    /** How many are not applied, by state. Each half is what one partial index holds, however long the journal is. */
    countUnapplied: statement('count unapplied events', (q) =>
      q
        .select({ state: sql<EventState>`'pending'`, count: sql<number>`count(*)`.mapWith(Number) })
        .from(events)
        .where(eq(events.state, sql`'pending'`))
        .unionAll(
          q
            .select({ state: sql<EventState>`${events.state}`, count: sql<number>`count(*)`.mapWith(Number) })
            .from(events)
            .where(isWaiting)
            .groupBy(events.state),
        ),
    ),
    /** What waits for a person, oldest first, from `afterSeq` on. */
    waiting: statement('waiting events', (q, v: Values<{ afterSeq: number; limit: number }>) =>
      q
        .select({
          seq: events.seq,
          id: events.id,
          businessId: events.businessId,
          name: events.name,
          state: events.state,
          receivedAt: events.receivedAt,
          attempts: events.attempts,
          reason: events.reason,
        })
        .from(events)
        .where(and(isWaiting, gt(events.seq, v.afterSeq)))
        .orderBy(asc(events.seq))
        .limit(v.limit),
    ),
    /** Those among them that are about somebody, with their bodies kept. */
    waitingAbout: statement('waiting events about customers', (q, v: Values<{ afterSeq: number; limit: number }>) =>
      q
        .select({ seq: events.seq, id: events.id, customerId: events.customerId })
        .from(events)
        .where(and(isWaiting, isNotNull(events.customerId), isNotNull(events.body), gt(events.seq, v.afterSeq)))
        .orderBy(asc(events.seq))
        .limit(v.limit),
    ),
    byId: statement('whole event by id', (q, v: Values<{ id: string }>) =>
      q.select().from(events).where(eq(events.id, v.id)),
    ),
  }
}
