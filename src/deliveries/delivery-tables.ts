import { sql } from 'drizzle-orm'
import type { Kit } from '../db/kit.js'
import type { Channel, ConsentClass } from '../notify/consent-tables.js'
import type { MessageContent } from '../notify/content.js'
import type { HeldNews } from '../notify/merge.js'
import type { DeliveryState, Purpose, RecipientKind } from './delivery.js'

export const deliveryTables = (k: Kit) => {
  /** The ledger: a row for everything that leaves, holding ids only. */
  const deliveries = k.table(
    'deliveries',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      purpose: k.text('purpose').$type<Purpose>().notNull(),
      source: k.text('source').notNull(),
      recipientKind: k.text('recipient_kind').$type<RecipientKind>().notNull(),
      recipientId: k.text('recipient_id').notNull(),
      channel: k.text('channel').$type<Channel>().notNull(),
      class: k.text('class').$type<ConsentClass>().notNull(),
      /** The lane and chat it is planned for; both are decided anew when it is claimed. */
      lane: k.text('lane').notNull(),
      chatId: k.text('chat_id').notNull(),
      priority: k.int('priority').notNull(),
      dueAt: k.int('due_at').notNull(),
      /** Order among one recipient's event messages. */
      position: k.int('position').notNull(),
      state: k.text('state').$type<DeliveryState>().notNull(),
      reason: k.text('reason'),
      attempts: k.int('attempts').notNull(),
      /** Of the lane's owner that is or was sending it. */
      fence: k.int('fence'),
      /** The delivery whose message this one edits in place. */
      editsId: k.text('edits_id'),
      /** Of a message that nobody knows to have arrived: the edit of it that became a new message in its place. */
      replacedBy: k.text('replaced_by'),
      /** The voucher it shows; a redeemed voucher's message is not sent any more. */
      voucherId: k.text('voucher_id'),
      /** The card it is about: what happens to one card at one visit is told in one message. */
      cardId: k.text('card_id'),
      /** Of one that was merged: the delivery that says it. */
      mergedInto: k.text('merged_into'),
      /** How many deliveries it says, itself included, if others were merged into it. Grows whenever what it says changes. */
      carries: k.int('carries'),
      /** The provider's id of the message. */
      messageId: k.text('message_id'),
      sendingAt: k.int('sending_at'),
      sentAt: k.int('sent_at'),
      createdAt: k.int('created_at').notNull(),
      updatedAt: k.int('updated_at').notNull(),
    },
    (t) => [
      k.index('deliveries_due').on(t.lane, t.priority, t.dueAt, t.position).where(sql`state = 'pending'`),
      k.index('deliveries_in_flight').on(t.lane).where(sql`state = 'sending'`),
      // For the order among one person's event messages. Broadcasts stay out: each of their rows would be rewritten at a
      // random place of the index with every change of state, which was more than half of what a delivery cost.
      k
        .index('deliveries_open_events')
        .on(t.recipientId, t.position)
        .where(sql`priority = 1 and state in ('pending', 'sending')`),
      k.index('deliveries_unknown').on(t.businessId, t.updatedAt).where(sql`state = 'unknown'`),
      k.index('deliveries_of_recipient').on(t.recipientId, t.createdAt),
      k.index('deliveries_of_voucher').on(t.voucherId).where(sql`voucher_id is not null`),
      k.index('deliveries_of_source').on(t.source),
      k.index('deliveries_by_message').on(t.lane, t.messageId).where(sql`message_id is not null`),
    ],
  )
  /** What a delivery says: the one place in the ledger with personal data, findable by customer. */
  const deliveryContents = k.table(
    'delivery_contents',
    {
      deliveryId: k.text('delivery_id').primaryKey(),
      /** Whom it is about: a customer, or the chat of a guest who wrote to the team. */
      customerId: k.text('customer_id'),
      content: k.json('content').$type<MessageContent>().notNull(),
      /** The news of a visit that it tells, each with the delivery it was planned as; null for what is never merged. */
      visit: k.json('visit').$type<readonly HeldNews[]>(),
    },
    (t) => [k.index('delivery_contents_of_customer').on(t.customerId)],
  )
  /** The tries that tell more than their delivery does: all but a first one that succeeded. */
  const attempts = k.table(
    'attempts',
    {
      deliveryId: k.text('delivery_id').notNull(),
      attempt: k.int('attempt').notNull(),
      fence: k.int('fence').notNull(),
      startedAt: k.int('started_at').notNull(),
      endedAt: k.int('ended_at').notNull(),
      outcome: k.text('outcome').notNull(),
      reason: k.text('reason'),
    },
    (t) => [k.primaryKey({ columns: [t.deliveryId, t.attempt] }), k.index('attempts_ended').on(t.endedAt)],
  )
  /** One sender identity each: a bot, a number. One process at a time owns it; each taking raises the fence. */
  const lanes = k.table('lanes', {
    id: k.text('id').primaryKey(),
    businessId: k.text('business_id').notNull(),
    messenger: k.text('messenger').notNull(),
    owner: k.text('owner'),
    leaseUntil: k.int('lease_until').notNull(),
    fence: k.int('fence').notNull(),
    pausedUntil: k.int('paused_until').notNull(),
    /** Why nothing goes through until somebody mends it: a revoked token. */
    downReason: k.text('down_reason'),
  })
  /** The purposes whose unknown messages a business wants sent again: they may arrive twice. */
  const resentPurposes = k.table(
    'resent_purposes',
    {
      businessId: k.text('business_id').notNull(),
      purpose: k.text('purpose').$type<Purpose>().notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.businessId, t.purpose] })],
  )
  /** Receipts that came before the result they belong to. */
  const parkedReceipts = k.table(
    'parked_receipts',
    {
      lane: k.text('lane').notNull(),
      messageId: k.text('message_id').notNull(),
      status: k.text('status').$type<'delivered' | 'read'>().notNull(),
      at: k.int('at').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.lane, t.messageId, t.status] })],
  )
  return { deliveries, deliveryContents, attempts, lanes, resentPurposes, parkedReceipts }
}
