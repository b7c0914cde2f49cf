import { canonical } from '../../events/aliases.js'
import type { EventName } from '../../events/glossary.js'
import type { EventOrigin, JournaledEvent } from '../../events/journaled-event.js'
import { parseEvent } from '../../events/parse-event.js'

/** An event that a command of ours causes, with the bytes that the journal keeps and subscribers get. */
export interface OwnEvent extends Omit<JournaledEvent, 'seq'> {
  readonly body: Buffer
}

/** Who may change what we own. */
export type OwnOrigin = Exclude<EventOrigin, '7stamp' | 'campaign'>

/** What the events of one command have in common. */
export interface Cause {
  readonly business: { readonly id: string; readonly parentId: string | null }
  readonly customer: { readonly id: string; readonly language: string | null }
  readonly origin: OwnOrigin
  readonly locationId: string | null
  /** When it happened, Unix ms. */
  readonly at: number
  /** When we write it down, if that is later. */
  readonly writtenAt?: number
  /** The adoption that it is a part of, or takes back. */
  readonly adoptionId?: string
}

type Blocks = Readonly<Record<string, unknown>>

/**
 * An event in 7stamp's frame with our ids, and `id`, by which it is known again if it is posted back to us. It is read back
 * as whoever applies or replays it will, so that rows are made of nothing but what the journal keeps. Throws for a frame that
 * could not be read: it would fail after the change was made.
 */
export const ownEvent = (cause: Cause, id: string, event: EventName, blocks: Blocks): OwnEvent => {
  const { business, customer, origin, at, writtenAt = at } = cause
  const frame = {
    id,
    event,
    timestamp: new Date(at).toISOString(),
    business_id: business.id,
    location_id: cause.locationId ?? undefined,
    adoption: cause.adoptionId,
    customer: { id: customer.id, language: customer.language ?? undefined },
    ...blocks,
  }
  const body = Buffer.from(JSON.stringify(frame))
  return {
    id,
    businessId: business.id,
    rootId: business.parentId ?? business.id,
    customerId: customer.id,
    origin,
    occurredAt: at,
    receivedAt: writtenAt,
    payload: payloadOf(body, writtenAt),
    body,
  }
}

const payloadOf = (body: Buffer, receivedAt: number): OwnEvent['payload'] => {
  const parsed = parseEvent(canonical(JSON.parse(body.toString())), receivedAt)
  if (parsed.kind !== 'event') throw new Error(`${parsed.name} is no event of the glossary`)
  return parsed.event
}
