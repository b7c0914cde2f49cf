import type { Decision } from '../../db/database.js'
import type { CardRow } from '../loyalty-tables.js'
import { stampUndone, standingOf } from './card-events.js'
import { type CommandNeeds, isOf, ruledCard, wakeFor, writesOf } from './commands.js'
import type { Cause, OwnOrigin } from './own-event.js'
import { byId, NO_ROWS, type OwnRows, rowsAfter } from './own-rows.js'
import { settingsIn } from './settings.js'
import { unstamp } from './stamping.js'
import { rewardInUse, type UndoRefusal, undoRefusal } from './undoing.js'
import { voucherExpired } from './voucher-events.js'

export interface UndoStamp {
  readonly businessId: string
  /** Must be the stamp's; null where nobody said. */
  readonly cardId: string | null
  readonly stampId: string
  readonly locationId: string | null
  readonly origin: OwnOrigin
  /** Unix ms */
  readonly now: number
}

export type StampUndo =
  | { readonly kind: 'undone'; readonly card: CardRow }
  | ({ readonly kind: 'refused' } & UndoRefusal)

/**
 * Takes a mistaken stamp back, with the goals that the card has no longer reached then and what they earned; not if any of
 * that was used.
 */
export const createUndoStamp =
  (needs: CommandNeeds) =>
  async ({ businessId, cardId, stampId, locationId, origin, now }: UndoStamp): Promise<StampUndo> => {
    const { db, loyalty, own, businessById } = needs
    const [stamp] = await db.read(own.stampById({ id: stampId }))
    const [known] = stamp ? await db.read(loyalty.cardById({ id: stamp.cardId })) : []
    const card = known && (await ruledCard(needs, known))
    if (!stamp || !card || (cardId !== null && card.id !== cardId)) return { kind: 'refused', reason: 'not_found' }
    const lost = { cardId: card.id, count: stamp.count }
    const undo = await db.atomically(
      {
        customer: loyalty.lockedCustomer({ id: stamp.customerId }),
        card: loyalty.lockedCard({ id: card.id }),
        stamp: own.stampById({ id: stampId }),
        business: businessById({ id: stamp.businessId }),
        settings: own.settingsOf({ businessId: stamp.businessId }),
        vouchers: own.vouchersLost(lost),
        rewards: own.rewardsLost(lost),
      },
      (found): Decision<StampUndo> => {
        const [customer, row, undone, business] = [found.customer[0], found.card[0], found.stamp[0], found.business[0]]
        if (!customer || !row || !undone || !isOf(businessId, business)) return refuse({ reason: 'not_found' })
        const vouchers = found.vouchers.map(({ voucher }) => voucher)
        const refusal =
          undoRefusal(undone, now, settingsIn(found.settings).undoLimitMs) ?? rewardInUse(found.rewards, vouchers)
        if (refusal) return refuse(refusal)
        const cause: Cause = { business, customer, origin, locationId, at: Math.max(now, row.countsAt + 1) }
        const open = vouchers.filter(({ state }) => state === 'issued' || state === 'active')
        const events = [
          stampUndone(cause, card, unstamp(standingOf(row), undone), stampId),
          ...open.map((voucher) => voucherExpired(cause, voucher)),
        ]
        const rows: OwnRows = {
          ...NO_ROWS,
          cards: byId([row]),
          stamps: byId([undone]),
          vouchers: byId(vouchers),
          rewards: byId(found.rewards.map(({ reward }) => reward)),
        }
        const after = events.reduce(rowsAfter, rows).cards.get(row.id) ?? row
        return { writes: writesOf(needs, rows, events), result: { kind: 'undone', card: after } }
      },
    )
    if (undo.kind === 'undone') wakeFor(needs, stamp.customerId)
    return undo
  }

const refuse = (refusal: UndoRefusal): Decision<StampUndo> => ({ writes: [], result: { kind: 'refused', ...refusal } })
