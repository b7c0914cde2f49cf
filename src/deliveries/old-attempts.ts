import { and, eq, lt } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import { deliveryTables } from './delivery-tables.js'

/**
 * Drops tries that ended before `before` (Unix ms), at most `limit` of them. Their deliveries say what came of it; how often
 * and why it was tried interests nobody that long. Returns how many it found.
 */
export const createDropOldAttempts = (db: Database) => {
  const { attempts } = db.tables(deliveryTables)
  const old = statement('old attempts', (q, v: Values<{ before: number; limit: number }>) =>
    q
      .select({ deliveryId: attempts.deliveryId, attempt: attempts.attempt })
      .from(attempts)
      .where(lt(attempts.endedAt, v.before))
      .limit(v.limit),
  )
  const drop = statement('drop attempt', (q, v: Values<{ deliveryId: string; attempt: number }>) =>
    q.delete(attempts).where(and(eq(attempts.deliveryId, v.deliveryId), eq(attempts.attempt, v.attempt))),
  )
  return async ({ before, limit }: { readonly before: number; readonly limit: number }): Promise<number> => {
    const found = await db.read(old({ before, limit }))
    if (found.length > 0) await db.write(...found.map(drop))
    return found.length
  }
}
