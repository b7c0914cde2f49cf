import { sql } from 'drizzle-orm'
import type { Kit } from '../../db/kit.js'

export const ownTables = (k: Kit) => {
  /** Each time a voucher of our own was redeemed. */
  const redemptions = k.table(
    'redemptions',
    {
      id: k.text('id').primaryKey(),
      businessId: k.text('business_id').notNull(),
      customerId: k.text('customer_id').notNull(),
      voucherId: k.text('voucher_id').notNull(),
      via: k.text('via').notNull(),
      /** Null when the customer redeemed it alone. */
      staffId: k.text('staff_id'),
      locationId: k.text('location_id'),
      receiptId: k.text('receipt_id'),
      /** Unix ms, as are all times here. */
      at: k.int('at').notNull(),
      undoneAt: k.int('undone_at'),
    },
    (t) => [
      // Once, unless it was taken back.
      k.uniqueIndex('redemptions_once').on(t.voucherId).where(sql`undone_at is null`),
    ],
  )
  return { redemptions }
}

type Tables = ReturnType<typeof ownTables>
export type RedemptionRow = Tables['redemptions']['$inferSelect']
