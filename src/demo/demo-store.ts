import { and, eq, sql } from 'drizzle-orm'
import { chatTables } from '../../bots/chats/chat-tables.js'
import { type Database, statement, type Values } from '../db/database.js'
import { deliveryTables } from '../deliveries/delivery-tables.js'
import { eventTables } from '../events/event-tables.js'
import { loyaltyTables } from '../loyalty/loyalty-tables.js'
import { consentTables } from '../notify/consent-tables.js'

/** SQL over what the demo leaves in everybody's tables: made only for demo people, and removed as a whole. */
export const createDemoStore = (db: Database) => {
  const { customers, cards, vouchers } = db.tables(loyaltyTables)
  const { chats, links } = db.tables(chatTables)
  const { consents, consentLog } = db.tables(consentTables)
  const { deliveryContents, deliveries } = db.tables(deliveryTables)
  const { events } = db.tables(eventTables)
  type Of = Values<{ businessId: string }>
  const isDemoPerson = (v: Of) => and(eq(customers.businessId, v.businessId), eq(customers.isDemo, true))
  const people = (v: Of) => sql`(select ${customers.id} from ${customers} where ${isDemoPerson(v)})`

  const removals = [
    statement('remove demo contents', (q, v: Of) =>
      q.delete(deliveryContents).where(sql`${deliveryContents.customerId} in ${people(v)}`),
    ),
    statement('remove demo deliveries', (q, v: Of) =>
      q.delete(deliveries).where(sql`${deliveries.recipientId} in ${people(v)}`),
    ),
    statement('remove demo consents', (q, v: Of) =>
      q.delete(consents).where(sql`${consents.customerId} in ${people(v)}`),
    ),
    statement('remove demo consent log', (q, v: Of) =>
      q.delete(consentLog).where(sql`${consentLog.customerId} in ${people(v)}`),
    ),
    statement('remove demo links', (q, v: Of) => q.delete(links).where(sql`${links.customerId} in ${people(v)}`)),
    statement('unlink demo chats', (q, v: Of) =>
      q
        .update(chats)
        .set({ customerId: null, linkedAt: null, role: 'guest' })
        .where(sql`${chats.customerId} in ${people(v)}`),
    ),
    statement('forget demo bodies', (q, v: Of) =>
      q
        .update(events)
        .set({ body: null })
        .where(sql`${events.customerId} in ${people(v)}`),
    ),
    statement('remove demo vouchers', (q, v: Of) =>
      q.delete(vouchers).where(sql`${vouchers.customerId} in ${people(v)}`),
    ),
    statement('remove demo cards', (q, v: Of) => q.delete(cards).where(sql`${cards.customerId} in ${people(v)}`)),
    statement('remove demo customers', (q, v: Of) => q.delete(customers).where(isDemoPerson(v))),
  ]
  /** The journal's rows stay: they hold ids only, and keep the demo from coming back with the next start. */
  return { remove: (businessId: string) => removals.map((removal) => removal({ businessId })) }
}
