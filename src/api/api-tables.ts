import type { Kit } from '../db/kit.js'

export const apiTables = (k: Kit) => {
  /** What was answered to requests with an Idempotency-Key, for a day. */
  const apiAnswers = k.table(
    'api_answers',
    {
      /** Follows from API key, method, path and Idempotency-Key. */
      id: k.text('id').primaryKey(),
      /** A keyed hash of the request's body. */
      request: k.text('request').notNull(),
      beganAt: k.int('began_at').notNull(),
      /** Until then somebody works on it, and nobody else may. */
      leasedUntil: k.int('leased_until').notNull(),
      /** Null until it is answered. */
      status: k.int('status'),
      /** Headers and body, sealed: they may hold a one-time link. */
      sealed: k.text('sealed'),
      /** Whose personal data the body holds. */
      customerId: k.text('customer_id'),
    },
    (t) => [k.index('api_answers_by_age').on(t.beganAt), k.index('api_answers_of_customer').on(t.customerId)],
  )
  return { apiAnswers }
}
