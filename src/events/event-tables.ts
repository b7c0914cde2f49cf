import { sql } from 'drizzle-orm'
import type { Kit } from '../db/kit.js'
import type { EventOrigin } from './journaled-event.js'

/**
 * `pending → applied | ignored | dead`. `ignored` changed nothing on purpose; `dead` failed five times. What could not become
 * an event is kept as `invalid` (wrong fields) or `unrecognised` (a name that is not in the glossary). The last three wait for
 * a person, and go back to `pending` when they are replayed.
 */
export type EventState = 'pending' | 'applied' | 'ignored' | 'dead' | 'invalid' | 'unrecognised'

export const eventTables = (k: Kit) => {
  /** The journal: ids and states, and the body, which is the one place in it with personal data. */
  const events = k.table(
    'events',
    {
      seq: k.serial('seq'),
      /** Follows from the duplicate key, so that the same event twice is one row. */
      id: k.text('id').notNull(),
      businessId: k.text('business_id').notNull(),
      /** The business whose address it came through, with its chats and staff: another one only for a sister business. */
      rootId: k.text('root_id').notNull(),
      customerId: k.text('customer_id'),
      name: k.text('name').notNull(),
      origin: k.text('origin').$type<EventOrigin>().notNull(),
      /** Unix ms: when it happened, by its sender's clock. */
      occurredAt: k.int('occurred_at').notNull(),
      receivedAt: k.int('received_at').notNull(),
      state: k.text('state').$type<EventState>().notNull(),
      /** Customers are spread over a few shards; each is worked by one process at a time. */
      shard: k.int('shard').notNull(),
      attempts: k.int('attempts').notNull(),
      dueAt: k.int('due_at').notNull(),
      /** Recognised by its bytes only, since its sender gave no id: a translated twin of it has another key. */
      hasWeakKey: k.bool('has_weak_key').notNull(),
      /** Of an applied event with a weak key: what it says, by which a twin is known. */
      contentHash: k.text('content_hash'),
      /** Why it is dead, invalid or ignored; names fields, never repeats values. */
      reason: k.text('reason'),
      /** The bytes as they came, never re-serialised; null once they were erased. */
      body: k.bytes('body'),
    },
    (t) => [
      k.uniqueIndex('events_id').on(t.id),
      k.index('events_pending').on(t.shard, t.dueAt, t.seq).where(sql`state = 'pending'`),
      k.index('events_waiting').on(t.seq).where(sql`state in ('dead', 'invalid', 'unrecognised')`),
      k.index('events_of_business').on(t.businessId, t.receivedAt, t.seq),
      // An index in the order of random ids is the dearest part of an insert; a webhook's answer does not wait for this one.
      k.index('events_of_customer').on(t.customerId, t.occurredAt).where(sql`state <> 'pending'`),
    ],
  )
  /** The silence of each business that was told last, so that one silence is told once. */
  const silences = k.table('silences', {
    businessId: k.text('business_id').primaryKey(),
    silentSince: k.int('silent_since').notNull(),
  })
  return { events, silences }
}

export type EventRow = ReturnType<typeof eventTables>['events']['$inferSelect']
