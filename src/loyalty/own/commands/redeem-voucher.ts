import type { Decision, Found } from '../../../db/database.js'
import type { VoucherRow } from '../../loyalty-tables.js'
import type { OwnOrigin } from '../own-event.js'
import { newId } from '../own-ids.js'
import { byId, NO_ROWS, type OwnRows, rowsAfter } from '../own-rows.js'
import { type RedeemRefusal, type RedeemVia, redeemRefusal } from '../redemption.js'
import { voucherRedeemed } from '../voucher-events.js'
import { type CommandNeeds, isOf, wakeFor, writesOf } from './commands.js'

export interface RedeemVoucher {
  readonly businessId: string
  readonly voucherId: string
  readonly by: {
    readonly staffId: string | null
    /** The customer who redeems alone (`self`): nobody else's voucher. */
    readonly customerId: string | null
    readonly via: RedeemVia
  }
  /** Who the staff member is as a customer: their own vouchers somebody else redeems. */
  readonly byCustomerIds: readonly string[]
  readonly locationId: string | null
  readonly receiptId: string | null
  /** Of the caller's request: the same key redeems once, and is told so each time. */
  readonly key?: string | null
  readonly origin: OwnOrigin
  /** Unix ms */
  readonly now: number
}

export type VoucherRedemption =
  | { readonly kind: 'redeemed'; readonly voucher: VoucherRow }
  | ({ readonly kind: 'refused' } & RedeemRefusal)

/** Redeems a voucher of our own, once, however many ask for it at the same time. */
export const createRedeemVoucher =
  (needs: CommandNeeds) =>
  async (asked: RedeemVoucher): Promise<VoucherRedemption> => {
    const { db, loyalty } = needs
    const [known] = await db.read(loyalty.voucherById({ id: asked.voucherId }))
    if (!known) return { kind: 'refused', reason: 'not_found' }
    const redemption = await db.atomically(redeemReads(needs, known, asked.key), (found) =>
      decideRedemption(needs, asked, found),
    )
    if (redemption.kind === 'redeemed') wakeFor(needs, known.customerId)
    return redemption
  }

export type RedeemReads = ReturnType<typeof redeemReads>

/** What `decideRedemption` decides on, customer and voucher locked; for whoever redeems as a part of a batch of their own. */
export const redeemReads = (
  { loyalty, own, businessById }: CommandNeeds,
  { id, customerId, businessId }: Pick<VoucherRow, 'id' | 'customerId' | 'businessId'>,
  key: string | null = null,
) => ({
  customer: loyalty.lockedCustomer({ id: customerId }),
  voucher: loyalty.lockedVoucher({ id }),
  redeemed: own.redemptionOf({ voucherId: id }),
  same: key === null ? null : own.redemptionById({ id: newId('red', businessId, key) }),
  business: businessById({ id: businessId }),
})

/** What redeeming comes to on the rows of `redeemReads`, with the writes that do it. Pure. */
export const decideRedemption = (
  needs: CommandNeeds,
  asked: RedeemVoucher,
  found: Found<RedeemReads>,
): Decision<VoucherRedemption> => {
  const { businessId, voucherId, by, byCustomerIds, origin, locationId, receiptId, key = null, now } = asked
  const [voucher] = found.voucher
  const [business] = found.business
  const [customer] = found.customer
  const isTheirs = customer?.erasedAt === null && (by.via !== 'self' || customer.id === by.customerId)
  if (!voucher || !customer || !isTheirs || !isOf(businessId, business)) return refuse({ reason: 'not_found' })
  // Taken back since, it stays so: what the request was to do was done.
  if (found.same[0]?.voucherId === voucherId) return { writes: [], result: { kind: 'redeemed', voucher } }
  const refusal = redeemRefusal(voucher, found.redeemed[0], { via: by.via, byCustomerIds, now })
  if (refusal) return refuse(refusal)
  const event = voucherRedeemed({ business, customer, origin, locationId, at: now }, voucher, {
    id: newId('red', voucher.businessId, key),
    via: by.via,
    staffId: by.staffId,
    receiptId,
  })
  const before: OwnRows = { ...NO_ROWS, vouchers: byId([voucher]) }
  const after = rowsAfter(before, event).vouchers.get(voucherId) ?? voucher
  return { writes: writesOf(needs, before, [event]), result: { kind: 'redeemed', voucher: after } }
}

const refuse = (refusal: RedeemRefusal): Decision<VoucherRedemption> => ({
  writes: [],
  result: { kind: 'refused', ...refusal },
})
