import type { SendResult } from '../../bots/messenger.js'
import type { Clock } from '../clock.js'
import { type Bound, type Database, demand } from '../db/database.js'
import { AppError } from '../errors.js'
import type { Log } from '../log.js'
import type { Claimed } from './delivery.js'
import type { ResultRow } from './dispatch-statements.js'
import type { LaneDriver } from './lane-driver.js'
import type { Holding } from './lane-keeper.js'
import type { LaneStore } from './lane-store.js'
import type { Ledger } from './ledger.js'
import type { Outcome } from './outcome.js'
import type { ResendStore } from './resend-store.js'

export interface RecordOptions {
  readonly db: Database
  readonly ledger: Ledger
  readonly resends: ResendStore
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

/**
 * Commits what became of one try: the delivery's state, the try where it tells more than that, and what it says about the
 * chat and the lane.
 */
export const recordResult = async (options: RecordOptions, delivery: Claimed, tried: Tried): Promise<void> => {
  const { db, log, holding } = options
  try {
    await db.write(...writesOf(options, delivery, tried))
  } catch (error) {
    const isLate = error instanceof AppError && error.code === 'conflict'
    if (!isLate) throw error
    await db.write(...lateWritesOf(options, delivery, tried))
  }
  const { tryNumber, startedAt, endedAt, result, outcome } = tried
  const level = result.status === 'sent' ? 'debug' : 'info'
  if (!log.isLevelEnabled(level)) return
  const line = {
    delivery: delivery.id,
    lane: holding.laneId,
    attempt: tryNumber,
    outcome: result.status,
    reason: outcome.reason,
    elapsedMs: endedAt - startedAt,
  }
  log[level](line, 'delivery.attempted')
}

const writesOf = (options: RecordOptions, delivery: Claimed, tried: Tried): Bound<unknown>[] => {
  const { ledger, holding } = options
  const result = demand(1, ledger.recordResult({ ...resultRow(delivery, tried), fence: holding.fence }))
  if (isPlainSuccess(tried)) return [result, ...besideOf(options, delivery, tried)]
  return [
    result,
    ...(tried.outcome.isTry ? [attemptOf(options, delivery, tried)] : []),
    ...sidesOf(options, delivery, tried),
  ]
}

/** The lane's next owner has taken the delivery for `unknown` meanwhile, and written a try that says so. */
const lateWritesOf = (options: RecordOptions, delivery: Claimed, tried: Tried): Bound<unknown>[] => [
  options.ledger.recordLateResult(resultRow(delivery, tried)),
  ...(tried.outcome.isTry ? [attemptOf(options, delivery, tried)] : []),
  ...sidesOf(options, delivery, tried),
]

/**
 * A first try that simply succeeded is told in full by the delivery: when it began (`sendingAt`), when it ended (`sentAt`).
 * A row of its own would nearly double what most deliveries write.
 */
const isPlainSuccess = ({ tryNumber, outcome }: Tried): boolean => tryNumber === 1 && outcome.state === 'sent'

const besideOf = ({ driver }: RecordOptions, delivery: Claimed, { result, endedAt }: Tried): Bound<unknown>[] =>
  driver.beside?.(delivery, result, endedAt) ?? []

const resultRow = ({ id }: Claimed, { endedAt, outcome }: Tried): ResultRow => ({
  id,
  state: outcome.state,
  reason: outcome.reason,
  messageId: outcome.messageId,
  dueAt: outcome.dueAt,
  sentAt: outcome.state === 'sent' ? endedAt : null,
  uncounted: outcome.isTry ? 0 : 1,
  now: endedAt,
})

const attemptOf = ({ ledger, holding }: RecordOptions, { id }: Claimed, tried: Tried): Bound<unknown> =>
  ledger.recordAttempt({
    deliveryId: id,
    attempt: tried.tryNumber,
    fence: holding.fence,
    startedAt: tried.startedAt,
    endedAt: tried.endedAt,
    outcome: tried.result.status,
    reason: tried.outcome.reason,
  })

/** What a result says about others than its delivery. */
const sidesOf = (options: RecordOptions, delivery: Claimed, tried: Tried): Bound<unknown>[] => {
  const { lanes, holding, driver } = options
  const { result, endedAt, outcome } = tried
  const { reason, pauseLaneUntil, laneDown } = outcome
  return [
    ...besideOf(options, delivery, tried),
    ...(result.status === 'unreachable' ? driver.unreachable(delivery, result, endedAt) : []),
    ...(pauseLaneUntil === null
      ? []
      : [lanes.pause({ id: holding.laneId, until: pauseLaneUntil, downReason: laneDown ? reason : null })]),
  ]
}
