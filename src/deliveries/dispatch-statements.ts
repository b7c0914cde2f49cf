import { and, asc, type Column, eq, lte, ne, not, notExists, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { type Database, statement, type Values } from '../db/database.js'
import { type DeliveryState, PRIORITY } from './delivery.js'
import { deliveryTables } from './delivery-tables.js'

type Attempt = ReturnType<typeof deliveryTables>['attempts']['$inferSelect']

/** What a try changes in its delivery. */
export interface ResultRow {
  readonly id: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly messageId: string | null
  readonly dueAt: number | null
  readonly sentAt: number | null
  /** 1 for a try that does not count. */
  readonly uncounted: number
  readonly now: number
}

/** One that has left, as `recordSent` takes it: id, the provider's id of the message, when (Unix ms). */
export type SentRow = readonly [id: string, messageId: string | null, endedAt: number]

/** The column's value, but no less than `least`. */
export const atLeast = (column: Column, least: number) =>
  sql`case when ${column} < ${sql.raw(String(least))} then ${sql.raw(String(least))} else ${column} end`

/** The part of the ledger that a lane's owner writes: the gate's verdicts, results, and what a dead owner left. */
export const createDispatchStatements = (db: Database) => {
  const { deliveries, deliveryContents, attempts } = db.tables(deliveryTables)
  const earlier = alias(deliveries, 'earlier')
  const edited = alias(deliveries, 'edited')
  const replacement = alias(deliveries, 'replacement')

  const dueColumns = {
    id: deliveries.id,
    businessId: deliveries.businessId,
    purpose: deliveries.purpose,
    source: deliveries.source,
    recipientKind: deliveries.recipientKind,
    recipientId: deliveries.recipientId,
    channel: deliveries.channel,
    class: deliveries.class,
    lane: deliveries.lane,
    chatId: deliveries.chatId,
    priority: deliveries.priority,
    attempts: deliveries.attempts,
    editsId: deliveries.editsId,
    voucherId: deliveries.voucherId,
    carries: deliveries.carries,
    content: deliveryContents.content,
  }
  /** A literal, so that the partial indexes of what is pending and what is in flight are used. */
  const isIn = (state: 'pending' | 'sending') => eq(deliveries.state, sql.raw(`'${state}'`))
  const isDue = (v: Values<{ lane: string; now: number; held: string }>, priority: number) =>
    and(
      eq(deliveries.lane, v.lane),
      isIn('pending'),
      eq(deliveries.priority, sql.raw(String(priority))),
      lte(deliveries.dueAt, v.now),
      not(db.kit.oneOf(deliveries.id, v.held)),
    )

  const resultOf = (v: Values<ResultRow>) => ({
    state: v.state,
    reason: v.reason,
    attempts: sql`${deliveries.attempts} - ${v.uncounted}`,
    messageId: sql`coalesce(${v.messageId}, ${deliveries.messageId})`,
    dueAt: sql`coalesce(${v.dueAt}, ${deliveries.dueAt})`,
    sentAt: v.sentAt,
    // An answer that could not leave at once waits its turn like everything else.
    priority: sql`case when ${v.state} = 'pending' then ${atLeast(deliveries.priority, PRIORITY.event)} else ${deliveries.priority} end`,
    updatedAt: v.now,
  })

  return {
    /**
     * Due event messages that are not `held` in hand already, oldest first; never one whose recipient has an earlier one open on this lane. What waits on another
     * messenger, which may be down for days, keeps nobody waiting here.
     */
    dueEvents: statement('due events', (q, v: Values<{ lane: string; now: number; held: string; limit: number }>) =>
      q
        .select(dueColumns)
        .from(deliveries)
        .innerJoin(deliveryContents, eq(deliveryContents.deliveryId, deliveries.id))
        .where(
          and(
            isDue(v, PRIORITY.event),
            notExists(
              q
                .select({ one: sql`1` })
                .from(earlier)
                .where(
                  and(
                    eq(earlier.recipientId, deliveries.recipientId),
                    eq(earlier.lane, deliveries.lane),
                    // Literals, so that the partial index of open event messages is used.
                    sql`${earlier.priority} = ${sql.raw(String(PRIORITY.event))}`,
                    sql`${earlier.state} in ('pending', 'sending')`,
                    sql`${earlier.position} < ${deliveries.position}`,
                    ne(earlier.id, deliveries.id),
                  ),
                ),
            ),
          ),
        )
        .orderBy(asc(deliveries.dueAt), asc(deliveries.position))
        .limit(v.limit),
    ),
    dueBroadcasts: statement(
      'due broadcasts',
      (q, v: Values<{ lane: string; now: number; held: string; limit: number }>) =>
        q
          .select(dueColumns)
          .from(deliveries)
          .innerJoin(deliveryContents, eq(deliveryContents.deliveryId, deliveries.id))
          .where(isDue(v, PRIORITY.broadcast))
          .orderBy(asc(deliveries.dueAt), asc(deliveries.position))
          .limit(v.limit),
    ),
    /** Those of `ids` that have not begun: a redeemed voucher or a cancel may have taken some away. */
    stillPending: statement(
      'still pending',
      (q, v: Values<{ ids: string }>) =>
        q
          .select({ id: deliveries.id, lane: deliveries.lane, dueAt: deliveries.dueAt, carries: deliveries.carries })
          .from(deliveries)
          .where(and(db.kit.oneOf(deliveries.id, v.ids), eq(deliveries.state, 'pending')))
          .orderBy(asc(deliveries.id)),
      { mode: 'update' },
    ),
    markSending: statement('mark sending', (q, v: Values<{ ids: string; fence: number; now: number }>) =>
      q
        .update(deliveries)
        .set({
          state: 'sending',
          fence: v.fence,
          sendingAt: v.now,
          updatedAt: v.now,
          attempts: sql`${deliveries.attempts} + 1`,
        })
        .where(db.kit.oneOf(deliveries.id, v.ids)),
    ),
    /** Ends or puts off one delivery that has not begun. */
    settlePending: statement(
      'settle pending',
      (q, v: Values<{ id: string; state: DeliveryState; reason: string | null; dueAt: number; now: number }>) =>
        q
          .update(deliveries)
          .set({ state: v.state, reason: v.reason, dueAt: v.dueAt, updatedAt: v.now })
          .where(and(eq(deliveries.id, v.id), eq(deliveries.state, 'pending'))),
    ),
    movePending: statement('move pending', (q, v: Values<{ id: string; lane: string; chatId: string; now: number }>) =>
      q
        .update(deliveries)
        .set({ lane: v.lane, chatId: v.chatId, updatedAt: v.now })
        .where(and(eq(deliveries.id, v.id), eq(deliveries.state, 'pending'))),
    ),
    /** Writes down that tries which this owner has begun have succeeded; `rows` is a JSON array of `SentRow`. */
    recordSent: statement('record sent', (q, v: Values<{ rows: string; fence: number }>) => {
      const { table, columns } = db.kit.listed(v.rows, { id: 'text', messageId: 'text', endedAt: 'int' })
      return q
        .update(deliveries)
        .set({
          state: 'sent',
          reason: null,
          messageId: sql`coalesce(${columns.messageId}, ${deliveries.messageId})`,
          sentAt: columns.endedAt,
          updatedAt: columns.endedAt,
        })
        .from(table)
        .where(and(eq(deliveries.id, columns.id), isIn('sending'), eq(deliveries.fence, v.fence)))
    }),
    /** Writes down what became of a try that this owner has begun. */
    recordResult: statement('record result', (q, v: Values<ResultRow & { fence: number }>) =>
      q
        .update(deliveries)
        .set(resultOf(v))
        .where(and(eq(deliveries.id, v.id), isIn('sending'), eq(deliveries.fence, v.fence))),
    ),
    /**
     * The same for an owner that has lost its lane meanwhile: what became `unknown` moves on, and what the new owner is
     * sending stays as it is.
     */
    recordLateResult: statement('record late result', (q, v: Values<ResultRow>) =>
      q
        .update(deliveries)
        .set(resultOf(v))
        .where(and(eq(deliveries.id, v.id), eq(deliveries.state, sql`'unknown'`))),
    ),
    /** One that ended as unknown is told in full when its result comes late. */
    recordAttempt: statement('record attempt', (q, v: Values<Attempt>) =>
      q
        .insert(attempts)
        .values({
          deliveryId: v.deliveryId,
          attempt: v.attempt,
          fence: v.fence,
          startedAt: v.startedAt,
          endedAt: v.endedAt,
          outcome: v.outcome,
          reason: v.reason,
        })
        .onConflictDoUpdate({
          target: [attempts.deliveryId, attempts.attempt],
          set: { endedAt: v.endedAt, outcome: v.outcome, reason: v.reason },
          setWhere: sql`${attempts.outcome} = 'unknown'`,
        }),
    ),

    /** What an owner of the lane, this one or one before it, has begun and not ended. */
    inFlight: statement(
      'in flight on lane',
      (q, v: Values<{ lane: string }>) =>
        q
          .select({
            id: deliveries.id,
            purpose: deliveries.purpose,
            attempts: deliveries.attempts,
            fence: deliveries.fence,
            /** Of the message that it edits, where that is known. */
            editedMessageId: sql<string | null>`coalesce(${edited.messageId}, ${replacement.messageId})`,
            sendingAt: deliveries.sendingAt,
          })
          .from(deliveries)
          .leftJoin(edited, eq(edited.id, deliveries.editsId))
          .leftJoin(replacement, and(eq(replacement.id, edited.replacedBy), ne(replacement.id, deliveries.id)))
          .where(and(eq(deliveries.lane, v.lane), isIn('sending')))
          .orderBy(asc(deliveries.id)),
      { mode: 'update', of: deliveries },
    ),
    /** Puts back what is `sending` in this owner's name and not in its hand: nothing of it has left. */
    returnStrays: statement('return strays', (q, v: Values<{ ids: string; fence: number; now: number }>) =>
      q
        .update(deliveries)
        .set({
          state: 'pending',
          attempts: sql`${deliveries.attempts} - 1`,
          priority: atLeast(deliveries.priority, PRIORITY.event),
          updatedAt: v.now,
        })
        .where(and(db.kit.oneOf(deliveries.id, v.ids), eq(deliveries.fence, v.fence), isIn('sending'))),
    ),
  }
}
