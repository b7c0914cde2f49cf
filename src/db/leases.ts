import { and, eq, lt, sql } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from './database.js'
import { leaseTables } from './lease-tables.js'

/** Takes or renews a named lease for `leaseMs`; true while this owner holds it. Compared on the database's clock. */
export type HoldLease = (name: string, owner: string, leaseMs: number) => Promise<boolean>

export const createLeases = (db: Database): HoldLease => {
  const { leases } = db.tables(leaseTables)
  const { now } = db.kit
  const add = insertion('add lease', leases, { ignoreExisting: true })
  const take = statement('take lease', (q, v: Values<{ name: string; owner: string; leaseMs: number }>) =>
    q
      .update(leases)
      .set({ owner: v.owner, until: sql`${now} + ${v.leaseMs}` })
      .where(and(eq(leases.name, v.name), sql`(${eq(leases.owner, v.owner)} or ${lt(leases.until, now)})`)),
  )
  const holder = statement('holder of lease', (q, v: Values<{ name: string }>) =>
    q.select({ owner: leases.owner }).from(leases).where(eq(leases.name, v.name)),
  )
  return async (name, owner, leaseMs) => {
    await db.write(add({ name, owner, until: 0 }), take({ name, owner, leaseMs }))
    const [row] = await db.read(holder({ name }))
    return row?.owner === owner
  }
}
