import { and, asc, eq, exists, inArray, ne, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { type Bound, type Database, insertion, statement, type Values } from '../db/database.js'
import type { Channel } from '../notify/consent-tables.js'
import type { MessageContent } from '../notify/content.js'
import type { HeldNews } from '../notify/merge.js'
import { type DeliveryState, PRIORITY } from './delivery.js'
import { deliveryTables } from './delivery-tables.js'
import { atLeast, createDispatchStatements } from './dispatch-statements.js'
import { createVisitStatements } from './visit-statements.js'

/** The ledger's statements; those that only a lane's owner needs are in `dispatch-statements.ts`. */
export type Ledger = ReturnType<typeof createLedger>

type Tables = ReturnType<typeof deliveryTables>
type NewDelivery = Tables['deliveries']['$inferInsert']

/** A delivery as somebody plans it; the ledger fills in the rest. */
export type PlannedDelivery = Pick<
  NewDelivery,
  | 'id'
  | 'businessId'
  | 'purpose'
  | 'source'
  | 'recipientKind'
  | 'recipientId'
  | 'class'
  | 'lane'
  | 'chatId'
  | 'priority'
  | 'position'
> & {
  readonly dueAt: number
  /** The messengers unless it says otherwise. */
  readonly channel?: Channel
  readonly editsId?: string | null
  readonly voucherId?: string | null
  readonly cardId?: string | null
  readonly mergedInto?: string | null
  readonly carries?: number | null
  /** Whose personal data the content holds. */
  readonly customerId: string | null
  readonly content: MessageContent
  /** What it tells of a visit, if it may be merged with other news of it. */
  readonly visit?: readonly HeldNews[] | null
}

export const createLedger = (db: Database) => {
  const tables = db.tables(deliveryTables)
  const { deliveries, deliveryContents } = tables
  const replacement = alias(deliveries, 'replacement')

  const insertDelivery = insertion('plan delivery', deliveries, { ignoreExisting: true })
  const insertContent = insertion('plan content', deliveryContents, { ignoreExisting: true })

  const newRow = (delivery: PlannedDelivery, state: DeliveryState, now: number): NewDelivery => {
    const { content: _content, customerId: _customerId, visit: _visit, ...row } = delivery
    return { ...row, channel: row.channel ?? 'messengers', state, attempts: 0, createdAt: now, updatedAt: now }
  }
  const contentOf = ({ id, customerId, content, visit }: PlannedDelivery) =>
    insertContent({ deliveryId: id, customerId, content, visit: visit ?? null })

  /** The rows of a planned delivery; an existing id is left as it is. */
  const plan = (delivery: PlannedDelivery, now: number): Bound<unknown>[] => [
    insertDelivery(newRow(delivery, 'pending', now)),
    contentOf(delivery),
  ]

  /** A delivery that ends before it begins, so that the ledger can say why nobody heard of it. */
  const planSkipped = (delivery: PlannedDelivery, reason: string, now: number): Bound<unknown> =>
    insertDelivery({ ...newRow(delivery, 'skipped', now), reason })

  /** An answer is inserted straight into `sending`, in the batch that answers the update. */
  const planAnswer = (answer: PlannedDelivery, fence: number, now: number): Bound<unknown>[] => [
    insertDelivery({ ...newRow(answer, 'sending', now), fence, attempts: 1, sendingAt: now }),
    contentOf(answer),
  ]

  return {
    tables,
    plan,
    planSkipped,
    planAnswer,

    ...createDispatchStatements(db),
    ...createVisitStatements(db),

    /** What became of the messages that edits are about, and of those in their place. */
    messagesByIds: statement('messages by ids', (q, v: Values<{ ids: string }>) =>
      q
        .select({
          id: deliveries.id,
          state: deliveries.state,
          messageId: deliveries.messageId,
          dueAt: deliveries.dueAt,
          replacedBy: replacement.id,
          replacementState: replacement.state,
          replacementMessageId: replacement.messageId,
          replacementDueAt: replacement.dueAt,
        })
        .from(deliveries)
        .leftJoin(replacement, eq(replacement.id, deliveries.replacedBy))
        .where(db.kit.oneOf(deliveries.id, v.ids)),
    ),
    replace: statement('replace message', (q, v: Values<{ id: string; by: string }>) =>
      q.update(deliveries).set({ replacedBy: v.by }).where(eq(deliveries.id, v.id)),
    ),
    /** Messages that show a voucher, for whoever must edit them. */
    messagesOfVoucher: statement('messages of voucher', (q, v: Values<{ voucherId: string }>) =>
      q
        .select({
          id: deliveries.id,
          purpose: deliveries.purpose,
          state: deliveries.state,
          recipientKind: deliveries.recipientKind,
          recipientId: deliveries.recipientId,
          lane: deliveries.lane,
          chatId: deliveries.chatId,
          createdAt: deliveries.createdAt,
          dueAt: deliveries.dueAt,
          position: deliveries.position,
          visit: deliveryContents.visit,
        })
        .from(deliveries)
        .leftJoin(deliveryContents, eq(deliveryContents.deliveryId, deliveries.id))
        .where(and(eq(deliveries.voucherId, v.voucherId), ne(deliveries.purpose, 'edit')))
        .orderBy(asc(deliveries.createdAt), asc(deliveries.id)),
    ),
    /** Takes back what has not begun: its voucher was redeemed first, its chat was unlinked. */
    cancel: statement('cancel delivery', (q, v: Values<{ id: string; reason: string; now: number }>) =>
      q
        .update(deliveries)
        .set({ state: 'cancelled', reason: v.reason, updatedAt: v.now })
        .where(and(eq(deliveries.id, v.id), eq(deliveries.state, 'pending'))),
    ),

    /** The same for all that waits for one recipient. */
    cancelAllTo: statement(
      'cancel deliveries to recipient',
      (q, v: Values<{ recipientId: string; reason: string; now: number }>) =>
        q
          .update(deliveries)
          .set({ state: 'cancelled', reason: v.reason, updatedAt: v.now })
          .where(and(eq(deliveries.recipientId, v.recipientId), eq(deliveries.state, 'pending'))),
    ),

    byMessage: statement(
      'delivery by message',
      (q, v: Values<{ lane: string; messageId: string }>) =>
        q
          .select({ id: deliveries.id, state: deliveries.state })
          .from(deliveries)
          .where(and(eq(deliveries.lane, v.lane), eq(deliveries.messageId, v.messageId))),
      { mode: 'update' },
    ),
    raise: statement('raise delivery', (q, v: Values<{ id: string; state: DeliveryState; now: number }>) =>
      q.update(deliveries).set({ state: v.state, updatedAt: v.now }).where(eq(deliveries.id, v.id)),
    ),
    byId: statement('delivery by id', (q, v: Values<{ id: string }>) =>
      q.select().from(deliveries).where(eq(deliveries.id, v.id)),
    ),
    /** What waits and what is on its way, for whoever watches; served by partial indexes, however long the ledger is. */
    countPending: statement('count pending deliveries', (q) =>
      q
        .select({ count: sql<number>`count(*)`.mapWith(Number) })
        .from(deliveries)
        .where(eq(deliveries.state, sql`'pending'`)),
    ),
    countSending: statement('count deliveries in flight', (q) =>
      q
        .select({ count: sql<number>`count(*)`.mapWith(Number) })
        .from(deliveries)
        .where(eq(deliveries.state, sql`'sending'`)),
    ),
    /** Deliveries of which nobody knows whether they arrived, the newest first. */
    listUnknown: statement('list unknown deliveries', (q, v: Values<{ limit: number }>) =>
      q
        .select({
          id: deliveries.id,
          lane: deliveries.lane,
          purpose: deliveries.purpose,
          reason: deliveries.reason,
          since: deliveries.updatedAt,
        })
        .from(deliveries)
        .where(eq(deliveries.state, sql`'unknown'`))
        .orderBy(sql`${deliveries.updatedAt} desc`)
        .limit(v.limit),
    ),
    /** Sends one again that is unknown or failed, because somebody decided so: it may arrive twice. */
    reopen: statement('reopen delivery', (q, v: Values<{ id: string; now: number }>) =>
      q
        .update(deliveries)
        .set({
          state: 'pending',
          reason: null,
          dueAt: v.now,
          priority: atLeast(deliveries.priority, PRIORITY.event),
          updatedAt: v.now,
        })
        .where(
          and(
            eq(deliveries.id, v.id),
            inArray(deliveries.state, ['unknown', 'failed']),
            // What it said may have been erased with a person.
            exists(
              q.select({ one: sql`1` }).from(deliveryContents).where(eq(deliveryContents.deliveryId, deliveries.id)),
            ),
          ),
        ),
    ),
    /** Without tests, which are sent to see whether they arrive. */
    countByState: statement('count deliveries', (q) =>
      q
        .select({ state: deliveries.state, count: sql<number>`count(*)`.mapWith(Number) })
        .from(deliveries)
        .where(ne(deliveries.purpose, sql`'test'`))
        .groupBy(deliveries.state),
    ),
  }
}
