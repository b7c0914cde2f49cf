import { and, asc, eq, lt } from 'drizzle-orm'
import { type Bound, type Database, insertion, statement, type Values } from '../db/database.js'
import { canMove } from './delivery.js'
import { deliveryTables } from './delivery-tables.js'
import type { Ledger } from './ledger.js'

/** What a provider tells after a message was sent. */
export interface Receipt {
  readonly messageId: string
  readonly status: 'delivered' | 'read'
}

const MATCHED_AT_ONCE = 500

export type Receipts = ReturnType<typeof createReceipts>

/** Receipts raise a delivery's state and never lower it. One that comes before its result is parked until that is there. */
export const createReceipts = (db: Database, ledger: Ledger) => {
  const { deliveries, parkedReceipts } = db.tables(deliveryTables)
  const park = insertion('park receipt', parkedReceipts, { ignoreExisting: true })
  /** Those whose message is known by now: what belongs to nobody here does not stand before them. */
  const parked = statement('parked receipts', (q) =>
    q
      .select({ lane: parkedReceipts.lane, messageId: parkedReceipts.messageId, status: parkedReceipts.status })
      .from(parkedReceipts)
      .innerJoin(
        deliveries,
        and(eq(deliveries.lane, parkedReceipts.lane), eq(deliveries.messageId, parkedReceipts.messageId)),
      )
      .orderBy(asc(parkedReceipts.at))
      .limit(MATCHED_AT_ONCE),
  )
  const unpark = statement(
    'unpark receipt',
    (q, v: Values<{ lane: string; messageId: string; status: Receipt['status'] }>) =>
      q
        .delete(parkedReceipts)
        .where(
          and(
            eq(parkedReceipts.lane, v.lane),
            eq(parkedReceipts.messageId, v.messageId),
            eq(parkedReceipts.status, v.status),
          ),
        ),
  )
  const dropOld = statement('drop parked receipts', (q, v: Values<{ before: number }>) =>
    q.delete(parkedReceipts).where(lt(parkedReceipts.at, v.before)),
  )

  const record = (lane: string, { messageId, status }: Receipt): Promise<boolean> =>
    db.atomically({ matching: ledger.byMessage({ lane, messageId }) }, ({ matching }, now) => {
      if (matching.length === 0) return { writes: [park({ lane, messageId, status, at: now })], result: false }
      const writes: Bound<unknown>[] = matching
        .filter((delivery) => canMove(delivery.state, status))
        .map(({ id }) => ledger.raise({ id, state: status, now }))
      return { writes, result: true }
    })

  return {
    record: async (lane: string, receipts: readonly Receipt[]): Promise<void> => {
      await Promise.all(receipts.map((receipt) => record(lane, receipt)))
    },
    /** Matches parked receipts again, and forgets those that nothing has matched since `before` (Unix ms). */
    matchParked: async (before: number): Promise<number> => {
      const waiting = await db.read(parked({}))
      let matched = 0
      for (const { lane, messageId, status } of waiting) {
        if (!(await record(lane, { messageId, status }))) continue
        await db.write(unpark({ lane, messageId, status }))
        matched++
      }
      await db.write(dropOld({ before }))
      return matched
    },
  }
}
