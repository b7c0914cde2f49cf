import type { Decision } from '../../../db/database.js'
import type { VoucherRow } from '../../loyalty-tables.js'
import type { OwnOrigin } from '../own-event.js'
import { byId, NO_ROWS, type OwnRows, rowsAfter } from '../own-rows.js'
import { settingsIn } from '../settings.js'
import { redemptionUndone } from '../voucher-events.js'
import { type CommandNeeds, isOf, wakeFor, writesOf } from './commands.js'
import { undoRefusal } from './undoing.js'

export interface UndoRedemption {
  readonly businessId: string
  readonly voucherId: string
  readonly locationId: string | null
  readonly origin: OwnOrigin
  /** Unix ms */
  readonly now: number
}

export type RedemptionUndo =
  | { readonly kind: 'undone'; readonly voucher: VoucherRow }
  | { readonly kind: 'refused'; readonly reason: 'not_found' | 'not_redeemed' | 'too_late' | 'managed_by_7stamp' }

/** Takes a mistaken redemption back: the voucher is the customer's to use again. */
export const createUndoRedemption =
  (needs: CommandNeeds) =>
  async ({ businessId, voucherId, locationId, origin, now }: UndoRedemption): Promise<RedemptionUndo> => {
    const { db, loyalty, own, businessById } = needs
    const [known] = await db.read(loyalty.voucherById({ id: voucherId }))
    if (!known) return { kind: 'refused', reason: 'not_found' }
    const undo = await db.atomically(
      {
        customer: loyalty.lockedCustomer({ id: known.customerId }),
        voucher: loyalty.lockedVoucher({ id: voucherId }),
        redemption: own.redemptionOf({ voucherId }),
        business: businessById({ id: known.businessId }),
        settings: own.settingsOf({ businessId: known.businessId }),
      },
      (found): Decision<RedemptionUndo> => {
        const [voucher, customer, business] = [found.voucher[0], found.customer[0], found.business[0]]
        if (!voucher || !customer || customer.erasedAt !== null || !isOf(businessId, business))
          return refuse('not_found')
        if (voucher.master === '7stamp') return refuse('managed_by_7stamp')
        const [redemption] = found.redemption
        if (!redemption || voucher.state !== 'redeemed') return refuse('not_redeemed')
        if (undoRefusal(redemption, now, settingsIn(found.settings).undoLimitMs)) return refuse('too_late')
        const event = redemptionUndone({ business, customer, origin, locationId, at: now }, voucher, redemption.id)
        const rows: OwnRows = { ...NO_ROWS, vouchers: byId([voucher]), redemptions: byId([redemption]) }
        const after = rowsAfter(rows, event).vouchers.get(voucherId) ?? voucher
        return { writes: writesOf(needs, rows, [event]), result: { kind: 'undone', voucher: after } }
      },
    )
    if (undo.kind === 'undone') wakeFor(needs, known.customerId)
    return undo
  }

const refuse = (reason: (RedemptionUndo & { kind: 'refused' })['reason']): Decision<RedemptionUndo> => ({
  writes: [],
  result: { kind: 'refused', reason },
})
