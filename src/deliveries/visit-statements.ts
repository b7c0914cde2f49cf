import { and, asc, eq, gte, or, sql } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import { PRIORITY } from './delivery.js'
import { deliveryTables } from './delivery-tables.js'

/** The part of the ledger that makes one message of one visit. */
export const createVisitStatements = (db: Database) => {
  const { deliveries, deliveryContents } = db.tables(deliveryTables)
  return {
    /**
     * What waits to tell a customer of a card, planned at `since` or later. One that was tried stays as it is: an idempotent
     * messenger would take what was added to it for the message it knows.
     */
    openVisit: statement(
      'open visit',
      (q, v: Values<{ customerId: string; cardId: string; since: number }>) =>
        q
          .select({
            id: deliveries.id,
            lane: deliveries.lane,
            chatId: deliveries.chatId,
            dueAt: deliveries.dueAt,
            position: deliveries.position,
            visit: deliveryContents.visit,
          })
          .from(deliveries)
          .innerJoin(deliveryContents, eq(deliveryContents.deliveryId, deliveries.id))
          .where(
            and(
              eq(deliveries.recipientId, v.customerId),
              // Literals, so that the partial index of open event messages is used.
              sql`${deliveries.priority} = ${sql.raw(String(PRIORITY.event))}`,
              sql`${deliveries.state} in ('pending', 'sending')`,
              eq(deliveries.state, sql`'pending'`),
              eq(deliveries.cardId, v.cardId),
              eq(deliveries.attempts, sql`0`),
              gte(deliveries.createdAt, v.since),
            ),
          )
          .orderBy(asc(deliveries.id)),
      { mode: 'update', of: deliveries },
    ),
    /** Ends deliveries (a JSON array of ids) that another says from now on; those it took over with them follow. */
    mergeAway: statement('merge away', (q, v: Values<{ ids: string; into: string; now: number }>) =>
      q
        .update(deliveries)
        .set({ state: 'skipped', reason: 'merged', mergedInto: v.into, updatedAt: v.now })
        .where(
          and(
            db.kit.oneOf(deliveries.id, v.ids),
            or(eq(deliveries.state, 'pending'), and(eq(deliveries.state, 'skipped'), eq(deliveries.reason, 'merged'))),
          ),
        ),
    ),
    /** A pending delivery says more than before. */
    carry: statement('carry merged', (q, v: Values<{ id: string; carries: number; now: number }>) =>
      q
        .update(deliveries)
        .set({ carries: v.carries, updatedAt: v.now })
        .where(and(eq(deliveries.id, v.id), eq(deliveries.state, 'pending'))),
    ),
    /** One that was merged is sent after all, when and where in the row the one that said it would have been. */
    revive: statement(
      'revive merged',
      (q, v: Values<{ id: string; carries: number | null; dueAt: number; position: number; now: number }>) =>
        q
          .update(deliveries)
          .set({
            state: 'pending',
            reason: null,
            mergedInto: null,
            carries: v.carries,
            dueAt: v.dueAt,
            position: v.position,
            updatedAt: v.now,
          })
          .where(and(eq(deliveries.id, v.id), eq(deliveries.state, 'skipped'), eq(deliveries.reason, 'merged'))),
    ),
    /** What a delivery says from now on. */
    putContent: statement('put content', (q, v: Values<typeof deliveryContents.$inferInsert>) =>
      q
        .insert(deliveryContents)
        .values({ deliveryId: v.deliveryId, customerId: v.customerId, content: v.content, visit: v.visit })
        .onConflictDoUpdate({
          target: deliveryContents.deliveryId,
          set: {
            customerId: sql`excluded.customer_id`,
            content: sql`excluded.content`,
            visit: sql`excluded.visit`,
          },
        }),
    ),
  }
}
