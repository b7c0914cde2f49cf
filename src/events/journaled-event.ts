import { derivedId } from '../ids.js'
import type { LoyaltyEvent } from './glossary.js'

/** Where an event comes from. 7stamp's change what 7stamp owns, all others what we own. */
export type EventOrigin = '7stamp' | 'api' | 'till' | 'chat' | 'scheduler' | 'campaign' | 'import'

/** An event with its place in the journal: what is applied to the mirror and told to people. */
export interface JournaledEvent {
  readonly id: string
  /** Grows with each event; tells the order of one customer's events. */
  readonly seq: number
  /** Ours, as are all ids here but those in `payload`. */
  readonly businessId: string
  /** The business whose connections, chats and staff it uses: its own, or for a sister business the parent. */
  readonly rootId: string
  readonly customerId: string
  readonly origin: EventOrigin
  /** Unix ms */
  readonly occurredAt: number
  /** Unix ms */
  readonly receivedAt: number
  readonly payload: LoyaltyEvent
}

/** An event's id follows from what it is recognised by, within the business whose address it came through. */
export const eventIdOf = (rootBusinessId: string, duplicateKey: string): string =>
  derivedId('evt', rootBusinessId, duplicateKey)

/** Our id of 7stamp's customer, known before anything is read. */
export const customerIdOf = (businessId: string, externalId: string): string => derivedId('c', businessId, externalId)

const SHARD_COUNT = 8

export const SHARDS: readonly number[] = Array.from({ length: SHARD_COUNT }, (_, shard) => shard)

/** One customer's events are in one shard. `customerId` ends in hexadecimal digits. */
export const shardOf = (customerId: string): number => Number.parseInt(customerId.slice(-2), 16) % SHARD_COUNT
