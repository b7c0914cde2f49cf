import { and, asc, eq, isNotNull, or } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import type { Forgetter } from '../erasure/forgetter.js'
import { loyaltyTables } from './loyalty-tables.js'

/**
 * What the mirror forgets of an erased person's cards and vouchers: the numbers by which 7stamp knows them, and the texts.
 * The rows stay for the business's figures; they lead to a tombstone.
 */
export const createLoyaltyForgetters = (db: Database): readonly Forgetter[] => [forgetCards(db), forgetVouchers(db)]

const forgetCards = (db: Database): Forgetter<{ id: string }> => {
  const { cards } = db.tables(loyaltyTables)
  const traces = statement(
    'cards to forget',
    (q, v: Values<{ customerId: string; limit: number }>) =>
      q
        .select({ id: cards.id })
        .from(cards)
        .where(and(eq(cards.customerId, v.customerId), isNotNull(cards.externalId)))
        .orderBy(asc(cards.id))
        .limit(v.limit),
    { mode: 'update' },
  )
  const forget = statement('forget cards', (q, v: Values<{ ids: string }>) =>
    q.update(cards).set({ externalId: null }).where(db.kit.oneOf(cards.id, v.ids)),
  )
  return {
    name: 'cards',
    traces: ({ customerId }, limit) => traces({ customerId, limit }),
    forget: (rows) => (rows.length === 0 ? [] : [forget({ ids: JSON.stringify(rows.map(({ id }) => id)) })]),
  }
}

const forgetVouchers = (db: Database): Forgetter<{ id: string }> => {
  const { vouchers } = db.tables(loyaltyTables)
  const { externalId, title, description, redeemCode } = vouchers
  const traces = statement(
    'vouchers to forget',
    (q, v: Values<{ customerId: string; limit: number }>) =>
      q
        .select({ id: vouchers.id })
        .from(vouchers)
        .where(
          and(
            eq(vouchers.customerId, v.customerId),
            or(isNotNull(externalId), isNotNull(title), isNotNull(description), isNotNull(redeemCode)),
          ),
        )
        .orderBy(asc(vouchers.id))
        .limit(v.limit),
    { mode: 'update' },
  )
  const forget = statement('forget vouchers', (q, v: Values<{ ids: string }>) =>
    q
      .update(vouchers)
      .set({ externalId: null, title: null, description: null, redeemCode: null })
      .where(db.kit.oneOf(vouchers.id, v.ids)),
  )
  return {
    name: 'vouchers',
    traces: ({ customerId }, limit) => traces({ customerId, limit }),
    forget: (rows) => (rows.length === 0 ? [] : [forget({ ids: JSON.stringify(rows.map(({ id }) => id)) })]),
  }
}
