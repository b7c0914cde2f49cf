import type { z } from 'zod'
import { timeOf } from '../../api/fields.js'
import type { Bound, Database } from '../../db/database.js'
import { canonical } from '../../events/aliases.js'
import { parseEvent } from '../../events/parse-event.js'
import { parseJson } from '../../http/json-boundary.js'
import { derivedId } from '../../ids.js'
import type { CardRow } from '../loyalty-tables.js'
import { locationIdOf } from '../subjects.js'
import type { stampJson } from './stamp-json.js'

/** An applied event of the journal, with its bytes. */
export interface StampEvent {
  readonly id: string
  readonly occurredAt: number
  readonly receivedAt: number
  readonly body: Buffer
}

export interface MirroredStampsNeeds {
  readonly db: Database
  /** A customer's events of stamps, the newest first, behind the one at `beforeAt` with `beforeId`. */
  readonly stampEventsOf: (values: {
    customerId: string
    beforeAt: number
    beforeId: string
    limit: number
  }) => Bound<readonly StampEvent[]>
}

/** A stamp, and by which event and when it is found again. */
export interface MirroredStamp {
  readonly at: number
  readonly eventId: string
  readonly stamp: z.input<typeof stampJson>
}

/** Of a customer's stamps most are on one card. */
const EVENTS_AT_ONCE = 100

/**
 * The stamps of a card of 7stamp's, as its events told of them, the newest first. 7stamp does not say which of them has
 * earned a reward.
 */
export const createMirroredStamps =
  ({ db, stampEventsOf }: MirroredStampsNeeds) =>
  async (card: CardRow, behind: readonly [at: number, eventId: string], limit: number): Promise<MirroredStamp[]> => {
    const stamps: MirroredStamp[] = []
    let [beforeAt, beforeId] = behind
    while (stamps.length < limit) {
      const page = { customerId: card.customerId, beforeAt, beforeId, limit: EVENTS_AT_ONCE }
      const events = await db.read(stampEventsOf(page))
      stamps.push(...events.flatMap((event) => stampOn(card, event)))
      const last = events.at(-1)
      if (last === undefined || events.length < EVENTS_AT_ONCE) break
      ;[beforeAt, beforeId] = [last.occurredAt, last.id]
    }
    return stamps.slice(0, limit)
  }

const stampOn = (card: CardRow, { id, occurredAt, receivedAt, body }: StampEvent): readonly MirroredStamp[] => {
  const parsed = parseEvent(canonical(parseJson(body)), receivedAt)
  if (parsed.kind !== 'event' || parsed.event.event !== 'stamp_added') return []
  const { card: named, stamp, location_id: location } = parsed.event
  if (named?.id === undefined || named.id !== card.externalId) return []
  const presented: MirroredStamp['stamp'] = {
    id: derivedId('stamp', id),
    card_id: card.id,
    // Counted as the card's own count is.
    count: stamp?.count ?? 1,
    amount: stamp?.amount ?? null,
    currency: stamp?.currency ?? null,
    receipt_id: stamp?.receipt_id ?? null,
    source: stamp?.source ?? '7stamp',
    // 7stamp's staff are not ours.
    staff_id: null,
    location_id: location === undefined ? null : locationIdOf(card.businessId, location),
    at: timeOf(occurredAt),
    undone_at: null,
  }
  return [{ at: occurredAt, eventId: id, stamp: presented }]
}
