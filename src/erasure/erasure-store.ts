import { asc, eq, lte } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../db/database.js'
import { erasureTables } from './erasure-tables.js'
import type { ChatPlace } from './forgetter.js'

export type ErasureStore = ReturnType<typeof createErasureStore>

/** SQL over the erasures that are not finished. */
export const createErasureStore = (db: Database) => {
  const { erasures } = db.tables(erasureTables)
  return {
    add: insertion('add erasure', erasures, { ignoreExisting: true }),
    byCustomer: statement('erasure of customer', (q, v: Values<{ customerId: string }>) =>
      q.select().from(erasures).where(eq(erasures.customerId, v.customerId)),
    ),
    due: statement('due erasures', (q, v: Values<{ now: number; limit: number }>) =>
      q
        .select({ customerId: erasures.customerId })
        .from(erasures)
        .where(lte(erasures.dueAt, v.now))
        .orderBy(asc(erasures.dueAt), asc(erasures.customerId))
        .limit(v.limit),
    ),
    putOff: statement(
      'put erasure off',
      (q, v: Values<{ customerId: string; chats: readonly ChatPlace[]; dueAt: number }>) =>
        q.update(erasures).set({ chats: v.chats, dueAt: v.dueAt }).where(eq(erasures.customerId, v.customerId)),
    ),
    remove: statement('remove erasure', (q, v: Values<{ customerId: string }>) =>
      q.delete(erasures).where(eq(erasures.customerId, v.customerId)),
    ),
  }
}
