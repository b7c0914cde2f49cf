import type { Kit } from '../db/kit.js'
import type { Hears } from './hears.js'

export const hearsTables = (k: Kit) => {
  /** What customers chose to hear. No row: everything. */
  const customerChoices = k.table('customer_choices', {
    customerId: k.text('customer_id').primaryKey(),
    hears: k.text('hears').$type<Hears>().notNull(),
    changedAt: k.int('changed_at').notNull(),
  })
  return { customerChoices }
}
