import { and, eq, isNull, sql } from 'drizzle-orm'
import { type Bound, type Database, type Decision, statement, type Values } from '../db/database.js'
import { searchTextOf } from './customer-search.js'
import { loyaltyTables } from './loyalty-tables.js'
import { shortNumberOf } from './numbers.js'

/** A short transaction: other writers wait for it. */
const FILLED_AT_ONCE = 500

/**
 * Fills what rows lack that are older than the column: what a search compares, and the number that people read off a card.
 * Only JavaScript can write it, so it is no part of a migration. It is found by state, through an index that is empty
 * afterwards; a few rows in each call, which resolves with how many.
 */
export const createBackfill = (db: Database): (() => Promise<number>) => {
  const { customers, cards } = db.tables(loyaltyTables)
  const unsearchable = statement(
    'customers without search text',
    (q, v: Values<{ limit: number }>) =>
      q
        .select({ id: customers.id, name: customers.name, phone: customers.phone, email: customers.email })
        .from(customers)
        .where(and(isNull(customers.search), isNull(customers.erasedAt)))
        .limit(v.limit),
    { mode: 'update' },
  )
  const setSearch = statement('fill search text', (q, v: Values<{ id: string; search: string }>) =>
    q.update(customers).set({ search: v.search }).where(eq(customers.id, v.id)),
  )
  const unnumbered = statement(
    'own cards without number',
    (q, v: Values<{ limit: number }>) =>
      q
        .select({ id: cards.id })
        .from(cards)
        .where(and(isNull(cards.number), eq(cards.master, sql`'own'`)))
        .limit(v.limit),
    { mode: 'update' },
  )
  const setNumber = statement('fill card number', (q, v: Values<{ id: string; number: string }>) =>
    q.update(cards).set({ number: v.number }).where(eq(cards.id, v.id)),
  )
  const reads = { people: unsearchable({ limit: FILLED_AT_ONCE }), own: unnumbered({ limit: FILLED_AT_ONCE }) }
  return () =>
    db.atomically(reads, ({ people, own }): Decision<number> => {
      const writes: Bound<unknown>[] = [
        ...people.map((person) => setSearch({ id: person.id, search: searchTextOf(person) })),
        ...own.map(({ id }) => setNumber({ id, number: shortNumberOf(id) })),
      ]
      return { writes, result: writes.length }
    })
}
