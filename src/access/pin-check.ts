import { type Database, type Decision, demand } from '../db/database.js'
import { type Fingerprint, pinHashOf } from './pin.js'
import { lockedUntil, recentTries, triesLeft, WINDOW_MS } from './pin-tries.js'
import { namedBy, type StaffMember } from './staff.js'
import { createStaffStore } from './staff-store.js'

export interface TypedPin {
  readonly businessId: string
  /** Where the device stands; null if it is not known, and then the PIN must be one person's in the whole business. */
  readonly locationId: string | null
  readonly chatId: string
  /** As it was typed. */
  readonly pin: string
  /** Unix ms */
  readonly now: number
}

export type PinAnswer =
  | { readonly kind: 'cashier'; readonly staff: StaffMember }
  /** With `triesLeft` 0 the next one is refused, whatever it is. */
  | { readonly kind: 'wrong'; readonly triesLeft: number }
  | { readonly kind: 'locked'; readonly untilMs: number }

/** Who typed this PIN. Nobody's, another location's and a malformed one are all the same wrong. */
export type CashierByPin = (typed: TypedPin) => Promise<PinAnswer>

export const createPinCheck = (db: Database, fingerprint: Fingerprint): CashierByPin => {
  const store = createStaffStore(db)
  return ({ businessId, locationId, chatId, pin, now }) => {
    const pinHash = pinHashOf(fingerprint, businessId, pin)
    return db.atomically(
      { tries: store.lockedTries({ chatId }), holders: store.byPin({ businessId, pinHash }) },
      ({ tries: [tries], holders }): Decision<PinAnswer> => {
        const recent = recentTries(tries?.wrongAt ?? [], now)
        const untilMs = lockedUntil(recent)
        if (untilMs !== null) return { writes: [], result: { kind: 'locked', untilMs } }
        const staff = namedBy(holders, locationId)
        // A right one does not clear the wrong ones: with a PIN of one's own, others' could be tried without end.
        if (staff) return { writes: [], result: { kind: 'cashier', staff } }
        const wrongAt = [...recent, now]
        const row = { chatId, wrongAt, lastWrongAt: now }
        const count = tries ? store.saveTries(row) : demand(1, store.addTries(row))
        const drop = store.dropTriesBefore({ time: now - WINDOW_MS })
        return { writes: [count, drop], result: { kind: 'wrong', triesLeft: triesLeft(wrongAt) } }
      },
    )
  }
}
