import { and, asc, eq, notExists, sql } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../db/database.js'
import { deliveryTables } from './delivery-tables.js'

export type LaneStore = ReturnType<typeof createLaneStore>

/** SQL over lanes. Leases are written and compared on the database's clock, which all machines share. */
export const createLaneStore = (db: Database) => {
  const { lanes, deliveries } = db.tables(deliveryTables)
  const { now } = db.kit
  const isFree = sql<number>`case when ${lanes.leaseUntil} < ${now} then 1 else 0 end`.mapWith(Number)
  return {
    add: insertion('add lane', lanes, { ignoreExisting: true }),
    all: statement('all lanes', (q) => q.select().from(lanes).orderBy(asc(lanes.id))),
    owners: statement('owners of lanes', (q) =>
      q.select({ id: lanes.id, owner: lanes.owner, isFree: isFree }).from(lanes).orderBy(asc(lanes.id)),
    ),
    /** How each lane is, for whoever watches. */
    health: statement('health of lanes', (q) =>
      q
        .select({ id: lanes.id, isFree: isFree, pausedUntil: lanes.pausedUntil, downReason: lanes.downReason })
        .from(lanes)
        .orderBy(asc(lanes.id)),
    ),
    forTaking: statement(
      'lane for taking',
      (q, v: Values<{ id: string }>) =>
        q
          .select({
            businessId: lanes.businessId,
            fence: lanes.fence,
            pausedUntil: lanes.pausedUntil,
            downReason: lanes.downReason,
            owner: lanes.owner,
            isFree: isFree,
          })
          .from(lanes)
          .where(eq(lanes.id, v.id)),
      { mode: 'update' },
    ),
    take: statement('take lane', (q, v: Values<{ id: string; owner: string; fence: number; leaseMs: number }>) =>
      q
        .update(lanes)
        .set({ owner: v.owner, fence: v.fence, leaseUntil: sql`${now} + ${v.leaseMs}` })
        .where(eq(lanes.id, v.id)),
    ),
    renew: statement('renew lane', (q, v: Values<{ id: string; owner: string; fence: number; leaseMs: number }>) =>
      q
        .update(lanes)
        .set({ leaseUntil: sql`${now} + ${v.leaseMs}` })
        .where(and(eq(lanes.id, v.id), eq(lanes.owner, v.owner), eq(lanes.fence, v.fence))),
    ),
    release: statement('release lane', (q, v: Values<{ id: string; fence: number }>) =>
      q
        .update(lanes)
        .set({ owner: null, leaseUntil: 0 })
        .where(and(eq(lanes.id, v.id), eq(lanes.fence, v.fence))),
    ),
    /** Read in the gate's batch: an owner whose fence is no longer the lane's sends nothing more. */
    fence: statement(
      'fence of lane',
      (q, v: Values<{ id: string }>) =>
        q.select({ fence: lanes.fence, pausedUntil: lanes.pausedUntil }).from(lanes).where(eq(lanes.id, v.id)),
      { mode: 'share' },
    ),
    /** A shorter pause does not end a longer one. */
    pause: statement('pause lane', (q, v: Values<{ id: string; until: number; downReason: string | null }>) =>
      q
        .update(lanes)
        .set({
          pausedUntil: sql`case when ${lanes.pausedUntil} < ${v.until} then ${v.until} else ${lanes.pausedUntil} end`,
          downReason: v.downReason,
        })
        .where(eq(lanes.id, v.id)),
    ),
    /** Ends a lane on which nothing waits and nothing is on its way; its owner moves out when it cannot renew its lease. */
    remove: statement('remove lane', (q, v: Values<{ id: string }>) =>
      q.delete(lanes).where(
        and(
          eq(lanes.id, v.id),
          ...(['pending', 'sending'] as const).map((state) =>
            notExists(
              q
                .select({ one: sql`1` })
                .from(deliveries)
                // A literal, so that the partial index is used.
                .where(and(eq(deliveries.lane, lanes.id), eq(deliveries.state, sql.raw(`'${state}'`)))),
            ),
          ),
        ),
      ),
    ),
    ready: statement('lane works', (q, v: Values<{ id: string }>) =>
      q.update(lanes).set({ downReason: null }).where(eq(lanes.id, v.id)),
    ),
  }
}
