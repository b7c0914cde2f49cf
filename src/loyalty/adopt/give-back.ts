import type { CardRow, CustomerRow, VoucherRow } from '../loyalty-tables.js'
import type { OwnEvent } from '../own/own-event.js'
import { byId, NO_ROWS, type OwnRows, rowsAfter } from '../own/own-rows.js'
import type { DrawRow, RewardRow, StampRow } from '../own/own-tables.js'
import type { AdoptedRow, Before } from './adopt-tables.js'
import { type AdoptionCause, cardGivenBack, voucherGivenBack } from './adoption-events.js'

/** What was taken over of a customer, and how it stands now. */
export interface Standing {
  /** Undefined, or erased: then nothing is 7stamp's again. */
  readonly customer: CustomerRow | undefined
  readonly adopted: readonly AdoptedRow[]
  readonly cards: readonly CardRow[]
  readonly vouchers: readonly VoucherRow[]
  /** Those of the cards that stand. */
  readonly stamps: readonly StampRow[]
  /** Those that the cards have earned and that were not taken back, and which of them were played. */
  readonly rewards: readonly RewardRow[]
  readonly draws: readonly DrawRow[]
}

export interface GivenBack {
  /** The mirror's rows as they were. */
  readonly restored: readonly Before[]
  readonly before: OwnRows
  readonly after: OwnRows
  readonly events: readonly OwnEvent[]
  /** What became of each. */
  readonly adopted: readonly AdoptedRow[]
}

/**
 * Gives a customer's cards and vouchers back to 7stamp, as the mirror had them. A voucher that was redeemed here meanwhile stays
 * ours: given back, it could be redeemed a second time.
 */
export const giveBack = (
  standing: Standing,
  { business, adoptionId }: Pick<AdoptionCause, 'business' | 'adoptionId'>,
  now: number,
): GivenBack => {
  const { customer } = standing
  const cards = byId(standing.cards)
  const vouchers = byId(standing.vouchers)
  const before: OwnRows = {
    ...NO_ROWS,
    cards,
    vouchers,
    stamps: byId(standing.stamps),
    rewards: byId(standing.rewards),
    draws: new Map(standing.draws.map((draw) => [draw.rewardId, draw])),
  }
  const outcomes = standing.adopted.map((row) => {
    const own = row.before.kind === 'card' ? cards.get(row.id) : vouchers.get(row.id)
    if (!customer || customer.erasedAt !== null || own?.master !== 'own' || isRedeemedSince(row.before, own))
      return { row: { ...row, undo: 'stays' as const }, events: [] }
    const at = Math.max(now, 'countsAt' in own ? own.countsAt + 1 : own.stateAt)
    const cause = { business, customer, origin: 'import', locationId: null, at, adoptionId } as const
    const event = 'countsAt' in own ? cardGivenBack(cause, own) : voucherGivenBack(cause, own)
    const stampsSince = 'countsAt' in own ? (own.stampsTotal ?? 0) - (row.stamps ?? 0) : null
    return { row: { ...row, undo: 'given_back' as const, stampsSince }, events: [event] }
  })
  const events = outcomes.flatMap((outcome) => outcome.events)
  return {
    restored: outcomes.flatMap(({ row }) => (row.undo === 'given_back' ? [row.before] : [])),
    before,
    after: events.reduce(rowsAfter, before),
    events,
    adopted: outcomes.map(({ row }) => row),
  }
}

const isRedeemedSince = (before: Before, own: CardRow | VoucherRow): boolean =>
  before.kind === 'voucher' && 'state' in own && own.state === 'redeemed' && before.row.state !== 'redeemed'
