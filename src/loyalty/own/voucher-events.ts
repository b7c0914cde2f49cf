import type { VoucherRow } from '../loyalty-tables.js'
import type { VoucherState } from '../transition.js'
import { type Cause, type OwnEvent, ownEvent } from './own-event.js'
import { ownEventId } from './own-ids.js'
import type { RedeemVia } from './redemption.js'
import type { VoucherOffer } from './voucher-offer.js'

/** What an offer becomes in somebody's hands. */
export interface NewVoucher {
  readonly id: string
  /** Free in the business. */
  readonly number: string
  readonly card: { readonly id: string; readonly goalIndex: number | null } | null
  /** Unix ms, or null for one without end. */
  readonly expiresAt: number | null
}

/** A voucher of our own, to be used at once. Without a redeem code of its own it is redeemed by its number. */
export const voucherIssued = (cause: Cause, offer: VoucherOffer, voucher: NewVoucher): OwnEvent => {
  const { id, number, card, expiresAt } = voucher
  const redeemCode = offer.redeemCode ?? number
  const block = voucherBlock(
    { ...offer, id, number, redeemCode, redeemCodeFormats: offer.formats, expiresAt },
    'active',
  )
  return ownEvent(cause, ownEventId('voucher_issued', id), 'voucher_issued', {
    ...(card && { card: { id: card.id, goal_index: card.goalIndex } }),
    voucher: block,
  })
}

export const voucherRedeemed = (
  cause: Cause,
  voucher: VoucherRow,
  redemption: {
    readonly id: string
    readonly via: RedeemVia
    readonly staffId: string | null
    readonly receiptId: string | null
  },
): OwnEvent => {
  const { id, via, staffId, receiptId } = redemption
  return ownEvent(cause, ownEventId('voucher_redeemed', id), 'voucher_redeemed', {
    ...cardOf(voucher),
    voucher: { ...voucherBlock(voucher, 'redeemed'), redeemed_via: via },
    redemption: { id, staff_id: staffId, receipt_id: receiptId },
  })
}

/** There is no event for a redemption taken back: the voucher is issued again, as it was. */
export const redemptionUndone = (cause: Cause, voucher: VoucherRow, redemptionId: string): OwnEvent =>
  ownEvent(cause, ownEventId('voucher_issued', voucher.id, redemptionId), 'voucher_issued', {
    undoes: redemptionId,
    ...cardOf(voucher),
    voucher: voucherBlock(voucher, 'active'),
  })

/** Its time is over, or what earned it was taken back. */
export const voucherExpired = (cause: Cause, voucher: VoucherRow): OwnEvent =>
  ownEvent(cause, ownEventId('voucher_expired', voucher.id), 'voucher_expired', {
    ...cardOf(voucher),
    voucher: voucherBlock(voucher, 'expired'),
  })

const cardOf = ({ cardId }: VoucherRow) => (cardId === null ? {} : { card: { id: cardId } })

type Told = Pick<
  VoucherRow,
  | 'id'
  | 'number'
  | 'templateId'
  | 'title'
  | 'description'
  | 'redeemCode'
  | 'redeemCodeFormats'
  | 'redemption'
  | 'expiresAt'
>

/** A voucher of our own in 7stamp's words. */
export const voucherBlock = (voucher: Told, status: VoucherState) => ({
  id: voucher.id,
  number: voucher.number,
  template_id: voucher.templateId,
  type: 'voucher',
  title: voucher.title,
  description: voucher.description,
  redeem_code: voucher.redeemCode,
  redeem_code_formats: voucher.redeemCodeFormats,
  redemption: voucher.redemption,
  status,
  expires_at: voucher.expiresAt === null ? null : new Date(voucher.expiresAt).toISOString(),
})
