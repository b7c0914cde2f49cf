import type { SendResult } from '../../bots/messenger.js'
import type { Clock } from '../clock.js'
import type { Bound, Database } from '../db/database.js'
import type { Log } from '../log.js'
import type { Claimed } from './delivery.js'
import type { LaneDriver } from './lane-driver.js'
import type { Holding } from './lane-keeper.js'
import type { LaneStore } from './lane-store.js'
import type { Ledger } from './ledger.js'
import type { Outcome } from './outcome.js'

export interface RecordOptions {
  readonly db: Database
  readonly ledger: Ledger
  readonly lanes: LaneStore
  readonly clock: Clock
  readonly log: Log
  readonly holding: Holding
  readonly driver: LaneDriver
}

/** One try of a delivery and what came of it. */
export interface Tried {
  /** From 1. */
  readonly tryNumber: number
  readonly startedAt: number
  readonly endedAt: number
  readonly result: SendResult
  readonly outcome: Outcome
}

/** Commits what became of one try: the delivery's state, the attempt, and what it says about the chat and the lane. */
export const recordResult = async (options: RecordOptions, delivery: Claimed, tried: Tried): Promise<void> => {
  await options.db.write(...writesOf(options, delivery, tried))
  const { log, holding } = options
  const { tryNumber, startedAt, endedAt, result, outcome } = tried
  const line = {
    delivery: delivery.id,
    lane: holding.laneId,
    attempt: tryNumber,
    outcome: result.status,
    reason: outcome.reason,
    elapsedMs: endedAt - startedAt,
  }
  if (result.status === 'sent') log.debug(line, 'delivery.attempted')
  else log.info(line, 'delivery.attempted')
}

const writesOf = (
  { ledger, lanes, holding, driver }: RecordOptions,
  delivery: Claimed,
  { tryNumber, startedAt, endedAt, result, outcome }: Tried,
): Bound<unknown>[] => {
  const { state, reason, messageId, dueAt, isTry, pauseLaneUntil, laneDown } = outcome
  const { laneId, fence } = holding
  const writes: Bound<unknown>[] = [
    ledger.recordResult({
      id: delivery.id,
      fence,
      state,
      reason,
      messageId,
      dueAt,
      sentAt: state === 'sent' ? endedAt : null,
      uncounted: isTry ? 0 : 1,
      now: endedAt,
    }),
  ]
  if (isTry)
    writes.push(
      ledger.recordAttempt({
        deliveryId: delivery.id,
        attempt: tryNumber,
        fence,
        startedAt,
        endedAt,
        outcome: result.status,
        reason,
      }),
    )
  if (result.status === 'unreachable') writes.push(...driver.unreachable(delivery, result, endedAt))
  if (pauseLaneUntil !== null)
    writes.push(lanes.pause({ id: laneId, until: pauseLaneUntil, downReason: laneDown ? reason : null }))
  return writes
}
