import type { Database } from '../db/database.js'
import { parseJson } from '../http/json-boundary.js'
import { canonical } from './aliases.js'
import type { EventLookupStore } from './event-lookup-store.js'
import type { LoyaltyEvent } from './glossary.js'
import { parseEvent } from './parse-event.js'

/** Reads what events of the journal said, by their ids, as they were applied; without those that were erased. */
export const createEventReader =
  (db: Database, { bodiesOf }: Pick<EventLookupStore, 'bodiesOf'>) =>
  async (ids: readonly string[]): Promise<ReadonlyMap<string, LoyaltyEvent>> => {
    const rows = await db.read(bodiesOf({ ids: JSON.stringify([...new Set(ids)]) }))
    return new Map(
      rows.flatMap(({ id, receivedAt, body }) => {
        const parsed = parseEvent(canonical(parseJson(body)), receivedAt)
        return parsed.kind === 'event' ? [[id, parsed.event] as const] : []
      }),
    )
  }
