import type { Decision } from '../../../db/database.js'
import type { VoucherRow } from '../../loyalty-tables.js'
import { shortNumberOf } from '../../numbers.js'
import type { OwnOrigin } from '../own-event.js'
import { newId } from '../own-ids.js'
import { NO_ROWS } from '../own-rows.js'
import { issuedBy } from '../own-voucher.js'
import { isPast } from '../redemption.js'
import { voucherIssued } from '../voucher-events.js'
import type { VoucherOffer } from '../voucher-offer.js'
import { type CommandNeeds, freeNumberOf, isOf, wakeFor, writesOf } from './commands.js'

export interface IssueVoucher {
  readonly businessId: string
  readonly customerId: string
  /** A card of this customer that it belongs to. */
  readonly cardId: string | null
  readonly offer: VoucherOffer
  /** Of the caller's request: the same key issues one voucher. */
  readonly key: string | null
  readonly origin: OwnOrigin
  readonly locationId: string | null
  /** Unix ms */
  readonly now: number
}

export type VoucherIssue =
  /** `isNew` is false when this key has issued it before. */
  | { readonly kind: 'issued'; readonly voucher: VoucherRow; readonly isNew: boolean }
  | { readonly kind: 'refused'; readonly reason: IssueRefusal }

/** `over`: its last moment is past before anybody has it. */
type IssueRefusal = 'customer_not_found' | 'card_not_found' | 'over'

/** Gives a customer a voucher of our own. */
export const createIssueVoucher =
  (needs: CommandNeeds) =>
  async (asked: IssueVoucher): Promise<VoucherIssue> => {
    const { db, loyalty, businessById } = needs
    const { customerId, cardId, offer, origin, locationId, now } = asked
    // luxon comes along, 4 MB that a process without vouchers to issue does not pay.
    const { lastMomentOf } = await import('../validity.js')
    const [found] = await db.read(loyalty.customerById({ id: customerId }))
    if (!found) return { kind: 'refused', reason: 'customer_not_found' }
    const { businessId } = found
    const id = newId('v', businessId, asked.key)
    const issue = await db.atomically(
      {
        customer: loyalty.lockedCustomer({ id: customerId }),
        card: cardId === null ? null : loyalty.cardById({ id: cardId }),
        same: loyalty.lockedVoucher({ id }),
        business: businessById({ id: businessId }),
        taken: loyalty.numbersTaken({ businessId, numbers: JSON.stringify([shortNumberOf(id)]) }),
      },
      (found): Decision<VoucherIssue> => {
        const [customer] = found.customer
        const [business] = found.business
        const [same] = found.same
        if (!customer || customer.erasedAt !== null || !isOf(asked.businessId, business))
          return refuse('customer_not_found')
        if (cardId !== null && found.card[0]?.customerId !== customerId) return refuse('card_not_found')
        if (same) return { writes: [], result: { kind: 'issued', voucher: same, isNew: false } }
        const expiresAt = lastMomentOf(offer.validity, now, business.timeZone)
        if (isPast(expiresAt, now)) return refuse('over')
        const event = voucherIssued({ business, customer, origin, locationId, at: now }, offer, {
          id,
          number: freeNumberOf(id, found.taken),
          card: cardId === null ? null : { id: cardId, goalIndex: null },
          expiresAt,
        })
        return {
          writes: writesOf(needs, NO_ROWS, [event]),
          result: { kind: 'issued', voucher: issuedBy(event), isNew: true },
        }
      },
    )
    if (issue.kind === 'issued' && issue.isNew) wakeFor(needs, customerId)
    return issue
  }

const refuse = (reason: IssueRefusal): Decision<VoucherIssue> => ({ writes: [], result: { kind: 'refused', reason } })
