import { and, eq, isNull } from 'drizzle-orm'
import { type Bound, type Database, demand, insertion, statement, type Values } from '../../db/database.js'
import type { LoyaltyStore } from '../loyalty-store.js'
import type { OwnRows } from './own-rows.js'
import { ownTables, type RedemptionRow } from './own-tables.js'

/** The statements of what only our own cards and vouchers have. */
export type OwnStore = ReturnType<typeof createOwnStore>

export const createOwnStore = (db: Database) => {
  const { redemptions } = db.tables(ownTables)
  return {
    /** The one that stands. The voucher's row, locked before, keeps it from changing. */
    redemptionOf: statement('redemption of voucher', (q, v: Values<{ voucherId: string }>) =>
      q
        .select()
        .from(redemptions)
        .where(and(eq(redemptions.voucherId, v.voucherId), isNull(redemptions.undoneAt))),
    ),
    addRedemption: insertion('add redemption', redemptions, { ignoreExisting: true }),
    saveRedemption: statement('save redemption', (q, v: Values<RedemptionRow>) =>
      q.update(redemptions).set({ undoneAt: v.undoneAt }).where(eq(redemptions.id, v.id)),
    ),
  }
}

/** The writes that turn `before` into `after`. A row that is new is demanded, so whoever comes second decides again. */
export const changesOf = (
  loyalty: LoyaltyStore,
  own: OwnStore,
  before: OwnRows,
  after: OwnRows,
): readonly Bound<unknown>[] => [
  ...differences(before.vouchers, after.vouchers, loyalty.addVoucher, loyalty.saveVoucher),
  ...differences(before.redemptions, after.redemptions, own.addRedemption, own.saveRedemption),
]

const differences = <Row>(
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
  add: (row: Row) => Bound<unknown>,
  save: (row: Row) => Bound<unknown>,
): Bound<unknown>[] =>
  [...after].flatMap(([id, row]) => {
    const known = before.get(id)
    if (known === row) return []
    return known === undefined ? [demand(1, add(row))] : [demand(1, save(row))]
  })
