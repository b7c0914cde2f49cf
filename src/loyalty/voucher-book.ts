import type { VoucherBook } from '../../bots/chats/voucher-book.js'
import type { Bound } from '../db/database.js'
import { voucherFacts } from './facts.js'
import { typedNumber } from './numbers.js'
import { type CommandNeeds, wakeFor } from './own/commands.js'
import { decideRedemption, type RedeemReads, redeemReads } from './own/redeem-voucher.js'

export interface VoucherBookOptions extends CommandNeeds {
  /** A business and its sisters. */
  readonly familyOf: (values: { rootId: string }) => Bound<readonly { readonly id: string }[]>
}

/** Vouchers as a staff chat asks about them, and redeems them in the batch of its own turn. */
export const createVoucherBook = (options: VoucherBookOptions): VoucherBook<RedeemReads> => {
  const { db, loyalty, familyOf } = options
  /** The ids of a business and its sisters, as a JSON array. */
  const family = async (rootId: string): Promise<string> =>
    JSON.stringify((await db.read(familyOf({ rootId }))).map(({ id }) => id))
  return {
    named: async (businessId, text) => {
      const businessIds = await family(businessId)
      const number = typedNumber(text)
      const numbered = number === null ? [] : await db.read(loyalty.vouchersNumbered({ businessIds, number }))
      if (numbered.length > 0) return numbered
      // Promo codes are in capitals, and typed in haste.
      return db.read(loyalty.vouchersWithCode({ businessIds, codes: JSON.stringify([text, text.toUpperCase()]) }))
    },
    place: async (businessId, id) => {
      const [place] = await db.read(loyalty.voucherPlace({ businessIds: await family(businessId), id }))
      return place ?? null
    },
    reads: ({ voucherId, customerId, businessId }) => redeemReads(options, { id: voucherId, customerId, businessId }),
    // An erased person's voucher is nobody's any more.
    known: ({ voucher: [voucher], customer: [customer] }) =>
      voucher && customer && customer.erasedAt === null
        ? {
            facts: voucherFacts(voucher),
            stateAt: voucher.stateAt,
            customerId: voucher.customerId,
            customerName: customer.name,
          }
        : null,
    redeem: (found, { businessId, staffId, theirCustomerIds, locationId, now }) => {
      const [voucher] = found.voucher
      if (!voucher) return { redemption: { kind: 'refused', reason: 'not_found' }, writes: [] }
      const { result, writes } = decideRedemption(
        options,
        {
          businessId,
          voucherId: voucher.id,
          by: { staffId, customerId: null, via: 'staff_scanner' },
          byCustomerIds: theirCustomerIds,
          locationId,
          receiptId: null,
          origin: 'chat',
          now,
        },
        found,
      )
      return { redemption: result, writes }
    },
    redeemed: ({ customerId }) => wakeFor(options, customerId),
  }
}
