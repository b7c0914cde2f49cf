import type { Kit } from '../db/kit.js'
import type { ChatAlerts } from './alert-pacing.js'
import type { AlertEvent, AlertPace } from './alert-routes.js'

export const alertTables = (k: Kit) => {
  /** Which staff chat hears of what, and how often; an empty id is every location, or every staff chat. */
  const alertRoutes = k.table(
    'alert_routes',
    {
      businessId: k.text('business_id').notNull(),
      event: k.text('event').$type<AlertEvent>().notNull(),
      locationId: k.text('location_id').notNull(),
      chatId: k.text('chat_id').notNull(),
      pace: k.text('pace').$type<AlertPace>().notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.businessId, t.event, t.locationId, t.chatId] })],
  )
  /** What the staff chats of a business were alerted of lately, by chat. One row, so that it can be locked while it is decided on. */
  const recentAlerts = k.table('recent_alerts', {
    businessId: k.text('business_id').primaryKey(),
    chats: k.json('chats').$type<Readonly<Record<string, ChatAlerts>>>().notNull(),
  })
  return { alertRoutes, recentAlerts }
}
