import type { LaneLimits, OutgoingMessage, SendResult } from '../../bots/messenger.js'
import type { Bound } from '../db/database.js'
import type { MessageContent } from '../notify/content.js'
import type { Claimed } from './delivery.js'
import type { GateCheck } from './gate.js'
import type { Retries } from './outcome.js'

/** A claimed delivery with what it says. */
export interface ClaimedContent extends Claimed {
  readonly content: MessageContent
}

/** A delivery ready to leave. */
export interface Prepared {
  readonly address: string
  readonly message: OutgoingMessage
  /** Makes what is slow (its picture) ready; null when nothing is. Rejects when it cannot be made. */
  readonly warmUp: (() => Promise<void>) | null
}

/** What the dispatcher asks of one sender identity. `main` builds it from a messenger and the capabilities' checks. */
export interface LaneDriver {
  readonly limits: LaneLimits
  /** Whether a message sent twice is shown once. */
  readonly idempotent: boolean
  /** Whether the provider tells what was delivered and read. */
  readonly givesReceipts: boolean
  /** How often a delivery is tried here, where that differs from a message. */
  readonly retries?: Retries
  readonly checks: readonly GateCheck<readonly unknown[]>[]
  /** Words each message in its reader's language. What has no chat any more is left out, and fails. */
  prepare(batch: readonly ClaimedContent[]): Promise<ReadonlyMap<string, Prepared>>
  send(address: string, message: OutgoingMessage, signal: AbortSignal): Promise<SendResult>
  edit(address: string, messageId: string, message: OutgoingMessage, signal: AbortSignal): Promise<SendResult>
  /** What to write when a person proves to be unreachable here, or has moved to another address. */
  unreachable(delivery: Claimed, result: Extract<SendResult, { status: 'unreachable' }>, now: number): Bound<unknown>[]
  /** What else is written in the batch of a result, whatever it is; asked again when that could not be committed. */
  beside?(delivery: Claimed, result: SendResult, now: number): Bound<unknown>[]
}
