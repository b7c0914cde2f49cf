import type { SendResult } from '../../bots/messenger.js'
import { assertNever } from '../errors.js'
import type { DeliveryState } from './delivery.js'

/** What the ledger writes down for a send result. */
export interface Outcome {
  readonly state: Extract<DeliveryState, 'sent' | 'pending' | 'failed' | 'unknown'>
  readonly reason: string | null
  readonly messageId: string | null
  /** Of `pending`: when to try again. */
  readonly dueAt: number | null
  /** Closes the whole lane until then. */
  readonly pauseLaneUntil: number | null
  /** The lane's identity is refused; a human must mend it. */
  readonly laneDown: boolean
}

/** Tries of one delivery whose failures are its own; waits that the provider asked of the whole lane are not counted. */
const MAX_TRIES = 8
const FIRST_BACKOFF_MS = 2_000
const MAX_BACKOFF_MS = 15 * 60_000
/** A lane whose token is refused is asked again this often: the owner may have put a new one in place. */
const DOWN_LANE_RETRY_MS = 60_000
/** An edit of a message, or a message to a provider that knows our id, may be sent twice; it waits a moment first. */
const RESEND_MS = 1_000

/** The wait before the next try; `tries` counts from 1. */
export const backoffMs = (tries: number): number => Math.min(FIRST_BACKOFF_MS * 2 ** (tries - 1), MAX_BACKOFF_MS)

/**
 * The ledger's view of a result. `tries` counts this one. `repeatable` = a second send is not shown twice (an edit, an
 * idempotent provider), so that `unknown` is simply tried again.
 */
export const outcomeOf = (result: SendResult, tries: number, repeatable: boolean, now: number): Outcome => {
  const outcome: Outcome = {
    state: 'failed',
    reason: null,
    messageId: null,
    dueAt: null,
    pauseLaneUntil: null,
    laneDown: false,
  }
  switch (result.status) {
    case 'sent':
      return { ...outcome, state: 'sent', messageId: result.messageId }
    case 'not_sent': {
      const retry = { ...outcome, reason: result.reason }
      if (result.pauseLaneMs !== undefined) {
        const until = now + result.pauseLaneMs
        return { ...retry, state: 'pending', dueAt: until, pauseLaneUntil: until }
      }
      if (tries >= MAX_TRIES) return { ...retry, reason: `gave up after ${tries} tries: ${result.reason}` }
      return { ...retry, state: 'pending', dueAt: now + (result.retryAfterMs ?? backoffMs(tries)) }
    }
    case 'unreachable':
      return result.movedTo === undefined
        ? { ...outcome, reason: result.reason }
        : { ...outcome, state: 'pending', reason: result.reason, dueAt: now }
    case 'rejected':
      return { ...outcome, reason: result.reason }
    case 'lane_down': {
      const until = now + DOWN_LANE_RETRY_MS
      return {
        ...outcome,
        state: 'pending',
        reason: result.reason,
        dueAt: until,
        pauseLaneUntil: until,
        laneDown: true,
      }
    }
    case 'unknown':
      if (repeatable && tries < MAX_TRIES)
        return { ...outcome, state: 'pending', reason: result.reason, dueAt: now + RESEND_MS }
      return { ...outcome, state: 'unknown', reason: result.reason }
    default:
      return assertNever(result)
  }
}
