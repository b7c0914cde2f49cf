import type { SendResult } from '../../bots/messenger.js'
import type { Clock } from '../clock.js'
import { type Bound, type Database, demand } from '../db/database.js'
import { AppError } from '../errors.js'
import type { Log } from '../log.js'
import type { ResultRow, SentRow } from './dispatch-statements.js'
import type { ClaimedContent, LaneDriver } from './lane-driver.js'
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
  readonly delivery: ClaimedContent
  /** From 1. */
  readonly tryNumber: number
  readonly startedAt: number
  readonly endedAt: number
  readonly result: SendResult
  readonly outcome: Outcome
}

/**
 * What is written of tries: each delivery's state, the try where it tells more than that, and what it says about the chat
 * and the lane. Written together or not at all: one whose delivery has been taken from this owner meanwhile is a conflict
 * for all of them, and then each is for `recordResult`.
 */
export const resultWrites = (options: RecordOptions, ended: readonly Tried[]): Bound<unknown>[] => {
  const plain = ended.filter(isPlainSuccess)
  const others = ended.filter((tried) => !isPlainSuccess(tried))
  return [
    ...sentTogether(options, plain),
    ...plain.flatMap((tried) => besideOf(options, tried)),
    ...others.flatMap((tried) => writesOf(options, tried)),
  ]
}

/** Commits what became of one try. */
export const recordResult = async (options: RecordOptions, tried: Tried): Promise<void> => {
  const { db } = options
  try {
    await db.write(...resultWrites(options, [tried]))
  } catch (error) {
    const isLate = error instanceof AppError && error.code === 'conflict'
    if (!isLate) throw error
    await db.write(...lateWritesOf(options, tried))
  }
}

export const logTry = ({ log, holding }: RecordOptions, tried: Tried): void => {
  const { delivery, tryNumber, startedAt, endedAt, result, outcome } = tried
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

const sentTogether = ({ ledger, holding }: RecordOptions, plain: readonly Tried[]): Bound<unknown>[] => {
  if (plain.length === 0) return []
  const rows = plain.map(({ delivery, outcome, endedAt }): SentRow => [delivery.id, outcome.messageId, endedAt])
  return [demand(rows.length, ledger.recordSent({ rows: JSON.stringify(rows), fence: holding.fence }))]
}

const writesOf = (options: RecordOptions, tried: Tried): Bound<unknown>[] => {
  const { ledger, holding } = options
  return [
    demand(1, ledger.recordResult({ ...resultRow(tried), fence: holding.fence })),
    ...(tried.outcome.isTry ? [attemptOf(options, tried)] : []),
    ...sidesOf(options, tried),
  ]
}

/** The lane's next owner has taken the delivery for `unknown` meanwhile, and written a try that says so. */
const lateWritesOf = (options: RecordOptions, tried: Tried): Bound<unknown>[] => [
  options.ledger.recordLateResult(resultRow(tried)),
  ...(tried.outcome.isTry ? [attemptOf(options, tried)] : []),
  ...sidesOf(options, tried),
]

/**
 * A first try that simply succeeded is told in full by the delivery: when it began (`sendingAt`), when it ended (`sentAt`).
 * A row of its own would nearly double what most deliveries write.
 */
const isPlainSuccess = ({ tryNumber, outcome }: Tried): boolean => tryNumber === 1 && outcome.state === 'sent'

const besideOf = ({ driver }: RecordOptions, { delivery, result, endedAt }: Tried): Bound<unknown>[] =>
  driver.beside?.(delivery, result, endedAt) ?? []

const resultRow = ({ delivery, endedAt, outcome }: Tried): ResultRow => ({
  id: delivery.id,
  state: outcome.state,
  reason: outcome.reason,
  messageId: outcome.messageId,
  dueAt: outcome.dueAt,
  sentAt: outcome.state === 'sent' ? endedAt : null,
  uncounted: outcome.isTry ? 0 : 1,
  now: endedAt,
})

const attemptOf = ({ ledger, holding }: RecordOptions, tried: Tried): Bound<unknown> =>
  ledger.recordAttempt({
    deliveryId: tried.delivery.id,
    attempt: tried.tryNumber,
    fence: holding.fence,
    startedAt: tried.startedAt,
    endedAt: tried.endedAt,
    outcome: tried.result.status,
    reason: tried.outcome.reason,
  })

/** What a result says about others than its delivery. */
const sidesOf = (options: RecordOptions, tried: Tried): Bound<unknown>[] => {
  const { lanes, holding, driver } = options
  const { delivery, result, endedAt, outcome } = tried
  const { reason, pauseLaneUntil, laneDown } = outcome
  return [
    ...besideOf(options, tried),
    ...(result.status === 'unreachable' ? driver.unreachable(delivery, result, endedAt) : []),
    ...(pauseLaneUntil === null
      ? []
      : [lanes.pause({ id: holding.laneId, until: pauseLaneUntil, downReason: laneDown ? reason : null })]),
  ]
}
