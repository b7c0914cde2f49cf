import { and, asc, desc, eq, isNull, lt, type SQL } from 'drizzle-orm'
import { type Database, insertion, type QueryBuilder, statement, type Values } from '../../db/database.js'
import { loyaltyTables } from '../loyalty-tables.js'
import { type ImportProgress, importTables } from './import-tables.js'

/** The statements of imports: whom a chunk of rows is about, and how far a file has come. */
export type ImportStore = ReturnType<typeof createImportStore>

export const createImportStore = (db: Database) => {
  const { customers, cards, tombstones } = db.tables(loyaltyTables)
  const { imports } = db.tables(importTables)
  const { oneOf } = db.kit
  /** With each customer their card of the template (an empty id is none): who holds the customer's row holds the card. */
  const locked = { mode: 'update', of: customers } as const
  const people = (q: QueryBuilder, { templateId }: Values<{ templateId: string }>, whom: SQL | undefined) =>
    q
      .select({ customer: customers, ownCard: cards })
      .from(customers)
      .leftJoin(cards, and(eq(cards.customerId, customers.id), eq(cards.templateId, templateId)))
      .where(whom)
      .orderBy(asc(customers.id))
  const isLiving = ({ businessIds }: Values<{ businessIds: string }>) =>
    and(oneOf(customers.businessId, businessIds), isNull(customers.erasedAt))
  return {
    peopleByIds: statement(
      'people to import by id',
      (q, v: Values<{ ids: string; templateId: string }>) => people(q, v, oneOf(customers.id, v.ids)),
      locked,
    ),
    /** Of the business and its sisters (a JSON array), as the next. */
    peopleByPhones: statement(
      'people to import by phone',
      (q, v: Values<{ businessIds: string; phones: string; templateId: string }>) =>
        people(q, v, and(isLiving(v), oneOf(customers.phone, v.phones))),
      locked,
    ),
    peopleByEmails: statement(
      'people to import by email',
      (q, v: Values<{ businessIds: string; emails: string; templateId: string }>) =>
        people(q, v, and(isLiving(v), oneOf(customers.email, v.emails))),
      locked,
    ),
    cards: statement(
      'cards to import',
      (q, v: Values<{ ids: string }>) => q.select().from(cards).where(oneOf(cards.id, v.ids)).orderBy(asc(cards.id)),
      { mode: 'update' },
    ),
    /** None while nobody has asked to be forgotten: then no marks need to be made. */
    anyTombstone: statement('any tombstone', (q) => q.select({ mark: tombstones.mark }).from(tombstones).limit(1)),
    /** Those of the marks (a JSON array) that erased people left. */
    tombstonesAmong: statement('tombstones among marks', (q, v: Values<{ marks: string }>) =>
      q.select({ mark: tombstones.mark }).from(tombstones).where(oneOf(tombstones.mark, v.marks)),
    ),

    progress: statement(
      'progress of import',
      (q, v: Values<{ id: string }>) => q.select().from(imports).where(eq(imports.id, v.id)),
      { mode: 'update' },
    ),
    /** Begun under this file name and not finished: the file has changed since, if it is another id. */
    unfinished: statement('unfinished import of file name', (q, v: Values<{ businessId: string; fileName: string }>) =>
      q
        .select({ id: imports.id, line: imports.line })
        .from(imports)
        .where(and(eq(imports.businessId, v.businessId), eq(imports.fileName, v.fileName), isNull(imports.finishedAt)))
        .orderBy(desc(imports.updatedAt))
        .limit(1),
    ),
    dropOld: statement('drop old imports', (q, v: Values<{ before: number }>) =>
      q.delete(imports).where(lt(imports.updatedAt, v.before)),
    ),
    begin: insertion('begin import', imports, { ignoreExisting: true }),
    advance: statement('advance import', (q, v: Values<ImportProgress>) =>
      q
        .update(imports)
        .set({
          offsetBytes: v.offsetBytes,
          line: v.line,
          counts: v.counts,
          errorFileBytes: v.errorFileBytes,
          pendingErrors: v.pendingErrors,
          updatedAt: v.updatedAt,
          finishedAt: v.finishedAt,
        })
        .where(eq(imports.id, v.id)),
    ),
  }
}
