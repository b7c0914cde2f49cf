import { and, asc, desc, eq, gte, isNotNull, isNull, or, type SQLWrapper, sql } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../db/database.js'
import { searchTextOf } from './customer-search.js'
import { type CardRow, type CustomerRow, loyaltyTables, type VoucherRow } from './loyalty-tables.js'

/** The mirror's statements: the one file with SQL over customers, cards and vouchers. */
export type LoyaltyStore = ReturnType<typeof createLoyaltyStore>

/** More than this nobody scrolls through in a chat. */
const MOST_CARDS = 50
const MOST_VOUCHERS = 100
const MOST_CUSTOMERS_OF_A_PHONE = 5

export const createLoyaltyStore = (db: Database) => {
  const { customers, cards, vouchers, tombstones } = db.tables(loyaltyTables)
  const customerById = statement('customer by id', (q, v: Values<{ id: string }>) =>
    q.select().from(customers).where(eq(customers.id, v.id)),
  )
  const cardById = statement('card by id', (q, v: Values<{ id: string }>) =>
    q.select().from(cards).where(eq(cards.id, v.id)),
  )
  const voucherById = statement('voucher by id', (q, v: Values<{ id: string }>) =>
    q.select().from(vouchers).where(eq(vouchers.id, v.id)),
  )
  const insertCustomer = insertion('add customer', customers, { ignoreExisting: true })
  const updateCustomer = statement('save customer', (q, v: Values<CustomerRow & { search: string }>) =>
    q
      .update(customers)
      .set({
        walletPassId: v.walletPassId,
        name: v.name,
        phone: v.phone,
        email: v.email,
        birthday: v.birthday,
        language: v.language,
        profileTimes: v.profileTimes,
        search: v.search,
      })
      .where(eq(customers.id, v.id)),
  )
  const isUsable = (now: SQLWrapper) =>
    sql`${vouchers.state} in ('issued', 'active') and (${vouchers.expiresAt} is null or ${vouchers.expiresAt} > ${now})`
  const ofTheLiving = and(eq(customers.id, vouchers.customerId), isNull(customers.erasedAt))
  return {
    customerById,
    cardById,
    voucherById,

    cardsByIds: statement('cards by ids', (q, v: Values<{ ids: string }>) =>
      q.select().from(cards).where(db.kit.oneOf(cards.id, v.ids)),
    ),
    vouchersByIds: statement('vouchers by ids', (q, v: Values<{ ids: string }>) =>
      q.select().from(vouchers).where(db.kit.oneOf(vouchers.id, v.ids)),
    ),
    customerLanguages: statement('languages of customers', (q, v: Values<{ ids: string }>) =>
      q
        .select({ id: customers.id, language: customers.language })
        .from(customers)
        .where(db.kit.oneOf(customers.id, v.ids)),
    ),

    /** The locked rows of a decision. The customer's row comes first: it keeps one customer's events one at a time. */
    lockedCustomer: statement(
      'locked customer',
      (q, v: Values<{ id: string }>) => q.select().from(customers).where(eq(customers.id, v.id)),
      { mode: 'update' },
    ),
    lockedCard: statement(
      'locked card',
      (q, v: Values<{ id: string }>) => q.select().from(cards).where(eq(cards.id, v.id)),
      { mode: 'update' },
    ),
    lockedVoucher: statement(
      'locked voucher',
      (q, v: Values<{ id: string }>) => q.select().from(vouchers).where(eq(vouchers.id, v.id)),
      { mode: 'update' },
    ),
    voucherByNumber: statement('voucher by number', (q, v: Values<{ businessId: string; number: string }>) =>
      q
        .select({ id: vouchers.id })
        .from(vouchers)
        .where(and(eq(vouchers.businessId, v.businessId), eq(vouchers.number, v.number))),
    ),

    /** Which of these numbers (a JSON array) vouchers of the business have. */
    numbersTaken: statement('voucher numbers taken', (q, v: Values<{ businessId: string; numbers: string }>) =>
      q
        .select({ number: vouchers.number })
        .from(vouchers)
        .where(and(eq(vouchers.businessId, v.businessId), db.kit.oneOf(vouchers.number, v.numbers))),
    ),

    /** An existing id changes nothing: whoever demands one row learns that somebody else was first. */
    addCustomer: (row: typeof customers.$inferInsert) => insertCustomer({ ...row, search: searchTextOf(row) }),
    addCard: insertion('add card', cards, { ignoreExisting: true }),
    addVoucher: insertion('add voucher', vouchers, { ignoreExisting: true }),

    saveCustomer: (row: CustomerRow) => updateCustomer({ ...row, search: searchTextOf(row) }),
    /** Leaves the id, and when it was. */
    buryCustomer: statement('bury customer', (q, v: Values<{ id: string; now: number }>) =>
      q
        .update(customers)
        .set({
          externalId: null,
          walletPassId: null,
          name: null,
          phone: null,
          email: null,
          birthday: null,
          language: null,
          profileTimes: {},
          search: null,
          erasedAt: v.now,
        })
        .where(eq(customers.id, v.id)),
    ),
    addTombstone: insertion('add tombstone', tombstones, { ignoreExisting: true }),
    /** Whether somebody with one of the marks (a JSON array) was erased. */
    tombstonesWith: statement('tombstones with marks', (q, v: Values<{ marks: string }>) =>
      q
        .select({ customerId: tombstones.customerId })
        .from(tombstones)
        .where(db.kit.oneOf(tombstones.mark, v.marks))
        .limit(1),
    ),
    erasedAmong: statement('erased among customers', (q, v: Values<{ ids: string }>) =>
      q
        .select({ id: customers.id })
        .from(customers)
        .where(and(db.kit.oneOf(customers.id, v.ids), isNotNull(customers.erasedAt))),
    ),
    saveCard: statement('save card', (q, v: Values<CardRow>) =>
      q
        .update(cards)
        .set({
          customerId: v.customerId,
          templateExternalId: v.templateExternalId,
          title: v.title,
          stampsGoal: v.stampsGoal,
          goals: v.goals,
          goalIndex: v.goalIndex,
          platform: v.platform,
          stampsTotal: v.stampsTotal,
          carriedAmount: v.carriedAmount,
          factTimes: v.factTimes,
          stamps: v.stamps,
          countsAt: v.countsAt,
          increments: v.increments,
          touchedAt: v.touchedAt,
        })
        .where(eq(cards.id, v.id)),
    ),
    saveVoucher: statement('save voucher', (q, v: Values<VoucherRow>) =>
      q
        .update(vouchers)
        .set({
          customerId: v.customerId,
          cardId: v.cardId,
          title: v.title,
          description: v.description,
          redeemCode: v.redeemCode,
          redeemCodeFormats: v.redeemCodeFormats,
          expiresAt: v.expiresAt,
          redeemedVia: v.redeemedVia,
          factTimes: v.factTimes,
          state: v.state,
          stateAt: v.stateAt,
          issuedAt: v.issuedAt,
        })
        .where(eq(vouchers.id, v.id)),
    ),

    /** The first that a customer has of a template of our own. */
    cardOfTemplate: statement('card of template', (q, v: Values<{ customerId: string; templateId: string }>) =>
      q
        .select()
        .from(cards)
        .where(and(eq(cards.customerId, v.customerId), eq(cards.templateId, v.templateId)))
        .orderBy(asc(cards.createdAt), asc(cards.id))
        .limit(1),
    ),
    /** A card that was taken over from 7stamp, if the customer has none left that is 7stamp's. */
    adoptedCard: statement('adopted card of customer', (q, v: Values<{ customerId: string }>) =>
      q
        .select({ id: cards.id })
        .from(cards)
        .where(
          and(
            eq(cards.customerId, v.customerId),
            eq(cards.master, sql`'own'`),
            isNotNull(cards.externalId),
            sql`not exists (select 1 from cards other where other.customer_id = ${cards.customerId}
              and other.master = '7stamp')`,
          ),
        )
        .limit(1),
    ),

    /** The card used last first. */
    cardsOf: statement('cards of customer', (q, v: Values<{ customerId: string }>) =>
      q
        .select()
        .from(cards)
        .where(eq(cards.customerId, v.customerId))
        .orderBy(desc(cards.touchedAt), asc(cards.id))
        .limit(MOST_CARDS),
    ),
    /** Cards of these customers (a JSON array) that were used since, the latest first. */
    cardsUsedSince: statement(
      'cards used since',
      (q, v: Values<{ customerIds: string; since: number; limit: number }>) =>
        q
          .select({ card: cards, customerName: customers.name })
          .from(cards)
          .innerJoin(customers, eq(customers.id, cards.customerId))
          .where(
            and(
              db.kit.oneOf(cards.customerId, v.customerIds),
              isNull(customers.erasedAt),
              gte(cards.touchedAt, v.since),
            ),
          )
          .orderBy(desc(cards.touchedAt), asc(cards.id))
          .limit(v.limit),
    ),
    /** Of the business and its sisters (a JSON array): the card with this id, or those that people know by this number. */
    cardOwner: statement('owner of card', (q, v: Values<{ businessIds: string; id: string }>) =>
      q
        .select({ customerId: cards.customerId })
        .from(cards)
        .where(and(eq(cards.id, v.id), db.kit.oneOf(cards.businessId, v.businessIds))),
    ),
    ownersOfNumber: statement('owners of card number', (q, v: Values<{ businessIds: string; number: string }>) =>
      q
        .select({ customerId: cards.customerId })
        .from(cards)
        .where(
          and(
            db.kit.oneOf(cards.businessId, v.businessIds),
            or(eq(cards.externalId, v.number), and(isNotNull(cards.number), eq(cards.number, v.number))),
          ),
        )
        .limit(2),
    ),
    /** The same cards, whole; `typed` is our own way to write what was typed. */
    cardsNumbered: statement(
      'cards with number',
      (q, v: Values<{ businessIds: string; number: string; typed: string }>) =>
        q
          .select()
          .from(cards)
          .where(
            and(
              db.kit.oneOf(cards.businessId, v.businessIds),
              or(eq(cards.externalId, v.number), and(isNotNull(cards.number), eq(cards.number, v.typed))),
              sql`exists (select 1 from ${customers} where ${customers.id} = ${cards.customerId}
                and ${customers.erasedAt} is null)`,
            ),
          )
          .orderBy(desc(cards.touchedAt), asc(cards.id))
          .limit(MOST_CARDS),
    ),
    /**
     * Their ids, two at most: enough to know that they are many. An erased person's card is nobody's any more, and leads to no
     * more reads than a number that does not exist.
     */
    cardIdsNumbered: statement(
      'card ids with number',
      (q, v: Values<{ businessIds: string; number: string; typed: string }>) =>
        q
          .select({ id: cards.id })
          .from(cards)
          .innerJoin(customers, and(eq(customers.id, cards.customerId), isNull(customers.erasedAt)))
          .where(
            and(
              db.kit.oneOf(cards.businessId, v.businessIds),
              or(eq(cards.externalId, v.number), and(isNotNull(cards.number), eq(cards.number, v.typed))),
            ),
          )
          .orderBy(asc(cards.id))
          .limit(2),
    ),
    /** Usable ones first, then the newest. */
    vouchersOf: statement('vouchers of customer', (q, v: Values<{ customerId: string; now: number }>) =>
      q
        .select()
        .from(vouchers)
        .where(eq(vouchers.customerId, v.customerId))
        .orderBy(asc(sql`case when ${isUsable(v.now)} then 0 else 1 end`), desc(vouchers.createdAt), asc(vouchers.id))
        .limit(MOST_VOUCHERS),
    ),
    /**
     * Of the business and its sisters (a JSON array), as the next two: two are enough to know that they are many. An erased
     * person's voucher is nobody's any more, and leads to no more reads than a number that does not exist.
     */
    vouchersNumbered: statement('vouchers with number', (q, v: Values<{ businessIds: string; number: string }>) =>
      q
        .select({ voucherId: vouchers.id, customerId: vouchers.customerId, businessId: vouchers.businessId })
        .from(vouchers)
        .innerJoin(customers, ofTheLiving)
        .where(and(db.kit.oneOf(vouchers.businessId, v.businessIds), eq(vouchers.number, v.number)))
        .orderBy(asc(vouchers.id))
        .limit(2),
    ),
    vouchersWithCode: statement('vouchers with redeem code', (q, v: Values<{ businessIds: string; codes: string }>) =>
      q
        .select({ voucherId: vouchers.id, customerId: vouchers.customerId, businessId: vouchers.businessId })
        .from(vouchers)
        .innerJoin(customers, ofTheLiving)
        .where(and(db.kit.oneOf(vouchers.businessId, v.businessIds), db.kit.oneOf(vouchers.redeemCode, v.codes)))
        .orderBy(asc(vouchers.id))
        .limit(2),
    ),
    voucherPlace: statement('place of voucher', (q, v: Values<{ businessIds: string; id: string }>) =>
      q
        .select({ voucherId: vouchers.id, customerId: vouchers.customerId, businessId: vouchers.businessId })
        .from(vouchers)
        .innerJoin(customers, ofTheLiving)
        .where(and(eq(vouchers.id, v.id), db.kit.oneOf(vouchers.businessId, v.businessIds))),
    ),
    /**
     * `phone` is E.164 and must have been verified by the messenger; `businessIds` is a JSON array of the business and its
     * sisters. Several people may share a phone; the newest first.
     */
    customersByPhone: statement('customers by phone', (q, v: Values<{ businessIds: string; phone: string }>) =>
      q
        .select()
        .from(customers)
        .where(
          and(
            db.kit.oneOf(customers.businessId, v.businessIds),
            eq(customers.phone, v.phone),
            isNull(customers.erasedAt),
          ),
        )
        .orderBy(desc(customers.createdAt), asc(customers.id))
        .limit(MOST_CUSTOMERS_OF_A_PHONE),
    ),
  }
}
