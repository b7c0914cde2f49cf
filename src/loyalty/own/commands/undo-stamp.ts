import type { Decision, Found } from '../../../db/database.js'
import type { CardRow } from '../../loyalty-tables.js'
import { type RuledCard, stampUndone, standingOf } from '../card-events.js'
import type { Cause, OwnOrigin } from '../own-event.js'
import { byId, NO_ROWS, type OwnRows, rowsAfter } from '../own-rows.js'
import type { StampRow } from '../own-tables.js'
import { settingsIn } from '../settings.js'
import { unstamp } from '../stamping.js'
import { voucherExpired } from '../voucher-events.js'
import { type CommandNeeds, isOf, ruledCard, wakeFor, writesOf } from './commands.js'
import { rewardInUse, type UndoRefusal, undoRefusal } from './undoing.js'

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
  async (asked: UndoStamp): Promise<StampUndo> => {
    const { db, loyalty, own } = needs
    const [stamp] = await db.read(own.stampById({ id: asked.stampId }))
    const [known] = stamp ? await db.read(loyalty.cardById({ id: stamp.cardId })) : []
    const card = known && (await ruledCard(needs, known))
    if (!stamp || !card || (asked.cardId !== null && card.id !== asked.cardId)) return NOT_FOUND
    const undo = await db.atomically(undoReads(needs, stamp), (found) => decideUndo(needs, card, asked, found))
    if (undo.kind === 'undone') wakeFor(needs, stamp.customerId)
    return undo
  }

export type UndoReads = ReturnType<typeof undoReads>

/** What `decideUndo` decides on, customer and card locked; for whoever undoes as a part of a batch of their own. */
export const undoReads = (
  { loyalty, own, businessById }: CommandNeeds,
  { id, customerId, cardId, businessId, count }: StampRow,
) => ({
  customer: loyalty.lockedCustomer({ id: customerId }),
  card: loyalty.lockedCard({ id: cardId }),
  stamp: own.stampById({ id }),
  business: businessById({ id: businessId }),
  others: own.carriedByOthers({ cardId, stampId: id }),
  settings: own.settingsOf({ businessId }),
  vouchers: own.vouchersLost({ cardId, count }),
  rewards: own.rewardsLost({ cardId, count }),
})

/** What taking a stamp back comes to on the rows of `undoReads`, with the writes that do it. Pure. */
export const decideUndo = (
  needs: CommandNeeds,
  card: RuledCard,
  { businessId, stampId, locationId, origin, now }: Omit<UndoStamp, 'cardId'>,
  found: Found<UndoReads>,
): Decision<StampUndo> => {
  const [customer, row, undone, business] = [found.customer[0], found.card[0], found.stamp[0], found.business[0]]
  if (!customer || customer.erasedAt !== null || !row || !undone || !isOf(businessId, business))
    return refuse(NOT_FOUND)
  const vouchers = found.vouchers.map(({ voucher }) => voucher)
  const refusal =
    undoRefusal(undone, now, settingsIn(found.settings).undoLimitMs) ?? rewardInUse(found.rewards, vouchers)
  if (refusal) return refuse(refusal)
  const cause: Cause = { business, customer, origin, locationId, at: Math.max(now, row.countsAt + 1) }
  const open = vouchers.filter(({ state }) => state === 'issued' || state === 'active')
  const events = [
    stampUndone(cause, card, unstamp(standingOf(row), undone, found.others[0]?.carried ?? 0), stampId),
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
}

const NOT_FOUND = { kind: 'refused', reason: 'not_found' } as const

const refuse = (refusal: UndoRefusal): Decision<StampUndo> => ({ writes: [], result: { kind: 'refused', ...refusal } })
