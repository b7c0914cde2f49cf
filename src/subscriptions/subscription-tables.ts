import type { Kit } from '../db/kit.js'
import type { EventName } from '../events/glossary.js'
import type { DisabledReason } from './subscription.js'

export const subscriptionTables = (k: Kit) => {
  /** Who outside is sent events: one address each, with its own secrets. */
  const subscriptions = k.table(
    'subscriptions',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      url: k.text('url').notNull(),
      /** Of the address's host: whoever is slow there keeps nobody else waiting. */
      lane: k.text('lane').notNull(),
      /** Null for all. */
      events: k.json('events').$type<readonly EventName[] | null>(),
      includeContact: k.bool('include_contact').notNull(),
      secret: k.text('secret').notNull(),
      /** The secret before the last rotation; it signs as well until `formerUntil`. */
      formerSecret: k.text('former_secret'),
      formerUntil: k.int('former_until'),
      /** Null while it is enabled. */
      disabledReason: k.text('disabled_reason').$type<DisabledReason>(),
      disabledAt: k.int('disabled_at'),
      /** Whether the staff was told that it was disabled. */
      isAlerted: k.bool('is_alerted').notNull(),
      /** The first of the failures since something was last taken. */
      failingSince: k.int('failing_since'),
      lastFailedAt: k.int('last_failed_at'),
      createdAt: k.int('created_at').notNull(),
    },
    (t) => [k.index('subscriptions_of_business').on(t.businessId, t.createdAt)],
  )
  return { subscriptions }
}

export type SubscriptionRow = ReturnType<typeof subscriptionTables>['subscriptions']['$inferSelect']
