import { NO_ROWS, type OwnRows, rowsAfter } from '../own-rows.js'
import type { Happened } from '../own-voucher.js'

/**
 * Our own cards and vouchers with their history as the journal tells of them, from nothing. `events` are in the journal's
 * order; those of 7stamp's cards change nothing of ours. Everything of one customer follows from that customer's events.
 */
export const replay = (events: readonly Happened[]): OwnRows => events.reduce(rowsAfter, NO_ROWS)
