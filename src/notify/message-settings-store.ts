import { asc, eq, sql } from 'drizzle-orm'
import { type Bound, type Database, statement, type Values } from '../db/database.js'
import type { MessageSetting } from './message-settings.js'
import { messageSettingsTables } from './message-settings-tables.js'

export type MessageSettingsStore = ReturnType<typeof createMessageSettingsStore>

/** SQL over what businesses decided about messages. */
export const createMessageSettingsStore = (db: Database) => {
  const { messageSettings } = db.tables(messageSettingsTables)
  const put = statement('put message setting', (q, v: Values<typeof messageSettings.$inferInsert>) =>
    q
      .insert(messageSettings)
      .values({ businessId: v.businessId, event: v.event, level: v.level, texts: v.texts, changedAt: v.changedAt })
      .onConflictDoUpdate({
        target: [messageSettings.businessId, messageSettings.event],
        set: { level: sql`excluded.level`, texts: sql`excluded.texts`, changedAt: sql`excluded.changed_at` },
      }),
  )
  return {
    /** All that a business has decided; what it has not is left to the defaults. */
    settingsOf: statement('message settings of business', (q, v: Values<{ businessId: string }>) =>
      q
        .select({ event: messageSettings.event, level: messageSettings.level, texts: messageSettings.texts })
        .from(messageSettings)
        .where(eq(messageSettings.businessId, v.businessId))
        .orderBy(asc(messageSettings.event)),
    ),
    setMessage: (businessId: string, setting: MessageSetting, now: number): Bound<unknown> =>
      put({ ...setting, businessId, changedAt: now }),
  }
}
