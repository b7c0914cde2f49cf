import type { Bound, Database } from '../db/database.js'
import { isGone } from './lane-owner.js'
import type { LaneStore } from './lane-store.js'
import type { Ledger } from './ledger.js'
import type { ResendStore } from './resend-store.js'

/** What a new owner gets with the lane. `unknown` counts what died in flight with the last owner. */
export interface Taken {
  readonly businessId: string
  readonly fence: number
  readonly pausedUntil: number
  readonly isDown: boolean
  readonly unknown: number
}

export interface TakeOverNeeds {
  readonly db: Database
  readonly lanes: LaneStore
  readonly ledger: Ledger
  readonly resends: ResendStore
  /** Names this process in the lane's row. */
  readonly owner: string
}

const REASON = 'the process ended while it was sending'

/**
 * Takes a free lane, or null if somebody has it. In the same commit what the last owner was sending becomes `unknown`: bytes
 * may have left. What edits a message in place, everything on a lane that shows a message once however often it is sent, and
 * what the business wants sent again, simply goes again.
 */
export const takeOver = async (
  { db, lanes, ledger, resends, owner }: TakeOverNeeds,
  laneId: string,
  idempotent: boolean,
  leaseMs: number,
): Promise<Taken | null> =>
  db.atomically(
    {
      lane: lanes.forTaking({ id: laneId }),
      sending: ledger.inFlight({ lane: laneId }),
      resent: resends.chosenOnLane({ laneId }),
    },
    ({ lane: [lane], sending, resent }, now) => {
      if (!lane || !(lane.isFree || isGone(lane.owner))) return { writes: [], result: null }
      const fence = lane.fence + 1
      // An edit whose message has no id was sent as a new message, and that may have arrived.
      const isRepeatable = (row: (typeof sending)[number]) =>
        idempotent || row.editedMessageId !== null || resent.some(({ purpose }) => purpose === row.purpose)
      const writes: Bound<unknown>[] = [
        lanes.take({ id: laneId, owner, fence, leaseMs }),
        ...sending.flatMap((row) => endOf(ledger, row, isRepeatable(row) ? 'pending' : 'unknown', now)),
      ]
      const { businessId, pausedUntil, downReason } = lane
      const unknown = sending.filter((row) => !isRepeatable(row)).length
      return { writes, result: { businessId, fence, pausedUntil, isDown: downReason !== null, unknown } }
    },
  )

interface Interrupted {
  readonly id: string
  readonly attempts: number
  readonly fence: number | null
  readonly sendingAt: number | null
}

const endOf = (ledger: Ledger, row: Interrupted, state: 'pending' | 'unknown', now: number): Bound<unknown>[] => {
  const fence = row.fence ?? 0
  return [
    ledger.recordResult({
      id: row.id,
      fence,
      state,
      reason: REASON,
      messageId: null,
      dueAt: now,
      sentAt: null,
      uncounted: 0,
      now,
    }),
    ledger.recordAttempt({
      deliveryId: row.id,
      attempt: row.attempts,
      fence,
      startedAt: row.sendingAt ?? now,
      endedAt: now,
      outcome: 'unknown',
      reason: REASON,
    }),
  ]
}
