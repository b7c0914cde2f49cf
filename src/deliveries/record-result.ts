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

/** Whether all there is to say is that it was sent, and nobody else is concerned: such results can be written together. */
export const isPlainSuccess = ({ driver }: RecordOptions, tried: Tried): boolean =>
  isFirstSuccess(tried) && driver.beside === undefined

/**
 * The write of plain successes, all or none: one whose delivery was taken from this owner or told of by a receipt meanwhile
 * is a conflict for all of them, and then each is for `recordResult`.
 */
export const sentTogether = ({ ledger, holding }: RecordOptions, ended: readonly Tried[]): Bound<unknown>[] => {
  if (ended.length === 0) return []
  const rows = ended.map(({ delivery, outcome, endedAt }): SentRow => [delivery.id, outcome.messageId, endedAt])
  return [demand(rows.length, ledger.recordSent({ rows: JSON.stringify(rows), fence: holding.fence }))]
}

/** Commits what became of one try. */
export const recordResult = async (options: RecordOptions, tried: Tried): Promise<void> => {
  const { db } = options
  try {
    await db.write(...writesOf(options, tried))
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

const writesOf = (options: RecordOptions, tried: Tried): Bound<unknown>[] => {
  const { ledger, holding } = options
  return [
    demand(1, ledger.recordResult({ ...resultRow(tried), fence: holding.fence })),
    ...(tried.outcome.isTry && !isFirstSuccess(tried) ? [attemptOf(options, tried)] : []),
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
 * A first try that succeeded is told in full by the delivery: when it began (`sendingAt`), when it ended (`sentAt`). A row of
 * its own would nearly double what most deliveries write.
 */
const isFirstSuccess = ({ tryNumber, outcome }: Tried): boolean => tryNumber === 1 && outcome.state === 'sent'

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
    ...(driver.beside?.(delivery, result, endedAt) ?? []),
    ...(result.status === 'unreachable' ? driver.unreachable(delivery, result, endedAt) : []),
    ...(pauseLaneUntil === null
      ? []
      : [lanes.pause({ id: holding.laneId, until: pauseLaneUntil, downReason: laneDown ? reason : null })]),
  ]
}
