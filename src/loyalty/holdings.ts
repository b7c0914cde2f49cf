import { asc, eq } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import type { Holding } from '../erasure/holding.js'
import { loyaltyTables } from './loyalty-tables.js'
import { ownTables } from './own/own-tables.js'

/** The person, and all that they ever had of cards and vouchers. */
export const createLoyaltyHoldings = (db: Database): readonly Holding[] => {
  const { customers, cards, vouchers } = db.tables(loyaltyTables)
  const { stamps, rewards, draws, redemptions } = db.tables(ownTables)
  type Whose = Values<{ customerId: string }>
  return [
    {
      name: 'profile',
      rowsOf: statement('profile held', (q, v: Whose) =>
        q.select().from(customers).where(eq(customers.id, v.customerId)),
      ),
    },
    {
      name: 'cards',
      rowsOf: statement('cards held', (q, v: Whose) =>
        q.select().from(cards).where(eq(cards.customerId, v.customerId)).orderBy(asc(cards.createdAt), asc(cards.id)),
      ),
    },
    {
      name: 'vouchers',
      rowsOf: statement('vouchers held', (q, v: Whose) =>
        q
          .select()
          .from(vouchers)
          .where(eq(vouchers.customerId, v.customerId))
          .orderBy(asc(vouchers.createdAt), asc(vouchers.id)),
      ),
    },
    ...(
      [
        ['stamps', stamps],
        ['rewards', rewards],
        ['lotteries', draws],
        ['redemptions', redemptions],
      ] as const
    ).map(([name, table]) => ({
      name,
      rowsOf: statement(`${name} held`, (q, v: Whose) =>
        q.select().from(table).where(eq(table.customerId, v.customerId)).orderBy(asc(table.at), asc(table.id)),
      ),
    })),
  ]
}
