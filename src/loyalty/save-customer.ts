import { type Decision, demand } from '../db/database.js'
import { derivedId } from '../ids.js'
import type { CustomerStore } from './customer-store.js'
import { type FamilyNeeds, familyIds } from './family.js'
import type { LoyaltyStore } from './loyalty-store.js'
import type { CustomerRow } from './loyalty-tables.js'
import { type Fingerprint, marksOf } from './tombstones.js'

export interface CustomerNeeds extends FamilyNeeds {
  readonly loyalty: LoyaltyStore
  readonly customers: CustomerStore
  readonly fingerprint: Fingerprint
}

/** What somebody tells of a customer; undefined is "not said", null "there is none". */
export type Profile = {
  readonly [Field in 'name' | 'phone' | 'email' | 'birthday' | 'language']?: CustomerRow[Field] | undefined
}

/** By what a customer is known: E.164, or an email address in lower case. */
export type Contact =
  | { readonly phone: string; readonly email?: string | undefined }
  | { readonly phone?: undefined; readonly email: string }

export type SavedCustomer =
  | { readonly kind: 'saved'; readonly customer: CustomerRow; readonly isNew: boolean }
  /** `different_customers`: the phone is one's and the email another's. `customer_erased`: they asked to be forgotten. */
  | { readonly kind: 'refused'; readonly reason: 'different_customers' | 'customer_erased' }

export interface SaveCustomer {
  readonly businessId: string
  readonly contact: Contact
  readonly profile: Omit<Profile, 'phone' | 'email'>
  /** Unix ms */
  readonly now: number
}

/** Finds the customer with this phone or email, and makes one if there is none; however many ask at once, it is one. */
export const createSaveCustomer =
  (needs: CustomerNeeds) =>
  async ({ businessId, contact, profile, now }: SaveCustomer): Promise<SavedCustomer> => {
    const { db, loyalty, customers, fingerprint } = needs
    const { phone, email } = contact
    const businessIds = await familyIds(needs, businessId)
    const id = await freeIdFor(needs, businessId, contact)
    return db.atomically(
      {
        byPhone: phone === undefined ? null : customers.withPhone({ businessIds, phone }),
        byEmail: email === undefined ? null : customers.withEmail({ businessIds, email }),
        tombstones: loyalty.tombstonesWith({ marks: JSON.stringify(marksOf(fingerprint, businessId, contact)) }),
      },
      ({ byPhone, byEmail, tombstones }): Decision<SavedCustomer> => {
        // Several may share a phone, or an email: the one who has both is meant.
        const both = byPhone.filter(({ id: known }) => byEmail.some((other) => other.id === known))
        if (byPhone.length > 0 && byEmail.length > 0 && both.length === 0) return refuse('different_customers')
        const known = [...both, ...byPhone, ...byEmail][0]
        if (known) {
          const after = withProfile(known, { ...profile, phone, email }, now)
          const writes = after === known ? [] : [demand(1, loyalty.saveCustomer(after))]
          return { writes, result: { kind: 'saved', customer: after, isNew: false } }
        }
        if (tombstones.length > 0) return refuse('customer_erased')
        const customer = withProfile(newOwnCustomer(id, businessId, now), { ...profile, phone, email }, now)
        return {
          writes: [demand(1, loyalty.addCustomer(customer))],
          result: { kind: 'saved', customer, isNew: true },
        }
      },
    )
  }

/** The customer with what is said taken over; the very row that was given if it says nothing new. */
export const withProfile = (customer: CustomerRow, profile: Profile, now: number): CustomerRow => {
  let after = customer
  for (const field of ['name', 'phone', 'email', 'birthday', 'language'] as const) {
    const said = profile[field]
    if (said === undefined || said === customer[field]) continue
    after = { ...after, [field]: said, profileTimes: { ...after.profileTimes, [field]: now } }
  }
  return after
}

/** Follows from the contact, so that two who make the same person make one. A contact that was somebody else's has a next id. */
const freeIdFor = async (
  { db, loyalty }: CustomerNeeds,
  businessId: string,
  { phone, email }: Contact,
): Promise<string> => {
  for (let ordinal = 0; ; ordinal++) {
    const by = phone === undefined ? ['email', email ?? ''] : ['phone', phone]
    const id = derivedId('c', 'own', businessId, ...by, String(ordinal))
    const [taken] = await db.read(loyalty.customerById({ id }))
    if (!taken || (phone === undefined ? taken.email === email : taken.phone === phone)) return id
  }
}

/** Somebody of whom nothing is known yet. */
export const newOwnCustomer = (id: string, businessId: string, now: number): CustomerRow => ({
  id,
  businessId,
  externalId: null,
  walletPassId: null,
  name: null,
  phone: null,
  email: null,
  birthday: null,
  language: null,
  profileTimes: {},
  isDemo: false,
  erasedAt: null,
  createdAt: now,
})

const refuse = (reason: (SavedCustomer & { kind: 'refused' })['reason']): Decision<SavedCustomer> => ({
  writes: [],
  result: { kind: 'refused', reason },
})
