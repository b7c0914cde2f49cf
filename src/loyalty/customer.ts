import type { JournaledEvent } from '../events/journaled-event.js'
import { freshest } from './freshness.js'
import type { CustomerRow } from './loyalty-tables.js'

/** The customer after an event; the very row that was known if it says nothing new. */
export const customerAfter = (
  event: JournaledEvent,
  known: { readonly customer: CustomerRow | undefined; readonly isDemoPerson: boolean },
  now: number,
): CustomerRow => {
  const { wallet_pass_id, id: externalId, name, phone, email, birthday, language } = event.payload.customer
  const { customerId: id, businessId } = event
  const before = known.customer ?? newCustomer({ id, businessId, externalId, isDemo: known.isDemoPerson }, now)
  return toldOf(before, { walletPassId: wallet_pass_id, name, phone, email, birthday, language }, event.occurredAt)
}

type Profile = ReturnType<typeof profileOf>

/** The customer with what is said of them, true at `at` (Unix ms); the very row if it is nothing new. */
export const toldOf = (
  customer: CustomerRow,
  said: { readonly [Field in keyof Profile]?: Profile[Field] | undefined },
  at: number,
): CustomerRow => {
  const { fields, times } = freshest(profileOf(customer), customer.profileTimes, said, at)
  return times === customer.profileTimes ? customer : { ...customer, ...fields, profileTimes: times }
}

const profileOf = ({ walletPassId, name, phone, email, birthday, language }: CustomerRow) => ({
  walletPassId,
  name,
  phone,
  email,
  birthday,
  language,
})

/** Somebody of whom nothing is known yet. */
export const newCustomer = (
  { id, businessId, externalId, isDemo }: Pick<CustomerRow, 'id' | 'businessId' | 'externalId' | 'isDemo'>,
  now: number,
): CustomerRow => ({
  id,
  businessId,
  externalId,
  isDemo,
  walletPassId: null,
  name: null,
  phone: null,
  email: null,
  birthday: null,
  language: null,
  profileTimes: {},
  erasedAt: null,
  createdAt: now,
})
