import type { VoucherRow } from '../loyalty-tables.js'
import type { RedemptionRow } from './own-tables.js'
import type { Happened } from './own-voucher.js'

export type RedeemVia = 'staff_scanner' | 'self' | 'redeem_code' | 'api'

export type RedeemRefusal =
  | { readonly reason: 'not_found' | 'expired' | 'not_active' | 'managed_by_7stamp' }
  /** It is the staff member's own. */
  | { readonly reason: 'own_voucher' }
  /** The customer may not redeem it alone. */
  | { readonly reason: 'staff_only' }
  /** `at` is Unix ms; `locationId` is null where nobody said. */
  | { readonly reason: 'already_redeemed'; readonly at: number; readonly locationId: string | null }

/** Why a voucher cannot be redeemed now; null if it can. */
export const redeemRefusal = (
  voucher: VoucherRow,
  redeemed: RedemptionRow | undefined,
  asked: { readonly via: RedeemVia; readonly byCustomerIds: readonly string[]; readonly now: number },
): RedeemRefusal | null => {
  if (voucher.master === '7stamp') return { reason: 'managed_by_7stamp' }
  if (voucher.state === 'redeemed')
    return {
      reason: 'already_redeemed',
      at: redeemed?.at ?? voucher.stateAt,
      locationId: redeemed?.locationId ?? null,
    }
  if (voucher.state === 'expired' || isPast(voucher.expiresAt, asked.now)) return { reason: 'expired' }
  if (voucher.state !== 'active') return { reason: 'not_active' }
  if (asked.via === 'self') return voucher.redemption === 'self' ? null : { reason: 'staff_only' }
  return asked.byCustomerIds.includes(voucher.customerId) ? { reason: 'own_voucher' } : null
}

/** Whether a voucher that ends at `at` (null: never) can no longer be used; both Unix ms. */
export const isPast = (at: number | null, now: number): boolean => at !== null && at <= now

/** The redemption that an event tells of, after it. */
export const redemptionAfter = (
  { businessId, customerId, occurredAt, payload }: Happened,
  known: RedemptionRow | undefined,
): RedemptionRow | undefined => {
  if (payload.event === 'voucher_issued' && known) return { ...known, undoneAt: occurredAt }
  if (payload.event !== 'voucher_redeemed' || !payload.redemption?.id || !payload.voucher?.id) return known
  return {
    id: payload.redemption.id,
    businessId,
    customerId,
    voucherId: payload.voucher.id,
    via: payload.voucher.redeemed_via ?? 'api',
    staffId: payload.redemption.staff_id ?? null,
    locationId: payload.location_id ?? null,
    receiptId: payload.redemption.receipt_id ?? null,
    at: occurredAt,
    undoneAt: null,
  }
}

/** The redemption that an event makes or takes back. */
export const redemptionIdIn = ({ payload }: Happened): string | null => {
  if (payload.event === 'voucher_issued') return payload.undoes ?? null
  return payload.event === 'voucher_redeemed' ? (payload.redemption?.id ?? null) : null
}
