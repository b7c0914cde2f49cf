import { asc, eq } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import type { Forgetter } from '../erasure/forgetter.js'
import { pictureTables } from './picture-tables.js'

/** Pictures of an erased person's cards and vouchers: their addresses lead nowhere from then on. */
export const createPictureForgetter = (db: Database): Forgetter<{ id: string }> => {
  const { pictures } = db.tables(pictureTables)
  const traces = statement(
    'pictures to forget',
    (q, v: Values<{ customerId: string; limit: number }>) =>
      q
        .select({ id: pictures.id })
        .from(pictures)
        .where(eq(pictures.customerId, v.customerId))
        .orderBy(asc(pictures.id))
        .limit(v.limit),
    { mode: 'update' },
  )
  const drop = statement('drop pictures', (q, v: Values<{ ids: string }>) =>
    q.delete(pictures).where(db.kit.oneOf(pictures.id, v.ids)),
  )
  return {
    name: 'pictures',
    traces: ({ customerId }, limit) => traces({ customerId, limit }),
    forget: (rows) => (rows.length === 0 ? [] : [drop({ ids: JSON.stringify(rows.map(({ id }) => id)) })]),
  }
}
