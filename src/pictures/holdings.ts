import { asc, eq } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import type { Holding } from '../erasure/holding.js'
import { pictureTables } from './picture-tables.js'

/** What is on the pictures of the person's cards and vouchers. */
export const createPictureHolding = (db: Database): Holding => {
  const { pictures } = db.tables(pictureTables)
  return {
    name: 'pictures',
    rowsOf: statement('pictures held', (q, v: Values<{ customerId: string }>) =>
      q
        .select()
        .from(pictures)
        .where(eq(pictures.customerId, v.customerId))
        .orderBy(asc(pictures.createdAt), asc(pictures.id)),
    ),
  }
}
