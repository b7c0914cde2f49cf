import { and, asc, eq, lt } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../db/database.js'
import type { Forgetter } from '../erasure/forgetter.js'
import { apiTables } from './api-tables.js'

/** SQL over the answers that are kept for repeated requests. */
export const createAnswerStore = (db: Database) => {
  const { apiAnswers } = db.tables(apiTables)
  return {
    locked: statement(
      'locked api answer',
      (q, v: Values<{ id: string }>) => q.select().from(apiAnswers).where(eq(apiAnswers.id, v.id)),
      { mode: 'update' },
    ),
    add: insertion('add api answer', apiAnswers, { ignoreExisting: true }),
    /** Begins anew what is too old to be repeated, or what nobody works on any more. */
    restart: statement(
      'restart api answer',
      (q, v: Values<{ id: string; request: string; beganAt: number; leasedUntil: number }>) =>
        q
          .update(apiAnswers)
          .set({ request: v.request, beganAt: v.beganAt, leasedUntil: v.leasedUntil, status: null, sealed: null })
          .where(eq(apiAnswers.id, v.id)),
    ),
    finish: statement(
      'finish api answer',
      (q, v: Values<{ id: string; status: number; sealed: string; customerId: string | null }>) =>
        q
          .update(apiAnswers)
          .set({ status: v.status, sealed: v.sealed, customerId: v.customerId })
          .where(eq(apiAnswers.id, v.id)),
    ),
    /** Nobody works on it now: the next try takes it over. */
    release: statement('release api answer', (q, v: Values<{ id: string }>) =>
      q.update(apiAnswers).set({ leasedUntil: 0 }).where(eq(apiAnswers.id, v.id)),
    ),
    /** What was refused may be tried again, as if it had never come. */
    drop: statement('drop api answer', (q, v: Values<{ id: string }>) =>
      q.delete(apiAnswers).where(eq(apiAnswers.id, v.id)),
    ),
    old: statement('old api answers', (q, v: Values<{ before: number; limit: number }>) =>
      q.select({ id: apiAnswers.id }).from(apiAnswers).where(lt(apiAnswers.beganAt, v.before)).limit(v.limit),
    ),
  }
}

/** Answers that tell of an erased person. Repeated afterwards, the request finds a tombstone. */
export const createAnswerForgetter = (db: Database): Forgetter<{ id: string }> => {
  const { apiAnswers } = db.tables(apiTables)
  const traces = statement(
    'api answers to forget',
    (q, v: Values<{ customerId: string; limit: number }>) =>
      q
        .select({ id: apiAnswers.id })
        .from(apiAnswers)
        .where(and(eq(apiAnswers.customerId, v.customerId)))
        .orderBy(asc(apiAnswers.id))
        .limit(v.limit),
    { mode: 'update' },
  )
  const drop = statement('drop api answers', (q, v: Values<{ ids: string }>) =>
    q.delete(apiAnswers).where(db.kit.oneOf(apiAnswers.id, v.ids)),
  )
  return {
    name: 'api answers',
    traces: ({ customerId }, limit) => traces({ customerId, limit }),
    forget: (rows) => (rows.length === 0 ? [] : [drop({ ids: JSON.stringify(rows.map(({ id }) => id)) })]),
  }
}
