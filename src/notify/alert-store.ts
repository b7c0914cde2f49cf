import { and, asc, eq, sql } from 'drizzle-orm'
import { type Bound, type Database, insertion, statement, type Values } from '../db/database.js'
import type { AlertRoute } from './alert-routes.js'
import { alertTables } from './alert-tables.js'

export type AlertStore = ReturnType<typeof createAlertStore>

const EVERY = ''

/** SQL over the routes of alerts, and over what was alerted of lately. */
export const createAlertStore = (db: Database) => {
  const { alertRoutes, recentAlerts } = db.tables(alertTables)
  const put = statement('put alert route', (q, v: Values<typeof alertRoutes.$inferInsert>) =>
    q
      .insert(alertRoutes)
      .values({
        businessId: v.businessId,
        event: v.event,
        locationId: v.locationId,
        chatId: v.chatId,
        pace: v.pace,
      })
      .onConflictDoUpdate({
        target: [alertRoutes.businessId, alertRoutes.event, alertRoutes.locationId, alertRoutes.chatId],
        set: { pace: sql`excluded.pace` },
      }),
  )
  const remove = statement(
    'remove alert route',
    (q, v: Values<{ businessId: string; event: string; locationId: string; chatId: string }>) =>
      q
        .delete(alertRoutes)
        .where(
          and(
            eq(alertRoutes.businessId, v.businessId),
            eq(alertRoutes.event, v.event),
            eq(alertRoutes.locationId, v.locationId),
            eq(alertRoutes.chatId, v.chatId),
          ),
        ),
  )
  return {
    routesOf: statement('alert routes of business', (q, v: Values<{ businessId: string }>) =>
      q
        .select({
          event: alertRoutes.event,
          locationId: sql<string | null>`nullif(${alertRoutes.locationId}, '')`,
          chatId: sql<string | null>`nullif(${alertRoutes.chatId}, '')`,
          pace: alertRoutes.pace,
        })
        .from(alertRoutes)
        .where(eq(alertRoutes.businessId, v.businessId))
        .orderBy(asc(alertRoutes.locationId), asc(alertRoutes.chatId)),
    ),
    setRoute: (businessId: string, { event, locationId, chatId, pace }: AlertRoute): Bound<unknown> =>
      put({ businessId, event, locationId: locationId ?? EVERY, chatId: chatId ?? EVERY, pace }),
    removeRoute: (businessId: string, { event, locationId, chatId }: Omit<AlertRoute, 'pace'>): Bound<unknown> =>
      remove({ businessId, event, locationId: locationId ?? EVERY, chatId: chatId ?? EVERY }),

    recent: statement(
      'recent alerts',
      (q, v: Values<{ businessId: string }>) =>
        q.select({ chats: recentAlerts.chats }).from(recentAlerts).where(eq(recentAlerts.businessId, v.businessId)),
      { mode: 'update' },
    ),
    /** An existing row changes nothing: whoever demands one row learns that somebody else was first. */
    addRecent: insertion('add recent alerts', recentAlerts, { ignoreExisting: true }),
    saveRecent: statement('save recent alerts', (q, v: Values<typeof recentAlerts.$inferInsert>) =>
      q.update(recentAlerts).set({ chats: v.chats }).where(eq(recentAlerts.businessId, v.businessId)),
    ),
  }
}
