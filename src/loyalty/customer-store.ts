import { and, desc, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import { loyaltyTables } from './loyalty-tables.js'

/** SQL that finds customers as somebody at a till or a desk does. */
export type CustomerStore = ReturnType<typeof createCustomerStore>

const MOST_OF_A_CONTACT = 20

export const createCustomerStore = (db: Database) => {
  const { customers } = db.tables(loyaltyTables)
  const { oneOf } = db.kit
  const newestFirst = [desc(customers.createdAt), desc(customers.id)]
  return {
    /** Those with this phone (E.164) at the businesses (a JSON array), locked while somebody decides about them. */
    withPhone: statement(
      'customers with phone',
      (q, v: Values<{ businessIds: string; phone: string }>) =>
        q
          .select()
          .from(customers)
          .where(and(oneOf(customers.businessId, v.businessIds), eq(customers.phone, v.phone)))
          .orderBy(...newestFirst)
          .limit(MOST_OF_A_CONTACT),
      { mode: 'update' },
    ),
    /** The same with this email address (in lower case). */
    withEmail: statement(
      'customers with email',
      (q, v: Values<{ businessIds: string; email: string }>) =>
        q
          .select()
          .from(customers)
          .where(and(oneOf(customers.businessId, v.businessIds), eq(customers.email, v.email)))
          .orderBy(...newestFirst)
          .limit(MOST_OF_A_CONTACT),
      { mode: 'update' },
    ),
    /** How these customers (a JSON array of ids) are reached. */
    contacts: statement('contacts of customers', (q, v: Values<{ ids: string }>) =>
      q
        .select({ id: customers.id, name: customers.name, phone: customers.phone, email: customers.email })
        .from(customers)
        .where(oneOf(customers.id, v.ids)),
    ),
    /** Those who match all patterns, the newest first, behind the one made at `beforeAt` with the id `beforeId`. */
    page: statement(
      'page of customers',
      (
        q,
        v: Values<{
          businessIds: string
          a: string
          b: string
          c: string
          d: string
          beforeAt: number
          beforeId: string
          limit: number
        }>,
      ) =>
        q
          .select()
          .from(customers)
          .where(
            and(
              oneOf(customers.businessId, v.businessIds),
              isNull(customers.erasedAt),
              or(
                lt(customers.createdAt, v.beforeAt),
                and(eq(customers.createdAt, v.beforeAt), lt(customers.id, v.beforeId)),
              ),
              ...[v.a, v.b, v.c, v.d].map(
                (pattern) => sql`coalesce(${customers.search}, '') like ${pattern} escape ${sql.raw("'\\'")}`,
              ),
            ),
          )
          .orderBy(...newestFirst)
          .limit(v.limit),
    ),
  }
}
