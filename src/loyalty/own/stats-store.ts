import { and, eq, gte, isNull, lt, or, sql } from 'drizzle-orm'
import { type Database, statement, type Values } from '../../db/database.js'
import { loyaltyTables } from '../loyalty-tables.js'
import { ownTables } from './own-tables.js'

/** SQL for a business's figures. */
export type StatsStore = ReturnType<typeof createStatsStore>

/** From `from` on and before `to` (Unix ms); of one location, or (`''`) of all. */
interface Period {
  readonly businessId: string
  readonly from: number
  readonly to: number
  readonly locationId: string
}

export const createStatsStore = (db: Database) => {
  const { stamps, redemptions } = db.tables(ownTables)
  const { customers } = db.tables(loyaltyTables)
  const sumOf = (column: typeof stamps.count | typeof stamps.amount) =>
    sql<number>`coalesce(sum(${column}), 0)`.mapWith(Number)
  const count = sql<number>`count(*)`.mapWith(Number)
  return {
    /** The demo's people are in no report. */
    customers: statement('count customers', (q, v: Values<{ businessId: string; from: number; to: number }>) =>
      q
        .select({
          total: count,
          made: sql<number>`coalesce(sum(case when ${customers.createdAt} >= ${v.from} and ${customers.createdAt} < ${v.to}
            then 1 else 0 end), 0)`.mapWith(Number),
        })
        .from(customers)
        .where(and(eq(customers.businessId, v.businessId), isNull(customers.erasedAt), eq(customers.isDemo, false))),
    ),
    /** Stamps that stand. */
    stamps: statement('sum stamps', (q, v: Values<Period>) =>
      q
        .select({ stampings: count, stamps: sumOf(stamps.count), amount: sumOf(stamps.amount) })
        .from(stamps)
        .where(
          and(
            eq(stamps.businessId, v.businessId),
            isNull(stamps.undoneAt),
            gte(stamps.at, v.from),
            lt(stamps.at, v.to),
            or(sql`${v.locationId} = ''`, eq(stamps.locationId, v.locationId)),
          ),
        ),
    ),
    redemptions: statement('count redemptions', (q, v: Values<Period>) =>
      q
        .select({ count })
        .from(redemptions)
        .where(
          and(
            eq(redemptions.businessId, v.businessId),
            isNull(redemptions.undoneAt),
            gte(redemptions.at, v.from),
            lt(redemptions.at, v.to),
            or(sql`${v.locationId} = ''`, eq(redemptions.locationId, v.locationId)),
          ),
        ),
    ),
  }
}
