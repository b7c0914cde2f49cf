import { asc } from 'drizzle-orm'
import { type Database, statement, type Values } from '../db/database.js'
import { type GateCheck, PASS } from '../deliveries/gate.js'
import { loyaltyTables } from './loyalty-tables.js'
import type { VoucherState } from './transition.js'

/**
 * Nobody is handed a voucher that was redeemed while its message was being tried again: a message that had begun could not
 * be taken back when the voucher was redeemed.
 */
export const createVoucherGate = (db: Database): GateCheck<{ id: string; state: VoucherState }[]> => {
  const { vouchers } = db.tables(loyaltyTables)
  const forGate = statement(
    'vouchers for gate',
    (q, v: Values<{ ids: string }>) =>
      q
        .select({ id: vouchers.id, state: vouchers.state })
        .from(vouchers)
        .where(db.kit.oneOf(vouchers.id, v.ids))
        .orderBy(asc(vouchers.id)),
    { mode: 'share' },
  )
  return {
    name: 'voucher',
    read: (batch) => forGate({ ids: JSON.stringify(batch.flatMap(({ voucherId }) => voucherId ?? [])) }),
    judge: (rows) => {
      const states = new Map(rows.map(({ id, state }) => [id, state]))
      return ({ purpose, voucherId, carries }) => {
        // Answers and edits show what has become of it. What else happened at the visit is told all the same: the picture shows
        // the voucher as redeemed, and the edit that redeeming caused waits for it.
        if (purpose !== 'event' || voucherId === null || carries !== null) return PASS
        return states.get(voucherId) === 'redeemed' ? { kind: 'skip', reason: 'superseded' } : PASS
      }
    },
  }
}
