import { and, asc, desc, eq, isNotNull, type SQLWrapper, sql } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../db/database.js'
import { searchTextOf } from './customer-search.js'
import { type CardRow, type CustomerRow, loyaltyTables, type VoucherRow } from './loyalty-tables.js'

/** The mirror’s statements: the rows of customers, cards and vouchers. */
export type LoyaltyStore = ReturnType<typeof createLoyaltyStore>

/** More than this nobody scrolls through in a chat. */
const MOST_CARDS = 50
const MOST_VOUCHERS = 100

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
        .set({ customerId: v.customerId, ...toldOfCard(v) })
        .where(eq(cards.id, v.id)),
    ),
    saveVoucher: statement('save voucher', (q, v: Values<VoucherRow>) =>
      q
        .update(vouchers)
        .set({ customerId: v.customerId, ...toldOfVoucher(v) })
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
    /** Usable ones first, then the newest. */
    vouchersOf: statement('vouchers of customer', (q, v: Values<{ customerId: string; now: number }>) =>
      q
        .select()
        .from(vouchers)
        .where(eq(vouchers.customerId, v.customerId))
        .orderBy(asc(sql`case when ${isUsable(v.now)} then 0 else 1 end`), desc(vouchers.createdAt), asc(vouchers.id))
        .limit(MOST_VOUCHERS),
    ),
  }
}

/** What events change of a card, whoever is its master. */
export const toldOfCard = (v: Values<CardRow>) => ({
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

/** What events change of a voucher, whoever is its master. */
export const toldOfVoucher = (v: Values<VoucherRow>) => ({
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
