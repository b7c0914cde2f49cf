import { and, asc, desc, eq, lt, or } from 'drizzle-orm'
import { type Database, statement, type Values } from '../../db/database.js'
import { loyaltyTables } from '../loyalty-tables.js'
import { ownTables } from './own-tables.js'

/** SQL that pages through what happened to cards and vouchers. */
export type HistoryStore = ReturnType<typeof createHistoryStore>

export const createHistoryStore = (db: Database) => {
  const { stamps, rewards } = db.tables(ownTables)
  const { vouchers } = db.tables(loyaltyTables)
  const { oneOf } = db.kit
  return {
    /** The stamps of a card of our own, undone ones too, the newest first, behind the one at `beforeAt` with `beforeId`. */
    stampsOfCard: statement(
      'page of stamps',
      (q, v: Values<{ cardId: string; beforeAt: number; beforeId: string; limit: number }>) =>
        q
          .select()
          .from(stamps)
          .where(
            and(
              eq(stamps.cardId, v.cardId),
              or(lt(stamps.at, v.beforeAt), and(eq(stamps.at, v.beforeAt), lt(stamps.id, v.beforeId))),
            ),
          )
          .orderBy(desc(stamps.at), desc(stamps.id))
          .limit(v.limit),
    ),
    /** What these stamps (a JSON array of ids) of a card have earned. */
    rewardsOfStamps: statement('rewards of stamps', (q, v: Values<{ cardId: string; stampIds: string }>) =>
      q
        .select()
        .from(rewards)
        .where(and(eq(rewards.cardId, v.cardId), oneOf(rewards.stampId, v.stampIds)))
        .orderBy(asc(rewards.stampsTotal), asc(rewards.id)),
    ),
    /** A customer's vouchers in these states (a JSON array), the newest first. */
    vouchersOfCustomer: statement(
      'page of vouchers',
      (q, v: Values<{ customerId: string; states: string; beforeAt: number; beforeId: string; limit: number }>) =>
        q
          .select()
          .from(vouchers)
          .where(
            and(
              eq(vouchers.customerId, v.customerId),
              oneOf(vouchers.state, v.states),
              or(
                lt(vouchers.createdAt, v.beforeAt),
                and(eq(vouchers.createdAt, v.beforeAt), lt(vouchers.id, v.beforeId)),
              ),
            ),
          )
          .orderBy(desc(vouchers.createdAt), desc(vouchers.id))
          .limit(v.limit),
    ),
  }
}
