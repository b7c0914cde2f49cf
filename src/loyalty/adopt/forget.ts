import { and, asc, eq } from 'drizzle-orm'
import { type Database, statement, type Values } from '../../db/database.js'
import type { Forgetter } from '../../erasure/forgetter.js'
import type { Holding } from '../../erasure/holding.js'
import { adoptTables } from './adopt-tables.js'

/** What is kept for an undo has the texts of vouchers in it: nothing of an erased person is given back. */
export const createAdoptedForgetter = (db: Database): Forgetter<{ adoptionId: string; id: string }> => {
  const { adopted } = db.tables(adoptTables)
  const traces = statement(
    'adopted to forget',
    (q, v: Values<{ customerId: string; limit: number }>) =>
      q
        .select({ adoptionId: adopted.adoptionId, id: adopted.id })
        .from(adopted)
        .where(eq(adopted.customerId, v.customerId))
        .orderBy(asc(adopted.adoptionId), asc(adopted.id))
        .limit(v.limit),
    { mode: 'update' },
  )
  const forget = statement('forget adopted', (q, v: Values<{ adoptionId: string; id: string }>) =>
    q.delete(adopted).where(and(eq(adopted.adoptionId, v.adoptionId), eq(adopted.id, v.id))),
  )
  return {
    name: 'adopted',
    traces: ({ customerId }, limit) => traces({ customerId, limit }),
    forget: (rows) => rows.map(forget),
  }
}

export const createAdoptedHolding = (db: Database): Holding => {
  const { adopted } = db.tables(adoptTables)
  return {
    name: 'taken over from 7stamp',
    rowsOf: statement('adopted held', (q, v: Values<{ customerId: string }>) =>
      q
        .select()
        .from(adopted)
        .where(eq(adopted.customerId, v.customerId))
        .orderBy(asc(adopted.adoptedAt), asc(adopted.id)),
    ),
  }
}
