import { eq, sql } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import type { Hears } from './hears.js'
import { hearsTables } from './hears-tables.js'

export type HearsStore = ReturnType<typeof createHearsStore>

/** SQL over what customers chose to hear. */
export const createHearsStore = (db: Database) => {
  const { customerChoices } = db.tables(hearsTables)
  return {
    setHears: statement('set hears', (q, v: Values<{ customerId: string; hears: Hears; now: number }>) =>
      q
        .insert(customerChoices)
        .values({ customerId: v.customerId, hears: v.hears, changedAt: v.now })
        .onConflictDoUpdate({
          target: customerChoices.customerId,
          set: { hears: sql`excluded.hears`, changedAt: sql`excluded.changed_at` },
        }),
    ),
    /** No row: everything. */
    hearsOf: statement('hears of customer', (q, v: Values<{ customerId: string }>) =>
      q
        .select({ hears: customerChoices.hears })
        .from(customerChoices)
        .where(eq(customerChoices.customerId, v.customerId)),
    ),
  }
}
