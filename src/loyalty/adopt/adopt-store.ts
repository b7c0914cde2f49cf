import { and, asc, desc, eq, gt, isNotNull, isNull, lt, notExists, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { type Bound, type Database, demand, insertion, statement, type Values } from '../../db/database.js'
import { toldOfCard, toldOfVoucher } from '../loyalty-store.js'
import { type CardRow, type CustomerRow, loyaltyTables, type VoucherRow } from '../loyalty-tables.js'
import { ownTables } from '../own/own-tables.js'
import { type AdoptedRow, type Adoption, adoptTables, type Before } from './adopt-tables.js'

/** The statements of adoptions: what is 7stamp's, what was taken over, and how far that has come. */
export type AdoptStore = ReturnType<typeof createAdoptStore>

export const createAdoptStore = (db: Database) => {
  const { customers, cards, vouchers } = db.tables(loyaltyTables)
  const { stamps, rewards, draws } = db.tables(ownTables)
  const { adoptions, adopted } = db.tables(adoptTables)
  const later = alias(adoptions, 'later')
  const { oneOf } = db.kit
  const forUpdate = { mode: 'update' } as const
  const is7stamps = (table: typeof cards | typeof vouchers): SQL => sql`${table.master} = '7stamp'`
  const turnCard = statement('change master of card', (q, v: Values<CardRow>) =>
    q
      .update(cards)
      .set({
        ...toldOfCard(v),
        master: v.master,
        templateId: v.templateId,
        templateVersion: v.templateVersion,
        number: v.number,
        goalRewards: v.goalRewards,
        createdAt: v.createdAt,
      })
      .where(eq(cards.id, v.id)),
  )
  const turnVoucher = statement('change master of voucher', (q, v: Values<VoucherRow>) =>
    q
      .update(vouchers)
      .set({ ...toldOfVoucher(v), master: v.master, redemption: v.redemption, createdAt: v.createdAt })
      .where(eq(vouchers.id, v.id)),
  )
  /** Beside the rows of an adoption's customers (a JSON array of ids) that no undo has looked at. */
  const isOpenOf = (v: Values<{ adoptionId: string; customerIds: string }>) =>
    and(eq(adopted.adoptionId, v.adoptionId), oneOf(adopted.customerId, v.customerIds), isNull(adopted.undo))
  return {
    /** Customers with a card or voucher of 7stamp's, by id; the demo's people are nobody's to take over. */
    customersOf7stamp: statement(
      'customers of 7stamp',
      (q, v: Values<{ businessId: string; afterId: string; limit: number }>) =>
        q
          .select({ id: customers.id })
          .from(customers)
          .where(
            and(
              eq(customers.businessId, v.businessId),
              gt(customers.id, v.afterId),
              isNull(customers.erasedAt),
              eq(customers.isDemo, false),
              or(
                sql`exists (select 1 from ${cards} where ${cards.customerId} = ${customers.id} and ${is7stamps(cards)})`,
                sql`exists (select 1 from ${vouchers} where ${vouchers.customerId} = ${customers.id}
                  and ${is7stamps(vouchers)})`,
              ),
            ),
          )
          .orderBy(asc(customers.id))
          .limit(v.limit),
    ),
    /** The customers' rows first and in order: whoever changes something of theirs waits for these. */
    lockedCustomers: statement(
      'locked customers',
      (q, v: Values<{ ids: string }>) =>
        q.select().from(customers).where(oneOf(customers.id, v.ids)).orderBy(asc(customers.id)),
      forUpdate,
    ),
    cardsOf7stamp: statement(
      'cards of 7stamp of customers',
      (q, v: Values<{ customerIds: string }>) =>
        q
          .select()
          .from(cards)
          .where(and(oneOf(cards.customerId, v.customerIds), is7stamps(cards)))
          .orderBy(asc(cards.id)),
      forUpdate,
    ),
    vouchersOf7stamp: statement(
      'vouchers of 7stamp of customers',
      (q, v: Values<{ customerIds: string }>) =>
        q
          .select()
          .from(vouchers)
          .where(and(oneOf(vouchers.customerId, v.customerIds), is7stamps(vouchers)))
          .orderBy(asc(vouchers.id)),
      forUpdate,
    ),
    /** Makes a row that is there what it is from now on, master and all. */
    turn: (row: Before): Bound<unknown> => demand(1, row.kind === 'card' ? turnCard(row.row) : turnVoucher(row.row)),

    /** The newest first; in a decision locked, since chunks count in them. */
    adoptionsOf: statement(
      'adoptions of business',
      (q, v: Values<{ businessId: string }>) =>
        q
          .select()
          .from(adoptions)
          .where(eq(adoptions.businessId, v.businessId))
          .orderBy(desc(adoptions.startedAt), desc(adoptions.id)),
      forUpdate,
    ),
    /**
     * Businesses of which nothing is 7stamp's, as far as one knows now: their last adoption took all. One that was begun after
     * it found something, and has it only until it is undone.
     */
    businessesLeft: statement('businesses that left 7stamp', (q) =>
      q
        .select({ id: adoptions.businessId })
        .from(adoptions)
        .where(
          and(
            isNotNull(adoptions.finishedAt),
            isNull(adoptions.undoBegunAt),
            sql`${adoptions.leftSome} is not true`,
            notExists(
              q
                .select({ id: later.id })
                .from(later)
                .where(and(eq(later.businessId, adoptions.businessId), gt(later.startedAt, adoptions.startedAt))),
            ),
          ),
        ),
    ),
    locked: statement(
      'locked adoption',
      (q, v: Values<{ id: string }>) => q.select().from(adoptions).where(eq(adoptions.id, v.id)),
      forUpdate,
    ),
    begin: insertion('begin adoption', adoptions),
    save: statement('save adoption', (q, v: Values<Adoption>) =>
      q
        .update(adoptions)
        .set({
          cards: v.cards,
          vouchers: v.vouchers,
          finishedAt: v.finishedAt,
          leftSome: v.leftSome,
          undoBegunAt: v.undoBegunAt,
          undoneAt: v.undoneAt,
        })
        .where(eq(adoptions.id, v.id)),
    ),

    addAdopted: insertion('add adopted', adopted),
    /** What an undo has come to. */
    saveAdopted: statement('save adopted', (q, v: Values<AdoptedRow>) =>
      q
        .update(adopted)
        .set({ undo: v.undo, stampsSince: v.stampsSince })
        .where(and(eq(adopted.adoptionId, v.adoptionId), eq(adopted.id, v.id))),
    ),
    /** Customers of whom no undo has looked at something, by id. */
    customersToUndo: statement('customers to undo', (q, v: Values<{ adoptionId: string; limit: number }>) =>
      q
        .selectDistinct({ id: adopted.customerId })
        .from(adopted)
        .where(and(eq(adopted.adoptionId, v.adoptionId), isNull(adopted.undo)))
        .orderBy(asc(adopted.customerId))
        .limit(v.limit),
    ),
    adoptedOf: statement(
      'adopted of customers',
      (q, v: Values<{ adoptionId: string; customerIds: string }>) =>
        q.select().from(adopted).where(isOpenOf(v)).orderBy(asc(adopted.id)),
      forUpdate,
    ),
    adoptedCards: statement(
      'adopted cards of customers',
      (q, v: Values<{ adoptionId: string; customerIds: string }>) =>
        q
          .select({ card: cards })
          .from(cards)
          .innerJoin(adopted, eq(adopted.id, cards.id))
          .where(isOpenOf(v))
          .orderBy(asc(cards.id)),
      { mode: 'update', of: cards },
    ),
    adoptedVouchers: statement(
      'adopted vouchers of customers',
      (q, v: Values<{ adoptionId: string; customerIds: string }>) =>
        q
          .select({ voucher: vouchers })
          .from(vouchers)
          .innerJoin(adopted, eq(adopted.id, vouchers.id))
          .where(isOpenOf(v))
          .orderBy(asc(vouchers.id)),
      { mode: 'update', of: vouchers },
    ),
    stampsOfAdopted: statement(
      'stamps of adopted cards',
      (q, v: Values<{ adoptionId: string; customerIds: string }>) =>
        q
          .select({ stamp: stamps })
          .from(stamps)
          .innerJoin(adopted, eq(adopted.id, stamps.cardId))
          .where(and(isOpenOf(v), isNull(stamps.undoneAt)))
          .orderBy(asc(stamps.id)),
      { mode: 'update', of: stamps },
    ),
    rewardsOfAdopted: statement(
      'rewards of adopted cards',
      (q, v: Values<{ adoptionId: string; customerIds: string }>) =>
        q
          .select({ reward: rewards, draw: draws })
          .from(rewards)
          .innerJoin(adopted, eq(adopted.id, rewards.cardId))
          .leftJoin(draws, eq(draws.rewardId, rewards.id))
          .where(and(isOpenOf(v), isNull(rewards.takenBackAt), isNull(rewards.finalAt)))
          .orderBy(asc(rewards.id)),
      { mode: 'update', of: rewards },
    ),
    /** For the report, by id. */
    pageOfAdopted: statement(
      'page of adopted',
      (q, v: Values<{ adoptionId: string; afterId: string; limit: number }>) =>
        q
          .select({ adopted, customerExternalId: customers.externalId })
          .from(adopted)
          .innerJoin(customers, eq(customers.id, adopted.customerId))
          .where(and(eq(adopted.adoptionId, v.adoptionId), gt(adopted.id, v.afterId)))
          .orderBy(asc(adopted.id))
          .limit(v.limit),
    ),

    old: statement('old adopted', (q, v: Values<{ before: number; limit: number }>) =>
      q
        .select({ adoptionId: adopted.adoptionId, id: adopted.id })
        .from(adopted)
        .where(lt(adopted.adoptedAt, v.before))
        .limit(v.limit),
    ),
    drop: statement('drop adopted', (q, v: Values<{ adoptionId: string; id: string }>) =>
      q.delete(adopted).where(and(eq(adopted.adoptionId, v.adoptionId), eq(adopted.id, v.id))),
    ),
  }
}

/** What follows after the lock of each customer, by customer. */
export const ofCustomer = <Row extends { readonly customerId: string }>(
  rows: readonly Row[],
  { id }: Pick<CustomerRow, 'id'>,
): readonly Row[] => rows.filter(({ customerId }) => customerId === id)
