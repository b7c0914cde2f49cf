import type { VoucherBook } from '../../bots/chats/voucher-book.js'
import { voucherFacts } from './facts.js'
import { type FamilyNeeds, familyIds } from './family.js'
import { typedNumber } from './numbers.js'
import { type CommandNeeds, wakeFor } from './own/commands.js'
import { decideRedemption, type RedeemReads, redeemReads } from './own/redeem-voucher.js'

export type VoucherBookOptions = CommandNeeds & FamilyNeeds

/** Vouchers as a staff chat asks about them, and redeems them in the batch of its own turn. */
export const createVoucherBook = (options: VoucherBookOptions): VoucherBook<RedeemReads> => {
  const { db, loyalty } = options
  return {
    named: async (businessId, text) => {
      const businessIds = await familyIds(options, businessId)
      const number = typedNumber(text)
      const numbered = number === null ? [] : await db.read(loyalty.vouchersNumbered({ businessIds, number }))
      if (numbered.length > 0) return numbered
      // Promo codes are in capitals, and typed in haste.
      return db.read(loyalty.vouchersWithCode({ businessIds, codes: JSON.stringify([text, text.toUpperCase()]) }))
    },
    place: async (businessId, id) => {
      const [place] = await db.read(loyalty.voucherPlace({ businessIds: await familyIds(options, businessId), id }))
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
