import type { Kit } from '../db/kit.js'
import type { MessageEvent, MessageLevel } from './message-settings.js'

export const messageSettingsTables = (k: Kit) => {
  /** What a business has decided about the messages of an event; no row: what is the default. */
  const messageSettings = k.table(
    'message_settings',
    {
      businessId: k.text('business_id').notNull(),
      event: k.text('event').$type<MessageEvent>().notNull(),
      level: k.text('level').$type<MessageLevel>().notNull(),
      /** The event's first line by language. */
      texts: k.json('texts').$type<Readonly<Record<string, string>>>().notNull(),
      changedAt: k.int('changed_at').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.businessId, t.event] })],
  )
  return { messageSettings }
}
