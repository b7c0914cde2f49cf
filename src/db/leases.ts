import { and, eq, gte, lt, sql } from 'drizzle-orm'
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

/** Whether any lease is held: while the program runs with a worker, one always is, and for a while after it was killed. */
export const createLeaseLook = (db: Database): (() => Promise<boolean>) => {
  const { leases } = db.tables(leaseTables)
  const held = statement('any held lease', (q) =>
    q.select({ name: leases.name }).from(leases).where(gte(leases.until, db.kit.now)).limit(1),
  )
  return async () => (await db.read(held({}))).length > 0
}
