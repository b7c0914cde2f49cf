import type { VoucherBook, VoucherPlace } from '../../bots/chats/voucher-book.js'
import { voucherFacts } from './facts.js'
import { type FamilyNeeds, familyIds, isFamily } from './family.js'
import type { LookupStore } from './lookup-store.js'
import type { VoucherRow } from './loyalty-tables.js'
import { typedCodes, typedNumber } from './numbers.js'
import { type CommandNeeds, wakeFor } from './own/commands/commands.js'
import { decideRedemption, type RedeemReads, redeemReads } from './own/commands/redeem-voucher.js'

export type VoucherBookOptions = CommandNeeds & FamilyNeeds & { readonly lookups: LookupStore }

/** Vouchers as a staff chat asks about them, and redeems them in the batch of its own turn. */
export const createVoucherBook = (options: VoucherBookOptions): VoucherBook<RedeemReads> => {
  const { db, lookups } = options
  return {
    named: async (businessId, text) => {
      const businessIds = await familyIds(options, businessId)
      const number = typedNumber(text)
      const numbered = number === null ? [] : await db.read(lookups.vouchersNumbered({ businessIds, number }))
      const codes = JSON.stringify(typedCodes(text))
      const found = numbered.length > 0 ? numbered : await db.read(lookups.vouchersWithCode({ businessIds, codes }))
      return found.map(placeOf)
    },
    place: async (businessId, id) => {
      const [voucher] = await db.read(lookups.voucherById({ id }))
      return voucher && (await isFamily(options, businessId, voucher.businessId)) ? placeOf(voucher) : null
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

const placeOf = ({ id, customerId, businessId }: VoucherRow): VoucherPlace => ({
  voucherId: id,
  customerId,
  businessId,
})
