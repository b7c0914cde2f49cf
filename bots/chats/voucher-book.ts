import type { Bound, Found, Reads } from '../../src/db/database.js'
import type { VoucherFacts } from '../../src/loyalty/transition.js'
import type { Redemption } from '../conversation/staff/staff-facts.js'

/** Which voucher it is, and whose. */
export interface VoucherPlace {
  readonly voucherId: string
  readonly customerId: string
  /** The business that issued it, or its sister. */
  readonly businessId: string
}

/** A voucher as the loyalty core knows it. */
export interface KnownVoucher {
  readonly facts: VoucherFacts
  /** When it came into its state, Unix ms. */
  readonly stateAt: number
  readonly customerId: string
  readonly customerName: string | null
}

/** Who redeems, where and when. */
export interface Redeeming {
  readonly businessId: string
  /** Null in a chat of one's own, which is the owner's. */
  readonly staffId: string | null
  /** Whom the very person who redeems is known as: their own vouchers somebody else redeems. */
  readonly theirCustomerIds: readonly string[]
  readonly locationId: string | null
  /** Unix ms */
  readonly now: number
}

/** What redeeming comes to; the writes do it, in the batch that read the rows. */
export interface RedemptionPlan {
  readonly redemption: Redemption
  readonly writes: readonly Bound<unknown>[]
}

/** What the staff chats ask about vouchers. `main` gives the loyalty core's answers. */
export interface VoucherBook<R extends Reads = Reads> {
  /** Vouchers of this business and its sisters with this number or redeem code: none, one, or two of many. */
  named(businessId: string, text: string): Promise<readonly VoucherPlace[]>
  /** Null for one that is not of this business or its sisters. */
  place(businessId: string, voucherId: string): Promise<VoucherPlace | null>
  /** The reads that together hold everything `known` and `redeem` need; they lock the voucher. */
  reads(place: VoucherPlace): R
  known(found: Found<R>): KnownVoucher | null
  /** Pure. */
  redeem(found: Found<R>, redeeming: Redeeming): RedemptionPlan
  /** After the commit: those who are to hear of it hear of it at once. Never fails, never waits. */
  redeemed(place: VoucherPlace): void
}
