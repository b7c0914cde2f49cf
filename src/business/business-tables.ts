import type { Kit } from '../db/kit.js'

/** The outside services that a business may be connected to. */
export type ConnectionKind = 'sevenstamp' | 'telegram' | 'web' | 'viber' | 'whatsapp' | 'sevenloc' | 'email' | 'push'

export const businessTables = (k: Kit) => {
  const businesses = k.table(
    'businesses',
    {
      id: k.text('id').primaryKey(),
      name: k.text('name').notNull(),
      /** BCP 47 */
      language: k.text('language').notNull(),
      /** IANA name */
      timeZone: k.text('time_zone').notNull(),
      /** ISO 4217 */
      currency: k.text('currency').notNull(),
      /** A data URL. */
      logo: k.text('logo'),
      /** `#rrggbb` */
      color: k.text('color').notNull(),
      contact: k.text('contact'),
      privacyUrl: k.text('privacy_url'),
      /** Where a customer gets a card, if 7stamp issues it. */
      cardLink: k.text('card_link'),
      /** 7stamp's `business_id`, known from the first webhook on. */
      externalId: k.text('external_id'),
      /** A sister business uses the connections, chats and webhook token of this one. */
      parentId: k.text('parent_id'),
      webhookTokenHash: k.text('webhook_token_hash'),
      /** A `whsec_…` secret, sealed; when set, Standard Webhooks headers are required. */
      webhookSecret: k.text('webhook_secret'),
      createdAt: k.int('created_at').notNull(),
    },
    (t) => [
      k.uniqueIndex('businesses_external_id').on(t.externalId),
      k.uniqueIndex('businesses_webhook_token').on(t.webhookTokenHash),
      k.index('businesses_sisters').on(t.parentId),
    ],
  )
  const locations = k.table(
    'locations',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      externalId: k.text('external_id').notNull(),
      /** Null until somebody names it; then it is left out of texts, never printed as an id. */
      name: k.text('name'),
      createdAt: k.int('created_at').notNull(),
    },
    (t) => [k.uniqueIndex('locations_external_id').on(t.businessId, t.externalId)],
  )
  const connections = k.table(
    'connections',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      kind: k.text('kind').$type<ConnectionKind>().notNull(),
      /** The connection's settings and secrets as JSON, sealed with the master key. */
      sealed: k.text('sealed').notNull(),
      createdAt: k.int('created_at').notNull(),
      updatedAt: k.int('updated_at').notNull(),
    },
    (t) => [k.uniqueIndex('connections_kind').on(t.businessId, t.kind)],
  )
  return { businesses, locations, connections }
}

export type BusinessRow = ReturnType<typeof businessTables>['businesses']['$inferSelect']
