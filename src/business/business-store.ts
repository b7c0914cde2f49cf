import { and, asc, eq, isNotNull, isNull, or } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../db/database.js'
import { type BusinessRow, businessTables, type ConnectionKind } from './business-tables.js'

/** The statements of businesses, their locations and connections: the one file with SQL over them. */
export type BusinessStore = ReturnType<typeof createBusinessStore>

export const createBusinessStore = (db: Database) => {
  const { businesses, locations, connections } = db.tables(businessTables)
  return {
    byId: statement('business by id', (q, v: Values<{ id: string }>) =>
      q.select().from(businesses).where(eq(businesses.id, v.id)),
    ),
    locked: statement(
      'locked business',
      (q, v: Values<{ id: string }>) => q.select().from(businesses).where(eq(businesses.id, v.id)),
      { mode: 'update' },
    ),
    byExternalId: statement('business by external id', (q, v: Values<{ externalId: string }>) =>
      q.select().from(businesses).where(eq(businesses.externalId, v.externalId)),
    ),
    byWebhookToken: statement('business by webhook token', (q, v: Values<{ tokenHash: string }>) =>
      q.select().from(businesses).where(eq(businesses.webhookTokenHash, v.tokenHash)),
    ),
    /** A business and its sisters. */
    family: statement('business family', (q, v: Values<{ rootId: string }>) =>
      q
        .select({ id: businesses.id, externalId: businesses.externalId })
        .from(businesses)
        .where(or(eq(businesses.id, v.rootId), eq(businesses.parentId, v.rootId)))
        .orderBy(asc(businesses.createdAt), asc(businesses.id)),
    ),
    all: statement('all businesses', (q) =>
      q.select().from(businesses).orderBy(asc(businesses.createdAt), asc(businesses.id)),
    ),
    /** An existing id changes nothing. */
    add: insertion('add business', businesses, { ignoreExisting: true }),
    bindExternalId: statement('bind external id', (q, v: Values<{ id: string; externalId: string }>) =>
      q
        .update(businesses)
        .set({ externalId: v.externalId })
        .where(and(eq(businesses.id, v.id), isNull(businesses.externalId))),
    ),
    save: statement('save business', (q, v: Values<BusinessRow>) =>
      q
        .update(businesses)
        .set({
          name: v.name,
          language: v.language,
          timeZone: v.timeZone,
          currency: v.currency,
          logo: v.logo,
          color: v.color,
          contact: v.contact,
          privacyUrl: v.privacyUrl,
          cardLink: v.cardLink,
          webhookTokenHash: v.webhookTokenHash,
          webhookSecret: v.webhookSecret,
        })
        .where(eq(businesses.id, v.id)),
    ),

    locationById: statement('location by id', (q, v: Values<{ id: string }>) =>
      q.select({ id: locations.id, name: locations.name }).from(locations).where(eq(locations.id, v.id)),
    ),
    /** An existing location keeps its name. */
    addLocation: insertion('add location', locations, { ignoreExisting: true }),
    nameLocation: statement('name location', (q, v: Values<{ id: string; name: string | null }>) =>
      q.update(locations).set({ name: v.name }).where(eq(locations.id, v.id)),
    ),
    locationsOf: statement('locations of business', (q, v: Values<{ businessId: string }>) =>
      q.select().from(locations).where(eq(locations.businessId, v.businessId)).orderBy(asc(locations.id)),
    ),

    connectionsOf: statement('connections of business', (q, v: Values<{ businessId: string }>) =>
      q
        .select({ id: connections.id, kind: connections.kind, sealed: connections.sealed })
        .from(connections)
        .where(eq(connections.businessId, v.businessId))
        .orderBy(asc(connections.kind)),
    ),
    saveConnection: statement(
      'save connection',
      (q, v: Values<{ id: string; businessId: string; kind: ConnectionKind; sealed: string; now: number }>) =>
        q
          .insert(connections)
          .values({
            id: v.id,
            businessId: v.businessId,
            kind: v.kind,
            sealed: v.sealed,
            createdAt: v.now,
            updatedAt: v.now,
          })
          .onConflictDoUpdate({ target: connections.id, set: { sealed: v.sealed, updatedAt: v.now } }),
    ),
    /** Everything of businesses that is sealed, locked while it is sealed anew. */
    sealedConnections: statement(
      'sealed connections',
      (q) =>
        q.select({ id: connections.id, sealed: connections.sealed }).from(connections).orderBy(asc(connections.id)),
      { mode: 'update' },
    ),
    sealedSecrets: statement(
      'sealed webhook secrets',
      (q) =>
        q
          .select({ id: businesses.id, sealed: businesses.webhookSecret })
          .from(businesses)
          .where(isNotNull(businesses.webhookSecret))
          .orderBy(asc(businesses.id)),
      { mode: 'update' },
    ),
    resealConnection: statement('reseal connection', (q, v: Values<{ id: string; sealed: string }>) =>
      q.update(connections).set({ sealed: v.sealed }).where(eq(connections.id, v.id)),
    ),
    resealSecret: statement('reseal webhook secret', (q, v: Values<{ id: string; sealed: string }>) =>
      q.update(businesses).set({ webhookSecret: v.sealed }).where(eq(businesses.id, v.id)),
    ),
    removeConnection: statement('remove connection', (q, v: Values<{ id: string }>) =>
      q.delete(connections).where(eq(connections.id, v.id)),
    ),
  }
}
