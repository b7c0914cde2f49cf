import { asc, eq } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import type { Holding } from '../erasure/holding.js'
import { deliveryTables } from './delivery-tables.js'

/** What was said to the person or about them, and what became of it. */
export const createDeliveryHolding = (db: Database): Holding => {
  const { deliveries, deliveryContents } = db.tables(deliveryTables)
  const held = statement('deliveries held', (q, v: Values<{ whose: string }>) =>
    q
      .select({
        id: deliveries.id,
        purpose: deliveries.purpose,
        class: deliveries.class,
        channel: deliveries.channel,
        state: deliveries.state,
        reason: deliveries.reason,
        createdAt: deliveries.createdAt,
        sentAt: deliveries.sentAt,
        content: deliveryContents.content,
        visit: deliveryContents.visit,
      })
      .from(deliveryContents)
      .innerJoin(deliveries, eq(deliveries.id, deliveryContents.deliveryId))
      .where(db.kit.oneOf(deliveryContents.customerId, v.whose))
      .orderBy(asc(deliveries.createdAt), asc(deliveries.id)),
  )
  return {
    name: 'messages',
    rowsOf: ({ customerId, chats }) => held({ whose: JSON.stringify([customerId, ...chats.map(({ id }) => id)]) }),
  }
}
