import type { RedeemCodeFormat, RedemptionKind } from '../transition.js'
import type { Validity } from './validity.js'

/** What a voucher promises, before anybody has it. */
export interface VoucherOffer {
  /** Null for one that was written by hand. */
  readonly templateId: string | null
  readonly title: string
  readonly description: string | null
  /** The till's promo code; null for a code of its own, which is its number. */
  readonly redeemCode: string | null
  readonly formats: readonly RedeemCodeFormat[]
  readonly validity: Validity
  readonly redemption: RedemptionKind
}
