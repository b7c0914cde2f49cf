import type { VoucherRow } from '../loyalty-tables.js'
import { voucherIn } from '../subjects.js'
import type { RedemptionRow } from './own-tables.js'
import { type Happened, ownVoucherAfter } from './own-voucher.js'
import { redemptionAfter, redemptionIdIn } from './redemption.js'

/** Rows of our own by id: those that a command has read, or all of a business when its journal is replayed. */
export interface OwnRows {
  readonly vouchers: ReadonlyMap<string, VoucherRow>
  readonly redemptions: ReadonlyMap<string, RedemptionRow>
}

export const NO_ROWS: OwnRows = { vouchers: new Map(), redemptions: new Map() }

export const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.id, row]))

/**
 * The rows after an event. Commands write what this makes of the events they cause, so replaying the journal gives the same
 * rows.
 */
export const rowsAfter = (rows: OwnRows, event: Happened): OwnRows => ({
  vouchers: changed(rows.vouchers, voucherIn(event.payload)?.id, (known) => ownVoucherAfter(event, known)),
  redemptions: changed(rows.redemptions, redemptionIdIn(event), (known) => redemptionAfter(event, known)),
})

const changed = <Row>(
  rows: ReadonlyMap<string, Row>,
  id: string | null | undefined,
  after: (known: Row | undefined) => Row | undefined,
): ReadonlyMap<string, Row> => {
  if (id === null || id === undefined) return rows
  const known = rows.get(id)
  const row = after(known)
  return row === undefined || row === known ? rows : new Map(rows).set(id, row)
}
