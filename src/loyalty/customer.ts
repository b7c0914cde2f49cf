import type { JournaledEvent } from '../events/journaled-event.js'
import { freshest } from './freshness.js'
import type { CustomerRow } from './loyalty-tables.js'

/** The customer after an event; the very row that was known if it says nothing new. */
export const customerAfter = (
  event: JournaledEvent,
  known: { readonly customer: CustomerRow | undefined; readonly isDemoPerson: boolean },
  now: number,
): CustomerRow => {
  const before = known.customer ?? newCustomer(event, known.isDemoPerson, now)
  const { wallet_pass_id, name, phone, email, birthday, language } = event.payload.customer
  const said = { walletPassId: wallet_pass_id, name, phone, email, birthday, language }
  const { fields, times } = freshest(profileOf(before), before.profileTimes, said, event.occurredAt)
  return times === before.profileTimes ? before : { ...before, ...fields, profileTimes: times }
}

const profileOf = ({ walletPassId, name, phone, email, birthday, language }: CustomerRow) => ({
  walletPassId,
  name,
  phone,
  email,
  birthday,
  language,
})

const newCustomer = (event: JournaledEvent, isDemo: boolean, now: number): CustomerRow => ({
  id: event.customerId,
  businessId: event.businessId,
  externalId: event.payload.customer.id,
  walletPassId: null,
  name: null,
  phone: null,
  email: null,
  birthday: null,
  language: null,
  profileTimes: {},
  isDemo,
  erasedAt: null,
  createdAt: now,
})
