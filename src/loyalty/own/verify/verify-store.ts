import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import { type Database, type QueryBuilder, statement, type Values } from '../../../db/database.js'
import { loyaltyTables } from '../../loyalty-tables.js'
import { ownTables } from '../own-tables.js'

type Whose = Values<{ customerId: string }>

/** The statements by which one customer's rows of our own are compared with the journal. */
export const createVerifyStore = (db: Database) => {
  const { customers, cards, vouchers } = db.tables(loyaltyTables)
  const { stamps, rewards, draws, redemptions } = db.tables(ownTables)
  const cardsOf = (q: QueryBuilder, v: Whose) =>
    q.select({ id: cards.id }).from(cards).where(eq(cards.customerId, v.customerId))
  return {
    /** Who was not erased, in the order of ids. */
    customers: statement(
      'customers to verify',
      (q, v: Values<{ businessId: string; afterId: string; limit: number }>) =>
        q
          .select({ id: customers.id })
          .from(customers)
          .where(and(eq(customers.businessId, v.businessId), gt(customers.id, v.afterId), isNull(customers.erasedAt)))
          .orderBy(asc(customers.id))
          .limit(v.limit),
    ),
    cards: statement('own cards to verify', (q, v: Whose) =>
      q
        .select()
        .from(cards)
        .where(and(eq(cards.customerId, v.customerId), eq(cards.master, sql`'own'`))),
    ),
    vouchers: statement('own vouchers to verify', (q, v: Whose) =>
      q
        .select()
        .from(vouchers)
        .where(and(eq(vouchers.customerId, v.customerId), eq(vouchers.master, sql`'own'`))),
    ),
    stamps: statement('stamps to verify', (q, v: Whose) =>
      q
        .select()
        .from(stamps)
        .where(inArray(stamps.cardId, cardsOf(q, v))),
    ),
    rewards: statement('rewards to verify', (q, v: Whose) =>
      q
        .select()
        .from(rewards)
        .where(inArray(rewards.cardId, cardsOf(q, v))),
    ),
    draws: statement('draws to verify', (q, v: Whose) =>
      q
        .select({ draw: draws })
        .from(draws)
        .innerJoin(rewards, eq(rewards.id, draws.rewardId))
        .where(inArray(rewards.cardId, cardsOf(q, v))),
    ),
    redemptions: statement('redemptions to verify', (q, v: Whose) =>
      q.select().from(redemptions).where(eq(redemptions.customerId, v.customerId)),
    ),
  }
}
