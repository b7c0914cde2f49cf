import { setImmediate as nextTurn } from 'node:timers/promises'
import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accessTables } from '../../src/access/access-tables.js'
import { appended } from '../../src/access/audit-chain.js'
import { createAuditStore } from '../../src/access/audit-store.js'
import { type Database, statement, type Values } from '../../src/db/database.js'
import { type AccessDatabase, accessOn } from '../support/access.js'

const BUSINESS = 'b_1'

/** What the log of changes promises, on every database. */
export const auditLogContract = (name: string, open: () => Promise<AccessDatabase>) => {
  describe(`the audit log on ${name}`, () => {
    let opened: AccessDatabase
    let db: Database
    let access: ReturnType<typeof accessOn>
    beforeEach(async () => {
      opened = await open()
      db = opened.db
      access = accessOn(db)
    })
    afterEach(() => opened.close())

    const add = (by = access, businessId = BUSINESS) =>
      by.roster.addStaff({ businessId, actor: 'staff_boss', name: 'Secret Name', role: 'cashier', pin: null })
    const verify = () => access.audit.verify(BUSINESS)

    test('has nothing to say of a business where nothing happened', async () => {
      expect(await verify()).toMatchObject({ kind: 'whole', entries: 0 })
    })

    test('says who did what to whom, with ids and no names', async () => {
      const outcome = await add()
      if (outcome.kind === 'refused') throw new Error(outcome.reason)
      const { id } = outcome.staff
      await access.roster.setPin({ businessId: BUSINESS, actor: id, staffId: id, pin: '4711' })
      await access.roster.removeStaff({ businessId: BUSINESS, actor: 'cli', staffId: id })
      const entries = await db.read(rawEntries(db)({ businessId: BUSINESS }))
      expect(entries.map(({ actor, action, subjectId }) => [actor, action, subjectId])).toEqual([
        ['staff_boss', 'staff.added', id],
        [id, 'staff.pin_set', id],
        ['cli', 'staff.removed', id],
      ])
      expect(JSON.stringify(entries)).not.toMatch(/Secret Name|4711/)
      expect(await verify()).toMatchObject({ kind: 'whole', entries: 3 })
    })

    test('has no entry of a change that was refused', async () => {
      await access.roster.removeStaff({ businessId: BUSINESS, actor: 'cli', staffId: 'staff_nobody' })
      expect(await verify()).toMatchObject({ entries: 0 })
    })

    test('stays one chain when two processes write at once', async () => {
      const other = accessOn(await opened.another())
      await Promise.all(Array.from({ length: 64 }, (_, index) => add(index % 2 ? access : other)))
      expect(await verify()).toMatchObject({ kind: 'whole', entries: 64 })
    })

    test('is a chain for each business', async () => {
      await Promise.all([add(), add(access, 'b_2'), add()])
      expect(await verify()).toMatchObject({ kind: 'whole', entries: 2 })
      expect(await access.audit.verify('b_2')).toMatchObject({ kind: 'whole', entries: 1 })
    })

    test('can be verified while it grows', async () => {
      const growing = Promise.all(Array.from({ length: 30 }, () => add()))
      for (let look = 0; look < 30; look++) {
        expect(await verify()).toMatchObject({ kind: 'whole' })
        await nextTurn()
      }
      await growing
    })

    describe('when somebody with access to the database', () => {
      beforeEach(async () => {
        for (let count = 0; count < 5; count++) await add()
      })

      test('changes an entry, it names that entry', async () => {
        await db.write(forge(db)({ seq: 3, actor: 'somebody_else' }))
        expect(await verify()).toEqual({ kind: 'broken', seq: 3, why: 'changed' })
      })

      test('takes an entry out of the middle, it names the place', async () => {
        await db.write(takeOut(db)({ seq: 2 }))
        expect(await verify()).toEqual({ kind: 'broken', seq: 2, why: 'missing' })
      })

      test('cuts off the end, it names the first that is gone', async () => {
        await db.write(takeOut(db)({ seq: 5 }), takeOut(db)({ seq: 4 }))
        expect(await verify()).toEqual({ kind: 'broken', seq: 4, why: 'missing' })
      })

      test('puts one behind the end, it names that one', async () => {
        const [last] = (await db.read(rawEntries(db)({ businessId: BUSINESS }))).slice(-1)
        if (!last) throw new Error('no entry')
        const end = { seq: last.seq, hash: last.hash }
        const [forged] = appended(end, { businessId: BUSINESS, actor: 'x', at: 1 }, [{ action: 'a', subjectId: 's' }])
        if (!forged) throw new Error('no entry')
        await db.write(createAuditStore(db).addEntry(forged))
        expect(await verify()).toEqual({ kind: 'broken', seq: 6, why: 'out_of_order' })
      })

      test('takes all out, it names the first', async () => {
        for (const seq of [1, 2, 3, 4, 5]) await db.write(takeOut(db)({ seq }))
        expect(await verify()).toEqual({ kind: 'broken', seq: 1, why: 'missing' })
      })
    })
  })
}

const rawEntries = (db: Database) => {
  const { auditEntries } = db.tables(accessTables)
  return statement('test audit entries', (q, v: Values<{ businessId: string }>) =>
    q.select().from(auditEntries).where(eq(auditEntries.businessId, v.businessId)).orderBy(auditEntries.seq),
  )
}

const forge = (db: Database) => {
  const { auditEntries } = db.tables(accessTables)
  return statement('test forge entry', (q, v: Values<{ seq: number; actor: string }>) =>
    q
      .update(auditEntries)
      .set({ actor: v.actor })
      .where(and(eq(auditEntries.businessId, BUSINESS), eq(auditEntries.seq, v.seq))),
  )
}

const takeOut = (db: Database) => {
  const { auditEntries } = db.tables(accessTables)
  return statement('test take out entry', (q, v: Values<{ seq: number }>) =>
    q.delete(auditEntries).where(and(eq(auditEntries.businessId, BUSINESS), eq(auditEntries.seq, v.seq))),
  )
}
