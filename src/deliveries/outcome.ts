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
  /** False when it says nothing about this delivery, as when the whole lane must wait: then it is not counted. */
  readonly isTry: boolean
  /** Closes the whole lane until then. */
  readonly pauseLaneUntil: number | null
  /** The lane's identity is refused; a human must mend it. */
  readonly laneDown: boolean
}

/** How often a delivery is tried whose failures are its own, and when again. `tries` counts from 1. */
export interface Retries {
  readonly most: number
  /** The wait after a try that did not get through; `askedMs` is what the provider asked for. */
  afterMs(tries: number, askedMs: number | undefined): number
  /** The wait after a try of which nobody knows, where a second one does no harm. */
  afterUnknownMs(tries: number): number
}

/** Tries of one delivery whose failures are its own: about an hour. */
export const MAX_TRIES = 12
const FIRST_BACKOFF_MS = 2_000
const MAX_BACKOFF_MS = 15 * 60_000
/** A provider that cannot be reached is tried again this often, for as long as it takes. */
const AWAY_RETRY_MS = 2_000
/** A lane whose token is refused is asked again this often: the owner may have put a new one in place. */
const DOWN_LANE_RETRY_MS = 60_000
/** An edit of a message, or a message to a provider that knows our id, may be sent twice; it waits a moment first. */
const RESEND_MS = 1_000
const MAX_REASON_LENGTH = 500

/** The wait before the next try; `tries` counts from 1. */
export const backoffMs = (tries: number): number => Math.min(FIRST_BACKOFF_MS * 2 ** (tries - 1), MAX_BACKOFF_MS)

/** How messages are tried again. */
const MESSAGE_RETRIES: Retries = {
  most: MAX_TRIES,
  afterMs: (tries, askedMs) => askedMs ?? backoffMs(tries),
  afterUnknownMs: () => RESEND_MS,
}

const sent = (messageId: string): Outcome => ({
  state: 'sent',
  reason: null,
  messageId,
  dueAt: null,
  isTry: true,
  pauseLaneUntil: null,
  laneDown: false,
})

const failed = (reason: string | null): Outcome => ({
  state: 'failed',
  reason,
  messageId: null,
  dueAt: null,
  isTry: true,
  pauseLaneUntil: null,
  laneDown: false,
})

const again = (reason: string, dueAt: number): Outcome => ({ ...failed(reason), state: 'pending', dueAt })

/** Nothing left for the provider: it goes back, due at `dueAt`, as if it had not been taken. */
export const notBegun = (reason: string, dueAt: number): Outcome => ({ ...again(reason, dueAt), isTry: false })

/**
 * The ledger's view of a result. `tries` counts this one. `repeatable` = a second send is not shown twice (an edit, an
 * idempotent provider), so that `unknown` is simply tried again.
 */
export const outcomeOf = (
  result: SendResult,
  tries: number,
  repeatable: boolean,
  now: number,
  retries: Retries = MESSAGE_RETRIES,
): Outcome => {
  if (result.status === 'sent') return sent(result.messageId)
  const reason = storable(result.reason)
  const triedEnough = failed(`gave up after ${tries} tries: ${reason}`)
  switch (result.status) {
    case 'not_sent': {
      const pauseLaneMs = result.isAway ? AWAY_RETRY_MS : result.pauseLaneMs
      if (pauseLaneMs !== undefined) return waitingForLane(reason, now + pauseLaneMs)
      return tries >= retries.most ? triedEnough : again(reason, now + retries.afterMs(tries, result.retryAfterMs))
    }
    case 'unreachable':
      if (result.movedTo === undefined) return failed(reason)
      return tries >= retries.most ? triedEnough : again(reason, now)
    case 'rejected':
      return failed(reason)
    case 'lane_down':
      return { ...waitingForLane(reason, now + DOWN_LANE_RETRY_MS), laneDown: true }
    case 'unknown':
      return repeatable && tries < retries.most
        ? again(reason, now + retries.afterUnknownMs(tries))
        : { ...failed(reason), state: 'unknown' }
    default:
      return assertNever(result)
  }
}

const waitingForLane = (reason: string, until: number): Outcome => ({
  ...notBegun(reason, until),
  pauseLaneUntil: until,
})

/** A provider's words: PostgreSQL takes neither NUL nor half characters, and they need not be long. */
const storable = (reason: string): string =>
  reason.slice(0, MAX_REASON_LENGTH).replaceAll(/\0|\p{Surrogate}/gu, '\uFFFD')
