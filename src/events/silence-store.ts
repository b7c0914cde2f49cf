import { and, asc, desc, eq, gt, type SQL, sql } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import { eventTables } from './event-tables.js'

const MINUTE_MS = 60_000

/** Events that come by the clock, also in the middle of the night: they say nothing about when customers come. */
const BY_THE_CLOCK = sql.raw("('voucher_expired', 'birthday_reached', 'inactivity_trigger', 'campaign_sent')")

/** What the watch for silence reads of the journal, and which silences it has told. */
export const createSilenceStore = (db: Database) => {
  const { events, silences } = db.tables(eventTables)
  const isCausedByCustomer = (businessId: SQL<string>) =>
    and(eq(events.businessId, businessId), eq(events.origin, '7stamp'), sql`${events.name} not in ${BY_THE_CLOCK}`)
  return {
    /** When 7stamp last told what a customer did. */
    lastReceived: statement('last received event', (q, v: Values<{ businessId: string }>) =>
      q
        .select({ receivedAt: events.receivedAt })
        .from(events)
        .where(isCausedByCustomer(v.businessId))
        .orderBy(desc(events.receivedAt))
        .limit(1),
    ),
    /** The same for each minute that had such an event, ascending. */
    receivedMinutes: statement('received minutes', (q, v: Values<{ businessId: string; since: number }>) =>
      q
        .select({ receivedAt: sql<number>`max(${events.receivedAt})`.mapWith(Number) })
        .from(events)
        .where(and(isCausedByCustomer(v.businessId), gt(events.receivedAt, v.since)))
        .groupBy(sql`${events.receivedAt} / ${sql.raw(String(MINUTE_MS))}`)
        .orderBy(asc(sql`max(${events.receivedAt})`)),
    ),
    toldSilence: statement('told silence', (q, v: Values<{ businessId: string }>) =>
      q.select({ silentSince: silences.silentSince }).from(silences).where(eq(silences.businessId, v.businessId)),
    ),
    rememberSilence: statement('remember silence', (q, v: Values<{ businessId: string; silentSince: number }>) =>
      q
        .insert(silences)
        .values({ businessId: v.businessId, silentSince: v.silentSince })
        .onConflictDoUpdate({ target: silences.businessId, set: { silentSince: v.silentSince } }),
    ),
  }
}
