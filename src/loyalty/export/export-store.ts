import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm'
import { type Database, statement, type Values } from '../../db/database.js'
import { loyaltyTables } from '../loyalty-tables.js'

/** The statements of exports: pages in the order of ids, of people who were not erased and are not the demo's. */
export type ExportStore = ReturnType<typeof createExportStore>

export const createExportStore = (db: Database) => {
  const { customers, cards, vouchers } = db.tables(loyaltyTables)
  const count = sql<number>`count(*)`.mapWith(Number)
  const isSomebody = and(isNull(customers.erasedAt), eq(customers.isDemo, false))
  type Of = Values<{ businessId: string }>
  type Page = Values<{ businessId: string; afterId: string; limit: number }>
  return {
    customers: statement('customers to export', (q, v: Page) =>
      q
        .select()
        .from(customers)
        .where(and(eq(customers.businessId, v.businessId), gt(customers.id, v.afterId), isSomebody))
        .orderBy(asc(customers.id))
        .limit(v.limit),
    ),
    countCustomers: statement('count customers to export', (q, v: Of) =>
      q
        .select({ count })
        .from(customers)
        .where(and(eq(customers.businessId, v.businessId), isSomebody)),
    ),
    cards: statement('cards to export', (q, v: Page) =>
      q
        .select({ card: cards, customer: customers })
        .from(cards)
        .innerJoin(customers, eq(customers.id, cards.customerId))
        .where(and(eq(cards.businessId, v.businessId), gt(cards.id, v.afterId), isSomebody))
        .orderBy(asc(cards.id))
        .limit(v.limit),
    ),
    countCards: statement('count cards to export', (q, v: Of) =>
      q.select({ count }).from(cards).where(eq(cards.businessId, v.businessId)),
    ),
    vouchers: statement('vouchers to export', (q, v: Page) =>
      q
        .select({ voucher: vouchers, customer: customers })
        .from(vouchers)
        .innerJoin(customers, eq(customers.id, vouchers.customerId))
        .where(and(eq(vouchers.businessId, v.businessId), gt(vouchers.id, v.afterId), isSomebody))
        .orderBy(asc(vouchers.id))
        .limit(v.limit),
    ),
    countVouchers: statement('count vouchers to export', (q, v: Of) =>
      q.select({ count }).from(vouchers).where(eq(vouchers.businessId, v.businessId)),
    ),
  }
}
