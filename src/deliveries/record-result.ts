import type { SendResult } from '../../bots/messenger.js'
import type { Clock } from '../clock.js'
import type { Bound, Database } from '../db/database.js'
import type { Log } from '../log.js'
import type { Claimed } from './delivery.js'
import type { LaneDriver } from './lane-driver.js'
import type { Holding } from './lane-keeper.js'
import type { LaneStore } from './lane-store.js'
import type { Ledger } from './ledger.js'
import { type Outcome, outcomeOf } from './outcome.js'

export interface RecordOptions {
  readonly db: Database
  readonly ledger: Ledger
  readonly lanes: LaneStore
  readonly clock: Clock
  readonly log: Log
  readonly holding: Holding
  readonly driver: LaneDriver
}

/** Commits what became of one try: the delivery's state, the attempt, and what it says about the chat and the lane. */
export const recordResult = async (
  options: RecordOptions,
  delivery: Claimed,
  result: SendResult,
  { tryNumber, startedAt }: { tryNumber: number; startedAt: number },
): Promise<Outcome> => {
  const { db, ledger, lanes, clock, log, holding, driver } = options
  const now = clock()
  const outcome = outcomeOf(result, tryNumber, driver.idempotent || delivery.editsId !== null, now)
  const { state, reason, messageId, dueAt } = outcome
  const writes: Bound<unknown>[] = [
    ledger.recordResult({
      id: delivery.id,
      state,
      reason,
      messageId,
      dueAt,
      sentAt: state === 'sent' ? now : null,
      now,
    }),
    ledger.recordAttempt({
      deliveryId: delivery.id,
      attempt: tryNumber,
      fence: holding.fence,
      startedAt,
      endedAt: now,
      outcome: result.status,
      reason,
    }),
  ]
  if (result.status === 'unreachable') writes.push(...driver.unreachable(delivery, result, now))
  if (outcome.pauseLaneUntil !== null)
    writes.push(
      lanes.pause({ id: holding.laneId, until: outcome.pauseLaneUntil, downReason: outcome.laneDown ? reason : null }),
    )
  await db.write(...writes)
  const line = { delivery: delivery.id, lane: holding.laneId, attempt: tryNumber, outcome: result.status, reason }
  if (result.status === 'sent') log.debug({ ...line, elapsedMs: now - startedAt }, 'delivery.attempted')
  else log.info({ ...line, elapsedMs: now - startedAt }, 'delivery.attempted')
  return outcome
}
