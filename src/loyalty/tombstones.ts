import type { Bound } from '../db/database.js'
import type { Tombstones } from '../erasure/erasure.js'
import type { LoyaltyStore } from './loyalty-store.js'
import type { CustomerRow } from './loyalty-tables.js'

/** The same for the same text, and says nothing of it: an HMAC under the master key. */
export type Fingerprint = (text: string) => string

/** By what a person is known at a business. */
export interface Marked {
  readonly externalId?: string | null | undefined
  readonly phone?: string | null | undefined
  readonly email?: string | null | undefined
}

/** The marks of a person: what a tombstone keeps instead of external id, phone and email. */
export const marksOf = (
  fingerprint: Fingerprint,
  businessId: string,
  { externalId, phone, email }: Marked,
): readonly string[] =>
  Object.entries({ externalId, phone, email }).flatMap(([kind, value]) =>
    value === null || value === undefined ? [] : fingerprint(JSON.stringify(['tombstone', businessId, kind, value])),
  )

/** An erased customer is an empty row and marks: later events about them find either, and create nobody. */
export const createTombstones = (store: LoyaltyStore, fingerprint: Fingerprint): Tombstones<CustomerRow> => ({
  customer: store.lockedCustomer,
  bury: (customer, now): readonly Bound<unknown>[] => {
    if (customer.erasedAt !== null) return []
    const { id: customerId, businessId } = customer
    return [
      store.buryCustomer({ id: customerId, now }),
      ...marksOf(fingerprint, businessId, customer).map((mark) => store.addTombstone({ mark, customerId })),
    ]
  },
})
