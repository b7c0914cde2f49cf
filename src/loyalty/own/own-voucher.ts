import type { JournaledEvent } from '../../events/journaled-event.js'
import type { VoucherRow } from '../loyalty-tables.js'
import { type NamedVoucher, voucherIn } from '../subjects.js'
import { isGivenBack } from './given-back.js'

/** What the reducers read of an event: the same when it is made and when it is replayed from the journal. */
export type Happened = Pick<JournaledEvent, 'id' | 'businessId' | 'customerId' | 'occurredAt' | 'payload'>

/**
 * A voucher of our own after an event; undefined for one that is 7stamp's again. Unlike the mirror's, our events come in their order and each really happened, so what
 * one says is taken as it is.
 */
export const ownVoucherAfter = (event: Happened, known: VoucherRow | undefined): VoucherRow | undefined => {
  const named = voucherIn(event.payload)
  if (!named) return known
  const stateAt = event.occurredAt
  switch (event.payload.event) {
    case 'voucher_issued':
      if (isGivenBack(event)) return undefined
      // The second time its redemption was taken back.
      return known ? { ...known, state: 'active', stateAt, redeemedVia: null } : newVoucher(event, named)
    case 'voucher_redeemed':
      return known && { ...known, state: 'redeemed', stateAt, redeemedVia: named.redeemed_via ?? null }
    case 'voucher_expired':
      return known && { ...known, state: 'expired', stateAt }
    default:
      return known
  }
}

/** The voucher that `voucher_issued` brings into the world. */
export const issuedBy = (event: Happened): VoucherRow => {
  const named = voucherIn(event.payload)
  if (!named) throw new Error(`${event.id} issues no voucher`)
  return newVoucher(event, named)
}

/** Unix ms */
export const momentIn = (time: string | undefined): number | null => (time === undefined ? null : Date.parse(time))

const newVoucher = (event: Happened, named: NamedVoucher): VoucherRow => ({
  id: named.id,
  businessId: event.businessId,
  customerId: event.customerId,
  externalId: named.external_id ?? null,
  master: 'own',
  number: named.number ?? named.id,
  cardId: event.payload.card?.id ?? null,
  templateId: named.template_id ?? null,
  title: named.title ?? null,
  description: named.description ?? null,
  redeemCode: named.redeem_code ?? null,
  redeemCodeFormats: named.redeem_code_formats ?? [],
  redemption: named.redemption ?? null,
  expiresAt: momentIn(named.expires_at),
  redeemedVia: named.redeemed_via ?? null,
  factTimes: {},
  state: named.status ?? 'active',
  stateAt: momentIn(named.state_at) ?? event.occurredAt,
  issuedAt: momentIn(named.issued_at) ?? event.occurredAt,
  createdAt: momentIn(named.issued_at) ?? event.occurredAt,
})
