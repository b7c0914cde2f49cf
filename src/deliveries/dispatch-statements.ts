import { and, asc, type Column, eq, lte, ne, notExists, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { type Database, statement, type Values } from '../db/database.js'
import { type DeliveryState, PRIORITY } from './delivery.js'
import { deliveryTables } from './delivery-tables.js'

type Attempt = ReturnType<typeof deliveryTables>['attempts']['$inferSelect']

/** The column's value, but no less than `least`. */
export const atLeast = (column: Column, least: number) =>
  sql`case when ${column} < ${sql.raw(String(least))} then ${sql.raw(String(least))} else ${column} end`

/** The part of the ledger that a lane's owner writes: claims, the gate's verdicts, results, and what a dead owner left. */
export const createDispatchStatements = (db: Database) => {
  const { deliveries, deliveryContents, attempts } = db.tables(deliveryTables)
  const earlier = alias(deliveries, 'earlier')
  const edited = alias(deliveries, 'edited')

  const claimedColumns = {
    id: deliveries.id,
    businessId: deliveries.businessId,
    purpose: deliveries.purpose,
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
    content: deliveryContents.content,
  }
  const isClaimedBy = (v: Values<{ id: string; fence: number }>) =>
    and(eq(deliveries.id, v.id), eq(deliveries.state, sql`'claimed'`), eq(deliveries.fence, v.fence))
  const isDue = (v: Values<{ lane: string; now: number }>, priority: number) =>
    and(
      eq(deliveries.lane, v.lane),
      eq(deliveries.state, sql`'pending'`),
      eq(deliveries.priority, sql.raw(String(priority))),
      lte(deliveries.dueAt, v.now),
    )

  return {
    /**
     * Due event messages, oldest first; never one whose recipient has an earlier one open on this lane. What waits on another
     * messenger, which may be down for days, keeps nobody waiting here.
     */
    dueEvents: statement('due events', (q, v: Values<{ lane: string; now: number; limit: number }>) =>
      q
        .select(claimedColumns)
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
                    sql`${earlier.state} in ('pending', 'claimed', 'sending')`,
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
    dueBroadcasts: statement('due broadcasts', (q, v: Values<{ lane: string; now: number; limit: number }>) =>
      q
        .select(claimedColumns)
        .from(deliveries)
        .innerJoin(deliveryContents, eq(deliveryContents.deliveryId, deliveries.id))
        .where(isDue(v, PRIORITY.broadcast))
        .orderBy(asc(deliveries.dueAt), asc(deliveries.position))
        .limit(v.limit),
    ),
    markClaimed: statement('mark claimed', (q, v: Values<{ ids: string; fence: number; now: number }>) =>
      q
        .update(deliveries)
        .set({ state: 'claimed', fence: v.fence, updatedAt: v.now })
        .where(and(db.kit.oneOf(deliveries.id, v.ids), eq(deliveries.state, 'pending'))),
    ),
    /** Those of `ids` that this owner still holds: a redeemed voucher or a cancel may have taken some away. */
    stillClaimed: statement(
      'still claimed',
      (q, v: Values<{ ids: string; fence: number }>) =>
        q
          .select({ id: deliveries.id })
          .from(deliveries)
          .where(
            and(db.kit.oneOf(deliveries.id, v.ids), eq(deliveries.state, 'claimed'), eq(deliveries.fence, v.fence)),
          )
          .orderBy(asc(deliveries.id)),
      { mode: 'update' },
    ),
    markSending: statement('mark sending', (q, v: Values<{ ids: string; now: number }>) =>
      q
        .update(deliveries)
        .set({ state: 'sending', sendingAt: v.now, updatedAt: v.now, attempts: sql`${deliveries.attempts} + 1` })
        .where(db.kit.oneOf(deliveries.id, v.ids)),
    ),
    /** Ends or puts back one delivery that this owner has claimed. */
    settleClaimed: statement(
      'settle claimed',
      (
        q,
        v: Values<{
          id: string
          fence: number
          state: DeliveryState
          reason: string | null
          dueAt: number
          now: number
        }>,
      ) =>
        q
          .update(deliveries)
          .set({ state: v.state, reason: v.reason, dueAt: v.dueAt, updatedAt: v.now })
          .where(isClaimedBy(v)),
    ),
    moveClaimed: statement(
      'move claimed',
      (q, v: Values<{ id: string; fence: number; lane: string; chatId: string; now: number }>) =>
        q
          .update(deliveries)
          .set({ state: 'pending', lane: v.lane, chatId: v.chatId, updatedAt: v.now })
          .where(isClaimedBy(v)),
    ),
    /**
     * Writes down what became of a try. A late result of an owner that has lost its lane still moves `unknown` on; it does
     * not touch what the new owner is sending.
     */
    recordResult: statement(
      'record result',
      (
        q,
        v: Values<{
          id: string
          fence: number
          state: DeliveryState
          reason: string | null
          messageId: string | null
          dueAt: number | null
          sentAt: number | null
          /** 1 for a try that does not count. */
          uncounted: number
          now: number
        }>,
      ) =>
        q
          .update(deliveries)
          .set({
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
          .where(
            and(
              eq(deliveries.id, v.id),
              or(
                and(eq(deliveries.state, sql`'sending'`), eq(deliveries.fence, v.fence)),
                eq(deliveries.state, sql`'unknown'`),
              ),
            ),
          ),
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

    inHand: statement(
      'in hand of lane',
      (q, v: Values<{ lane: string }>) =>
        q
          .select({
            id: deliveries.id,
            state: deliveries.state,
            attempts: deliveries.attempts,
            fence: deliveries.fence,
            /** Of the message that it edits, where that is known. */
            editedMessageId: edited.messageId,
            sendingAt: deliveries.sendingAt,
          })
          .from(deliveries)
          .leftJoin(edited, eq(edited.id, deliveries.editsId))
          .where(and(eq(deliveries.lane, v.lane), sql`${deliveries.state} in ('claimed', 'sending')`))
          .orderBy(asc(deliveries.id)),
      { mode: 'update', of: deliveries },
    ),
    /** Puts back what this owner, or one before it, has claimed and not begun. */
    releaseClaims: statement('release claims', (q, v: Values<{ lane: string; fence: number; now: number }>) =>
      q
        .update(deliveries)
        .set({ state: 'pending', updatedAt: v.now })
        .where(and(eq(deliveries.lane, v.lane), eq(deliveries.state, sql`'claimed'`), lte(deliveries.fence, v.fence))),
    ),
    /** Puts back what this owner holds in the ledger and not in hand: nothing of it has left. */
    returnStrays: statement('return strays', (q, v: Values<{ ids: string; fence: number; now: number }>) =>
      q
        .update(deliveries)
        .set({
          state: 'pending',
          attempts: sql`case when ${deliveries.state} = 'sending' then ${deliveries.attempts} - 1 else ${deliveries.attempts} end`,
          priority: atLeast(deliveries.priority, PRIORITY.event),
          updatedAt: v.now,
        })
        .where(
          and(
            db.kit.oneOf(deliveries.id, v.ids),
            eq(deliveries.fence, v.fence),
            sql`${deliveries.state} in ('claimed', 'sending')`,
          ),
        ),
    ),
  }
}
