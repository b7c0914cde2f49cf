import { and, asc, eq } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../db/database.js'
import type { Purpose } from './delivery.js'
import { deliveryTables } from './delivery-tables.js'

export type ResendStore = ReturnType<typeof createResendStore>

/**
 * Which purposes a business wants sent again when nobody knows whether a message arrived. Without a choice it is held: a
 * message that comes twice is worse than one that somebody must look at.
 */
export const createResendStore = (db: Database) => {
  const { lanes, resentPurposes } = db.tables(deliveryTables)
  return {
    choose: insertion('choose resend', resentPurposes, { ignoreExisting: true }),
    unchoose: statement('unchoose resend', (q, v: Values<{ businessId: string; purpose: Purpose }>) =>
      q
        .delete(resentPurposes)
        .where(and(eq(resentPurposes.businessId, v.businessId), eq(resentPurposes.purpose, v.purpose))),
    ),
    chosen: statement('chosen resends', (q, v: Values<{ businessId: string }>) =>
      q
        .select({ purpose: resentPurposes.purpose })
        .from(resentPurposes)
        .where(eq(resentPurposes.businessId, v.businessId))
        .orderBy(asc(resentPurposes.purpose)),
    ),
    /** What the business of a lane has chosen. */
    chosenOnLane: statement('chosen resends on lane', (q, v: Values<{ laneId: string }>) =>
      q
        .select({ purpose: resentPurposes.purpose })
        .from(resentPurposes)
        .innerJoin(lanes, eq(lanes.businessId, resentPurposes.businessId))
        .where(eq(lanes.id, v.laneId))
        .orderBy(asc(resentPurposes.purpose)),
    ),
  }
}
