import type { Caller } from '../../access/authentication.js'
import type { Database } from '../../db/database.js'
import { AppError } from '../../errors.js'
import type { CustomerStore } from '../customer-store.js'
import type { LookupStore } from '../lookup-store.js'
import type { VoucherRow } from '../loyalty-tables.js'
import { typedCodes, typedNumber } from '../numbers.js'
import { newId } from '../own/own-ids.js'
import type { OwnStore } from '../own/own-store.js'
import { isPast } from '../own/redemption.js'
import { type CustomerDesk, unknown } from './customer-desk.js'

export interface VoucherFinderNeeds {
  readonly db: Database
  readonly lookups: LookupStore
  readonly customers: CustomerStore
  readonly own: Pick<OwnStore, 'redemptionById'>
  readonly desk: CustomerDesk
}

/** What a till has: the code, and whatever else tells whose voucher it is. */
export interface Presented {
  readonly redeem_code: string
  readonly voucher_no?: string | undefined
  readonly card_id?: string | undefined
  readonly customer?:
    | { readonly id?: string | undefined; readonly phone?: string | undefined; readonly email?: string | undefined }
    | undefined
}

/**
 * Finds the voucher that is presented. A code that several vouchers have needs a second identifier; of one customer's
 * vouchers with the same code the usable one that ends first is meant, at `now` (Unix ms). `retryOf` is the key of a request
 * that may have redeemed one already: that one is meant then. Throws AppError: 'not_found', 'redeem_code_ambiguous'.
 */
export type FindPresented = (
  caller: Caller,
  presented: Presented,
  retryOf: string | null,
  now: number,
) => Promise<VoucherRow>

export const createVoucherFinder = ({ db, lookups, customers, own, desk }: VoucherFinderNeeds): FindPresented => {
  const customersIn = async (caller: Caller, businessIds: string, { customer, card_id }: Presented) => {
    if (card_id !== undefined) return [(await desk.card(caller, card_id)).customerId]
    if (customer?.id !== undefined) return [(await desk.customer(caller, customer.id)).id]
    const known =
      customer?.phone !== undefined
        ? customers.withPhone({ businessIds, phone: customer.phone })
        : customers.withEmail({ businessIds, email: customer?.email ?? '' })
    return (await db.read(known)).map(({ id }) => id)
  }

  const candidatesFor = async (caller: Caller, presented: Presented): Promise<readonly VoucherRow[]> => {
    const { redeem_code: code, voucher_no, card_id, customer } = presented
    const businessIds = await desk.familyIds(caller)
    const spellings = typedCodes(code)
    const codes = JSON.stringify(spellings)
    const numbered = async (typed: string) =>
      db.read(lookups.vouchersNumbered({ businessIds, number: typedNumber(typed) ?? typed }))
    // A voucher without a promo code is redeemed by its own number, however it is typed.
    const byNumber = (await numbered(code)).filter(
      ({ redeemCode, number }) => redeemCode === null || redeemCode === number,
    )
    if (voucher_no !== undefined)
      return (await numbered(voucher_no)).filter(
        ({ id, redeemCode }) =>
          spellings.some((spelling) => spelling === redeemCode) || byNumber.some((same) => same.id === id),
      )
    if (card_id === undefined && customer === undefined)
      return once([...byNumber, ...(await db.read(lookups.vouchersWithCode({ businessIds, codes })))])
    const whose = await customersIn(caller, businessIds, presented)
    const theirs = await Promise.all(
      whose.map((customerId) => db.read(lookups.vouchersOfCustomerWithCode({ customerId, codes }))),
    )
    return once([...byNumber.filter(({ customerId }) => whose.includes(customerId)), ...theirs.flat()]).filter(
      ({ cardId }) => card_id === undefined || cardId === null || cardId === card_id,
    )
  }

  /** The one that the same request has redeemed before, whoever has vouchers with the same code by now. */
  const redeemedBy = async (caller: Caller, key: string): Promise<VoucherRow | null> => {
    const businessIds: readonly string[] = JSON.parse(await desk.familyIds(caller))
    for (const businessId of businessIds) {
      const [redemption] = await db.read(own.redemptionById({ id: newId('red', businessId, key) }))
      if (redemption) return desk.voucher(caller, redemption.voucherId)
    }
    return null
  }

  return async (caller, presented, retryOf, now) => {
    const before = retryOf === null ? null : await redeemedBy(caller, retryOf)
    if (before) return before
    const candidates = await candidatesFor(caller, presented)
    const isTold = presented.voucher_no ?? presented.card_id ?? presented.customer
    if (isTold === undefined && candidates.length > 1)
      throw new AppError(
        'redeem_code_ambiguous',
        'Several vouchers have this code: send voucher_no, card_id or customer as well.',
      )
    const [best] = [...candidates].sort(usableFirst(now))
    if (!best) throw unknown('voucher')
    return best
  }
}

const once = (vouchers: readonly VoucherRow[]): readonly VoucherRow[] => [
  ...new Map(vouchers.map((voucher) => [voucher.id, voucher])).values(),
]

const usableFirst =
  (now: number) =>
  (a: VoucherRow, b: VoucherRow): number =>
    rankOf(a, now) - rankOf(b, now) ||
    (a.expiresAt ?? Number.MAX_SAFE_INTEGER) - (b.expiresAt ?? Number.MAX_SAFE_INTEGER)

/** One whose time is over may not have been told so yet. */
const rankOf = ({ state, expiresAt }: VoucherRow, now: number): number =>
  ['active', 'issued', 'expired', 'redeemed'].indexOf(
    state !== 'redeemed' && isPast(expiresAt, now) ? 'expired' : state,
  )
