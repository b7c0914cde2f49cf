import type { Kit } from '../db/kit.js'
import type { ChatPlace } from './forgetter.js'

export const erasureTables = (k: Kit) => {
  /** Customers who are tombstones already and may have left traces. The row goes with the last trace. */
  const erasures = k.table('erasures', {
    customerId: k.text('customer_id').primaryKey(),
    /** The chats that were theirs, of which the customer's own rows say nothing any more. */
    chats: k.json('chats').$type<readonly ChatPlace[]>().notNull(),
    erasedAt: k.int('erased_at').notNull(),
    dueAt: k.int('due_at').notNull(),
  })
  return { erasures }
}
