import { sql } from 'drizzle-orm'
import type { Kit } from '../../db/kit.js'
import type { CardRow, VoucherRow } from '../loyalty-tables.js'

export const adoptTables = (k: Kit) => {
  /** Each time a business takes its cards over from 7stamp. */
  const adoptions = k.table(
    'adoptions',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      /** The version of a template of our own that the cards are on from then on. */
      templateId: k.text('template_id').notNull(),
      templateVersion: k.int('template_version').notNull(),
      /** How many were taken over so far. */
      cards: k.int('cards').notNull(),
      vouchers: k.int('vouchers').notNull(),
      startedAt: k.int('started_at').notNull(),
      /** Null until every card was looked at. */
      finishedAt: k.int('finished_at'),
      /** Whether something stayed 7stamp's; null until it is finished, and of those that are older than this column. */
      leftSome: k.bool('left_some'),
      /** From then on nothing is taken over, only given back. */
      undoBegunAt: k.int('undo_begun_at'),
      undoneAt: k.int('undone_at'),
    },
    (t) => [k.index('adoptions_of_business').on(t.businessId, t.startedAt)],
  )
  /** What was taken over, as it was before: kept as long as it may be given back, and some days more. */
  const adopted = k.table(
    'adopted',
    {
      adoptionId: k.text('adoption_id').notNull(),
      /** The card's or voucher's. */
      id: k.text('id').notNull(),
      customerId: k.text('customer_id').notNull(),
      before: k.json('before').$type<Before>().notNull(),
      /** Of a card: what the export said, null if nothing; and with how many stamps it was taken over. */
      exportStamps: k.int('export_stamps'),
      stamps: k.int('stamps'),
      adoptedAt: k.int('adopted_at').notNull(),
      /** Null until an undo has looked at it. */
      undo: k.text('undo').$type<'given_back' | 'stays'>(),
      /** Of a card that was given back: how many more stamps it had here by then. */
      stampsSince: k.int('stamps_since'),
    },
    (t) => [
      k.primaryKey({ columns: [t.adoptionId, t.id] }),
      // An undo goes through it customer by customer.
      k.index('adopted_to_undo').on(t.adoptionId, t.customerId).where(sql`undo is null`),
      k.index('adopted_of_customer').on(t.customerId),
      k.index('adopted_at').on(t.adoptedAt),
    ],
  )
  return { adoptions, adopted }
}

/** The mirror's row. */
export type Before =
  | { readonly kind: 'card'; readonly row: CardRow }
  | { readonly kind: 'voucher'; readonly row: VoucherRow }

type Tables = ReturnType<typeof adoptTables>
export type Adoption = Tables['adoptions']['$inferSelect']
export type AdoptedRow = Tables['adopted']['$inferSelect']
