import { and, asc, eq, isNull, or, sql } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../db/database.js'
import { type DisabledReason, FAILING_MS } from './subscription.js'
import { subscriptionTables } from './subscription-tables.js'

/** The statements of subscriptions: the one file with SQL over them. */
export type SubscriptionStore = ReturnType<typeof createSubscriptionStore>

export const createSubscriptionStore = (db: Database) => {
  const { subscriptions } = db.tables(subscriptionTables)
  const isEnabled = isNull(subscriptions.disabledReason)
  return {
    add: insertion('add subscription', subscriptions),
    ofBusiness: statement('subscriptions of business', (q, v: Values<{ businessId: string }>) =>
      q
        .select()
        .from(subscriptions)
        .where(eq(subscriptions.businessId, v.businessId))
        .orderBy(asc(subscriptions.createdAt), asc(subscriptions.id)),
    ),
    byId: statement('subscription by id', (q, v: Values<{ businessId: string; id: string }>) =>
      q
        .select()
        .from(subscriptions)
        .where(and(eq(subscriptions.businessId, v.businessId), eq(subscriptions.id, v.id))),
    ),
    locked: statement(
      'locked subscription',
      (q, v: Values<{ id: string }>) => q.select().from(subscriptions).where(eq(subscriptions.id, v.id)),
      { mode: 'update' },
    ),
    /** Those of `ids` (a JSON array) that are still there. */
    byIds: statement('subscriptions by ids', (q, v: Values<{ ids: string }>) =>
      q.select().from(subscriptions).where(db.kit.oneOf(subscriptions.id, v.ids)),
    ),
    /** Whom events of a business are sent to now. */
    listening: statement('listening subscriptions', (q, v: Values<{ businessId: string }>) =>
      q
        .select({ id: subscriptions.id, lane: subscriptions.lane, events: subscriptions.events })
        .from(subscriptions)
        .where(and(eq(subscriptions.businessId, v.businessId), isEnabled))
        .orderBy(asc(subscriptions.createdAt), asc(subscriptions.id)),
    ),
    forGate: statement(
      'subscriptions for gate',
      (q, v: Values<{ ids: string }>) =>
        q
          .select({ id: subscriptions.id, disabledReason: subscriptions.disabledReason })
          .from(subscriptions)
          .where(db.kit.oneOf(subscriptions.id, v.ids))
          .orderBy(asc(subscriptions.id)),
      { mode: 'share' },
    ),
    remove: statement('remove subscription', (q, v: Values<{ id: string }>) =>
      q.delete(subscriptions).where(eq(subscriptions.id, v.id)),
    ),
    saveSecrets: statement(
      'save subscription secrets',
      (q, v: Values<{ id: string; secret: string; formerSecret: string | null; formerUntil: number | null }>) =>
        q
          .update(subscriptions)
          .set({ secret: v.secret, formerSecret: v.formerSecret, formerUntil: v.formerUntil })
          .where(eq(subscriptions.id, v.id)),
    ),
    enable: statement('enable subscription', (q, v: Values<{ id: string }>) =>
      q
        .update(subscriptions)
        .set({ disabledReason: null, disabledAt: null, failingSince: null, lastFailedAt: null })
        .where(eq(subscriptions.id, v.id)),
    ),
    /** Once: why it was disabled first is what counts. */
    disable: statement(
      'disable subscription',
      (q, v: Values<{ id: string; reason: DisabledReason; now: number; isAlerted: boolean }>) =>
        q
          .update(subscriptions)
          .set({ disabledReason: v.reason, disabledAt: v.now, isAlerted: v.isAlerted })
          .where(and(eq(subscriptions.id, v.id), isEnabled)),
    ),
    noteAlerted: statement('note subscription alert', (q, v: Values<{ id: string }>) =>
      q.update(subscriptions).set({ isAlerted: sql`true` }).where(eq(subscriptions.id, v.id)),
    ),
    noteFailure: statement('note subscription failure', (q, v: Values<{ id: string; now: number }>) =>
      q
        .update(subscriptions)
        .set({ failingSince: sql`coalesce(${subscriptions.failingSince}, ${v.now})`, lastFailedAt: v.now })
        .where(eq(subscriptions.id, v.id)),
    ),
    noteSuccess: statement('note subscription success', (q, v: Values<{ id: string }>) =>
      q.update(subscriptions).set({ failingSince: null, lastFailedAt: null }).where(eq(subscriptions.id, v.id)),
    ),
    /** Those that were disabled without anybody being told, or ought to be disabled. */
    toTell: statement('subscriptions to tell of', (q) =>
      q
        .select({ id: subscriptions.id, businessId: subscriptions.businessId })
        .from(subscriptions)
        .where(
          or(
            and(eq(subscriptions.disabledReason, sql`'gone'`), sql`not ${subscriptions.isAlerted}`),
            and(
              isEnabled,
              sql`${subscriptions.lastFailedAt} - ${subscriptions.failingSince} >= ${sql.raw(String(FAILING_MS))}`,
            ),
          ),
        )
        .orderBy(asc(subscriptions.id)),
    ),
    onLane: statement('subscription on lane', (q, v: Values<{ lane: string }>) =>
      q.select({ id: subscriptions.id }).from(subscriptions).where(eq(subscriptions.lane, v.lane)).limit(1),
    ),
    sealed: statement(
      'sealed subscription secrets',
      (q) => q.select().from(subscriptions).orderBy(asc(subscriptions.id)),
      { mode: 'update' },
    ),
  }
}
