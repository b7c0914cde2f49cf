import type { SealedPlace } from '../business/sealing.js'
import type { EventName } from '../events/glossary.js'

/** Why nothing is sent any more: the receiver said so (410), it failed for days, or somebody turned it off. */
export type DisabledReason = 'gone' | 'failing' | 'by_hand'

/** Nothing but failures for so long ends a subscription. */
export const FAILING_MS = 5 * 86_400_000

/** After a rotation the former secret signs beside the new one for so long. */
export const FORMER_SECRET_MS = 86_400_000

/** How a receiver is known in the ledger. A test is recognised by its id, and is tried once. */
export const TEST_ID_PREFIX = 'test_'

/** `events` is null for a subscription that wants all. */
export const isWanted = (events: readonly EventName[] | null, name: EventName): boolean =>
  events?.includes(name) ?? true

/** Whether failures that began at `failingSince` go on for days; both Unix ms, null where nothing failed. */
export const isFailingForDays = (failingSince: number | null, lastFailedAt: number | null): boolean =>
  failingSince !== null && lastFailedAt !== null && lastFailedAt - failingSince >= FAILING_MS

/** The event that a delivery's source names: a replay has a source of its own. */
export const eventIdIn = (source: string): string => source.split('/', 1)[0] ?? source

/** The source of a delivery that sends the event once more; `replay` tells replays apart. */
export const replaySourceOf = (eventId: string, replay: string): string => `${eventId}/${replay}`

/** Where a subscription's secrets are sealed. */
export const subscriptionSecretPlace = (id: string, column: 'secret' | 'former_secret'): SealedPlace => ({
  table: 'subscriptions',
  column,
  rowId: id,
})
