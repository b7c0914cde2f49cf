import type { LoggedDelivery } from '../deliveries/recipient-log.js'
import { statusIn } from './answer-note.js'
import { eventIdIn } from './subscription.js'

/** One try at a receiver. */
export interface LoggedTry {
  /** From 1. */
  readonly number: number
  /** Unix ms */
  readonly startedAt: number
  readonly durationMs: number
  /** Null where there was no answer. */
  readonly statusCode: number | null
  /** Null for one that got through. */
  readonly reason: string | null
}

/** What became of one event at one receiver. Times are Unix ms. */
export interface LogEntry {
  readonly id: string
  readonly eventId: string
  readonly purpose: string
  readonly state: string
  readonly reason: string | null
  readonly tries: readonly LoggedTry[]
  /** Null when there will be none. */
  readonly nextTryAt: number | null
  readonly createdAt: number
}

export interface TryRow {
  readonly deliveryId: string
  readonly attempt: number
  readonly startedAt: number
  readonly endedAt: number
  readonly outcome: string
  readonly reason: string | null
}

export const logEntryOf = (delivery: LoggedDelivery, rows: readonly TryRow[]): LogEntry => {
  const { id, source, purpose, state, reason, dueAt, createdAt } = delivery
  const tries = rows.filter(({ deliveryId }) => deliveryId === id).map((row) => tryOf(row, delivery))
  return {
    id,
    eventId: eventIdIn(source),
    purpose,
    state,
    reason,
    tries: tries.length > 0 ? tries : firstTryOf(delivery),
    nextTryAt: state === 'pending' ? dueAt : null,
    createdAt,
  }
}

const tryOf = ({ attempt, startedAt, endedAt, outcome, reason }: TryRow, { messageId }: LoggedDelivery): LoggedTry => ({
  number: attempt,
  startedAt,
  durationMs: endedAt - startedAt,
  statusCode: statusIn(outcome === 'sent' ? messageId : reason),
  reason,
})

/** A first try that got through has no row of its own. */
const firstTryOf = ({ attempts, sendingAt, sentAt, messageId }: LoggedDelivery): readonly LoggedTry[] =>
  attempts === 1 && sendingAt !== null && sentAt !== null
    ? [
        {
          number: 1,
          startedAt: sendingAt,
          durationMs: sentAt - sendingAt,
          statusCode: statusIn(messageId),
          reason: null,
        },
      ]
    : []
