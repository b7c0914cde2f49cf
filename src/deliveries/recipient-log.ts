import { and, asc, desc, eq, lt, or } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import type { DeliveryState } from './delivery.js'
import { deliveryTables } from './delivery-tables.js'

/** What became of everything that was sent to one recipient, for that recipient's own log. */
export type RecipientLog = ReturnType<typeof createRecipientLog>

/** A delivery as its recipient's log tells it. Times are Unix ms. */
export interface LoggedDelivery {
  readonly id: string
  readonly purpose: string
  readonly source: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly messageId: string | null
  readonly attempts: number
  readonly dueAt: number
  readonly sendingAt: number | null
  readonly sentAt: number | null
  readonly createdAt: number
}

export const createRecipientLog = (db: Database) => {
  const { deliveries, attempts } = db.tables(deliveryTables)
  return {
    /** The newest first, behind the one planned at `beforeAt` with `beforeId`. */
    page: statement(
      'page of deliveries to recipient',
      (q, v: Values<{ recipientId: string; beforeAt: number; beforeId: string; limit: number }>) =>
        q
          .select({
            id: deliveries.id,
            purpose: deliveries.purpose,
            source: deliveries.source,
            state: deliveries.state,
            reason: deliveries.reason,
            messageId: deliveries.messageId,
            attempts: deliveries.attempts,
            dueAt: deliveries.dueAt,
            sendingAt: deliveries.sendingAt,
            sentAt: deliveries.sentAt,
            createdAt: deliveries.createdAt,
          })
          .from(deliveries)
          .where(
            and(
              eq(deliveries.recipientId, v.recipientId),
              or(
                lt(deliveries.createdAt, v.beforeAt),
                and(eq(deliveries.createdAt, v.beforeAt), lt(deliveries.id, v.beforeId)),
              ),
            ),
          )
          .orderBy(desc(deliveries.createdAt), desc(deliveries.id))
          .limit(v.limit),
    ),
    /** The tries of these deliveries (a JSON array of ids) that tell more than the delivery does. */
    triesOf: statement('tries of deliveries', (q, v: Values<{ ids: string }>) =>
      q
        .select()
        .from(attempts)
        .where(db.kit.oneOf(attempts.deliveryId, v.ids))
        .orderBy(asc(attempts.deliveryId), asc(attempts.attempt)),
    ),
  }
}
