import type { JournaledEvent } from '../../events/journaled-event.js'
import type { CardRow, VoucherRow } from '../loyalty-tables.js'
import { cardIn, voucherIn } from '../subjects.js'

/** A card as our event left it: more may have happened to it before the event is told. */
export const cardThen = ({ payload }: JournaledEvent, card: CardRow): CardRow => {
  const named = cardIn(payload)
  return card.master === 'own' && named?.stamps !== undefined ? { ...card, stamps: named.stamps } : card
}

/** The same of a voucher. */
export const voucherThen = ({ payload }: JournaledEvent, voucher: VoucherRow): VoucherRow => {
  const state = voucherIn(payload)?.status
  return voucher.master === 'own' && state !== undefined ? { ...voucher, state } : voucher
}
