import { and, asc, eq, inArray } from 'drizzle-orm'
import { type Bound, type Database, statement, type Values } from '../db/database.js'
import type { Forgetter } from '../erasure/forgetter.js'
import type { DeliveryState } from './delivery.js'
import { deliveryTables } from './delivery-tables.js'

interface Trace {
  readonly id: string
  readonly state: DeliveryState
}

/**
 * What deliveries said of an erased person, to whomever. One that has not begun is cancelled; one whose bytes are leaving
 * keeps its content until its result is written. `copies` forgets texts that are kept beside the ledger, by delivery ids.
 */
export const createContentForgetter = (
  db: Database,
  copies: (deliveryIds: readonly string[]) => readonly Bound<unknown>[],
): Forgetter<Trace> => {
  const { deliveries, deliveryContents } = db.tables(deliveryTables)
  const traces = statement(
    'contents to forget',
    (q, v: Values<{ whose: string; limit: number }>) =>
      q
        .select({ id: deliveries.id, state: deliveries.state })
        .from(deliveryContents)
        .innerJoin(deliveries, eq(deliveries.id, deliveryContents.deliveryId))
        .where(db.kit.oneOf(deliveryContents.customerId, v.whose))
        .orderBy(asc(deliveries.id))
        .limit(v.limit),
    { mode: 'update', of: deliveries },
  )
  const cancel = statement('cancel erased', (q, v: Values<{ ids: string; now: number }>) =>
    q
      .update(deliveries)
      .set({ state: 'cancelled', reason: 'erased', updatedAt: v.now })
      .where(and(db.kit.oneOf(deliveries.id, v.ids), eq(deliveries.state, 'pending'))),
  )
  const drop = statement('drop contents', (q, v: Values<{ ids: string }>) =>
    q.delete(deliveryContents).where(db.kit.oneOf(deliveryContents.deliveryId, v.ids)),
  )
  return {
    name: 'delivery contents',
    traces: ({ customerId, chats }, limit) =>
      traces({ whose: JSON.stringify([customerId, ...chats.map(({ id }) => id)]), limit }),
    forget: (rows, now) => {
      const gone = rows.flatMap(({ id, state }) => (state === 'sending' ? [] : id))
      if (gone.length === 0) return []
      const ids = JSON.stringify(gone)
      return [...copies(gone), cancel({ ids, now }), drop({ ids })]
    },
  }
}

/** Nothing to forget, but something to wait for: answers that are on their way to a chat need its address. */
export const createAnswerAwaiter = (db: Database): Forgetter => {
  const { deliveries } = db.tables(deliveryTables)
  const open = statement('open deliveries to', (q, v: Values<{ recipientIds: string; limit: number }>) =>
    q
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(
        and(db.kit.oneOf(deliveries.recipientId, v.recipientIds), inArray(deliveries.state, ['pending', 'sending'])),
      )
      .limit(v.limit),
  )
  return {
    name: 'open answers',
    traces: ({ chats }, limit) => open({ recipientIds: JSON.stringify(chats.map(({ id }) => id)), limit }),
    forget: () => [],
  }
}
