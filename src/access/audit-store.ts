import { and, asc, eq, gt } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../db/database.js'
import { accessTables } from './access-tables.js'

/** SQL over the audit log. */
export const createAuditStore = (db: Database) => {
  const { auditEntries, auditHeads } = db.tables(accessTables)
  const headOf = (name: string, lock?: { mode: 'update' }) =>
    statement(
      name,
      (q, v: Values<{ businessId: string }>) =>
        q
          .select({ seq: auditHeads.seq, hash: auditHeads.hash })
          .from(auditHeads)
          .where(eq(auditHeads.businessId, v.businessId)),
      lock,
    )
  return {
    head: headOf('audit head'),
    lockedHead: headOf('locked audit head', { mode: 'update' }),
    /** A head that is there already stays: whoever demands one row learns that another process began the chain. */
    addHead: insertion('add audit head', auditHeads, { ignoreExisting: true }),
    moveHead: statement('move audit head', (q, v: Values<{ businessId: string; seq: number; hash: string }>) =>
      q.update(auditHeads).set({ seq: v.seq, hash: v.hash }).where(eq(auditHeads.businessId, v.businessId)),
    ),
    addEntry: insertion('add audit entry', auditEntries),
    page: statement('page of audit entries', (q, v: Values<{ businessId: string; afterSeq: number; limit: number }>) =>
      q
        .select()
        .from(auditEntries)
        .where(and(eq(auditEntries.businessId, v.businessId), gt(auditEntries.seq, v.afterSeq)))
        .orderBy(asc(auditEntries.seq))
        .limit(v.limit),
    ),
  }
}
