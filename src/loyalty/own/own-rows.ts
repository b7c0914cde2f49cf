import type { CardRow, VoucherRow } from '../loyalty-tables.js'
import { cardIn, voucherIn } from '../subjects.js'
import { drawsAfter, rewardsAfter, stampsAfter } from './history.js'
import { ownCardAfter } from './own-card.js'
import type { DrawRow, RedemptionRow, RewardRow, StampRow } from './own-tables.js'
import { type Happened, ownVoucherAfter } from './own-voucher.js'
import { redemptionAfter, redemptionIdIn } from './redemption.js'

/** Rows of our own by id: those that a command has read, or all of a business when its journal is replayed. */
export interface OwnRows {
  readonly cards: ReadonlyMap<string, CardRow>
  readonly vouchers: ReadonlyMap<string, VoucherRow>
  readonly redemptions: ReadonlyMap<string, RedemptionRow>
  readonly stamps: ReadonlyMap<string, StampRow>
  readonly rewards: ReadonlyMap<string, RewardRow>
  /** By reward. */
  readonly draws: ReadonlyMap<string, DrawRow>
}

export const NO_ROWS: OwnRows = {
  cards: new Map(),
  vouchers: new Map(),
  redemptions: new Map(),
  stamps: new Map(),
  rewards: new Map(),
  draws: new Map(),
}

/** All rows of several; of a row that is in more than one the last counts. */
export const allRows = (some: readonly OwnRows[]): OwnRows => ({
  cards: new Map(some.flatMap(({ cards }) => [...cards])),
  vouchers: new Map(some.flatMap(({ vouchers }) => [...vouchers])),
  redemptions: new Map(some.flatMap(({ redemptions }) => [...redemptions])),
  stamps: new Map(some.flatMap(({ stamps }) => [...stamps])),
  rewards: new Map(some.flatMap(({ rewards }) => [...rewards])),
  draws: new Map(some.flatMap(({ draws }) => [...draws])),
})

export const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.id, row]))

/**
 * The rows after an event. Commands write what this makes of the events they cause, so replaying the journal gives the same
 * rows.
 */
export const rowsAfter = (rows: OwnRows, event: Happened): OwnRows => ({
  cards: changed(rows.cards, cardIn(event.payload)?.id, (known) => ownCardAfter(event, known)),
  vouchers: changed(rows.vouchers, voucherIn(event.payload)?.id, (known) => ownVoucherAfter(event, known)),
  redemptions: changed(rows.redemptions, redemptionIdIn(event), (known) => redemptionAfter(event, known)),
  stamps: stampsAfter(rows.stamps, event),
  rewards: rewardsAfter(rows.rewards, rows.draws, event),
  draws: drawsAfter(rows.draws, event),
})

const changed = <Row>(
  rows: ReadonlyMap<string, Row>,
  id: string | null | undefined,
  after: (known: Row | undefined) => Row | undefined,
): ReadonlyMap<string, Row> => {
  if (id === null || id === undefined) return rows
  const known = rows.get(id)
  const row = after(known)
  if (row === known) return rows
  if (row !== undefined) return new Map(rows).set(id, row)
  return new Map([...rows].filter(([other]) => other !== id))
}
