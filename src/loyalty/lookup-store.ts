import { and, asc, desc, eq, gte, isNotNull, isNull, or, type SQLWrapper, sql } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import { loyaltyTables } from './loyalty-tables.js'

/** SQL that finds people, cards and vouchers by what somebody types, shows or shares: a phone, a number, a code. */
export type LookupStore = ReturnType<typeof createLookupStore>

/** More than this nobody scrolls through in a chat. */
const MOST_CARDS = 50
const MOST_CUSTOMERS_OF_A_PHONE = 5

export const createLookupStore = (db: Database) => {
  const { customers, cards, vouchers } = db.tables(loyaltyTables)
  const { oneOf } = db.kit
  /**
   * People know a card by 7stamp's id or by our number, which is `typed` in our own way. The businesses are named with each:
   * said once for both, SQLite would go through all cards of a business.
   */
  const isNumbered = (businessIds: SQLWrapper, number: SQLWrapper, typed: SQLWrapper) =>
    or(
      and(oneOf(cards.businessId, businessIds), eq(cards.externalId, number)),
      and(oneOf(cards.businessId, businessIds), isNotNull(cards.number), eq(cards.number, typed)),
    )
  /** An erased person's card or voucher is nobody's any more: looking for it is looking for one that does not exist. */
  const isSomebodys = (customerId: SQLWrapper) =>
    sql`exists (select 1 from ${customers} where ${customers.id} = ${customerId} and ${customers.erasedAt} is null)`
  return {
    /**
     * `phone` is E.164 and must have been verified by the messenger; `businessIds` is a JSON array of the business and its
     * sisters. Several people may share a phone; the newest first.
     */
    customersByPhone: statement('customers by phone', (q, v: Values<{ businessIds: string; phone: string }>) =>
      q
        .select()
        .from(customers)
        .where(
          and(oneOf(customers.businessId, v.businessIds), eq(customers.phone, v.phone), isNull(customers.erasedAt)),
        )
        .orderBy(desc(customers.createdAt), asc(customers.id))
        .limit(MOST_CUSTOMERS_OF_A_PHONE),
    ),
    /** Cards of these customers (a JSON array) that were used since, the latest first. */
    cardsUsedSince: statement(
      'cards used since',
      (q, v: Values<{ customerIds: string; since: number; limit: number }>) =>
        q
          .select({ card: cards, customerName: customers.name })
          .from(cards)
          .innerJoin(customers, eq(customers.id, cards.customerId))
          .where(and(oneOf(cards.customerId, v.customerIds), isNull(customers.erasedAt), gte(cards.touchedAt, v.since)))
          .orderBy(desc(cards.touchedAt), asc(cards.id))
          .limit(v.limit),
    ),
    /** Of the business and its sisters (a JSON array): the card with this id, or those that people know by this number. */
    cardOwner: statement('owner of card', (q, v: Values<{ businessIds: string; id: string }>) =>
      q
        .select({ customerId: cards.customerId })
        .from(cards)
        .where(and(eq(cards.id, v.id), oneOf(cards.businessId, v.businessIds))),
    ),
    ownersOfNumber: statement('owners of card number', (q, v: Values<{ businessIds: string; number: string }>) =>
      q
        .select({ customerId: cards.customerId })
        .from(cards)
        .where(isNumbered(v.businessIds, v.number, v.number))
        .limit(2),
    ),
    /** The same cards, whole; `typed` is our own way to write what was typed. */
    cardsNumbered: statement(
      'cards with number',
      (q, v: Values<{ businessIds: string; number: string; typed: string }>) =>
        q
          .select()
          .from(cards)
          .where(and(isNumbered(v.businessIds, v.number, v.typed), isSomebodys(cards.customerId)))
          .orderBy(desc(cards.touchedAt), asc(cards.id))
          .limit(MOST_CARDS),
    ),
    /** Their ids, two at most: enough to know that they are many. */
    cardIdsNumbered: statement(
      'card ids with number',
      (q, v: Values<{ businessIds: string; number: string; typed: string }>) =>
        q
          .select({ id: cards.id })
          .from(cards)
          .where(and(isNumbered(v.businessIds, v.number, v.typed), isSomebodys(cards.customerId)))
          .orderBy(asc(cards.id))
          .limit(2),
    ),
    cardById: statement('card of somebody', (q, v: Values<{ id: string }>) =>
      q
        .select()
        .from(cards)
        .where(and(eq(cards.id, v.id), isSomebodys(cards.customerId))),
    ),
    voucherById: statement('voucher of somebody', (q, v: Values<{ id: string }>) =>
      q
        .select()
        .from(vouchers)
        .where(and(eq(vouchers.id, v.id), isSomebodys(vouchers.customerId))),
    ),
    /** Vouchers of the businesses (a JSON array) with this number. */
    vouchersNumbered: statement('vouchers with number', (q, v: Values<{ businessIds: string; number: string }>) =>
      q
        .select()
        .from(vouchers)
        .where(
          and(
            oneOf(vouchers.businessId, v.businessIds),
            eq(vouchers.number, v.number),
            isSomebodys(vouchers.customerId),
          ),
        )
        .orderBy(asc(vouchers.id)),
    ),
    /** The same with one of these redeem codes (another), any two at most: in order, all that share a code would be read. */
    vouchersWithCode: statement('vouchers with redeem code', (q, v: Values<{ businessIds: string; codes: string }>) =>
      q
        .select()
        .from(vouchers)
        .where(
          and(
            oneOf(vouchers.businessId, v.businessIds),
            oneOf(vouchers.redeemCode, v.codes),
            isSomebodys(vouchers.customerId),
          ),
        )
        .limit(2),
    ),
    /** All of one customer. */
    vouchersOfCustomerWithCode: statement(
      'vouchers of customer with redeem code',
      (q, v: Values<{ customerId: string; codes: string }>) =>
        q
          .select()
          .from(vouchers)
          .where(and(eq(vouchers.customerId, v.customerId), oneOf(vouchers.redeemCode, v.codes)))
          .orderBy(asc(vouchers.createdAt), asc(vouchers.id)),
    ),
  }
}
