import type { EventCard, EventVoucher, LoyaltyEvent } from '../events/glossary.js'
import type { JournaledEvent } from '../events/journaled-event.js'
import { derivedId } from '../ids.js'
import { masterOf } from './master.js'

/** What an event is about, by our ids: known from the event alone, before anything is read. */
export interface Subjects {
  readonly cardId: string | null
  readonly voucherId: string | null
  readonly locationId: string | null
}

/** What the event is about, by our ids. */
export const subjectsOf = ({ businessId, origin, payload }: JournaledEvent): Subjects => {
  if (masterOf(origin) === 'own') return ownSubjectsOf(payload)
  const card = cardIn(payload)
  const voucher = voucherIn(payload)
  const location = payload.location_id
  return {
    cardId: card && cardIdOf(businessId, card.id),
    voucherId: voucher && voucherIdOf(businessId, voucher.id),
    locationId: location === undefined ? null : locationIdOf(businessId, location),
  }
}

/** Our own events say our ids. */
const ownSubjectsOf = (payload: LoyaltyEvent): Subjects => ({
  cardId: cardIn(payload)?.id ?? null,
  voucherId: voucherIn(payload)?.id ?? null,
  locationId: payload.location_id ?? null,
})

/** Our ids of 7stamp's cards, vouchers and locations. */
export const cardIdOf = (businessId: string, externalId: string): string => derivedId('card', businessId, externalId)
export const voucherIdOf = (businessId: string, externalId: string): string => derivedId('v', businessId, externalId)
/** Our id of 7stamp's location. */
export const locationIdOf = (businessId: string, externalId: string): string => derivedId('loc', businessId, externalId)

/** A card that the event names. */
export type NamedCard = EventCard & { readonly id: string }
export type NamedVoucher = Partial<EventVoucher> & { readonly id: string }

/** The card that the event names. */
export const cardIn = ({ card }: LoyaltyEvent): NamedCard | null =>
  card?.id === undefined ? null : { ...card, id: card.id }

/** The voucher that the event names, if only as the prize of a lottery. */
export const voucherIn = (payload: LoyaltyEvent): NamedVoucher | null => {
  const voucher = 'voucher' in payload ? payload.voucher : undefined
  const id = voucher?.id ?? prizeIn(payload)
  return id === undefined ? null : { ...voucher, id }
}

const prizeIn = (payload: LoyaltyEvent): string | undefined =>
  'lottery' in payload ? payload.lottery?.voucher_id : undefined
