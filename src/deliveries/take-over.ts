import type { Bound, Database } from '../db/database.js'
import { isGone } from './lane-owner.js'
import type { LaneStore } from './lane-store.js'
import type { Ledger } from './ledger.js'

/** What a new owner gets with the lane. `unknown` counts what died in flight with the last owner. */
export interface Taken {
  readonly businessId: string
  readonly fence: number
  readonly pausedUntil: number
  readonly unknown: number
}

/**
 * Takes a free lane, or null if somebody has it. In the same commit the last owner's claims go back to pending, and what it
 * was sending becomes `unknown`: bytes may have left. Edits, and everything on a lane that shows a message once however often
 * it is sent, simply go again.
 */
export const takeOver = async (
  { db, lanes, ledger, owner }: { db: Database; lanes: LaneStore; ledger: Ledger; owner: string },
  laneId: string,
  idempotent: boolean,
  leaseMs: number,
): Promise<Taken | null> =>
  db.atomically(
    { lane: lanes.forTaking({ id: laneId }), inHand: ledger.inHand({ lane: laneId }) },
    ({ lane: [lane], inHand }, now) => {
      if (!lane || !(lane.isFree || isGone(lane.owner))) return { writes: [], result: null }
      const fence = lane.fence + 1
      const writes: Bound<unknown>[] = [lanes.take({ id: laneId, owner, fence, leaseMs })]
      if (inHand.length > 0) writes.push(ledger.releaseClaims({ lane: laneId, now }))
      let unknown = 0
      for (const row of inHand) {
        if (row.state !== 'sending') continue
        const again = idempotent || row.editsId !== null
        if (!again) unknown++
        const state = again ? 'pending' : 'unknown'
        const reason = 'the process ended while it was sending'
        writes.push(
          ledger.recordResult({ id: row.id, state, reason, messageId: null, dueAt: now, sentAt: null, now }),
          ledger.recordAttempt({
            deliveryId: row.id,
            attempt: row.attempts,
            fence: row.fence ?? 0,
            startedAt: row.sendingAt ?? now,
            endedAt: now,
            outcome: 'unknown',
            reason,
          }),
        )
      }
      return { writes, result: { businessId: lane.businessId, fence, pausedUntil: lane.pausedUntil, unknown } }
    },
  )
