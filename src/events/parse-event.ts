import type { FieldError } from '../errors.js'
import { invalidInput, parseInput } from '../field-errors.js'
import { type EventCustomer, envelope, eventSchema, isKnownEvent, type LoyaltyEvent } from './glossary.js'

const DAY_MS = 86_400_000

/** What a webhook's body turned out to be. */
export type ParsedEvent =
  /** `notes` name what was left out or changed: content nobody can use, which is no reason to lose the event. */
  | { readonly kind: 'event'; readonly event: LoyaltyEvent; readonly notes: readonly FieldError[] }
  /** An event name that is not in the glossary: kept and shown, not applied. */
  | { readonly kind: 'unrecognised'; readonly name: string; readonly businessId: string | null }

/**
 * Parses one event (after `canonical`). `receivedAt` (Unix ms) is when the body arrived, also when it is parsed again later,
 * so that the same body always yields the same event. Throws AppError('invalid_input') with every wrong field.
 */
export const parseEvent = (json: unknown, receivedAt: number): ParsedEvent => {
  const frame = asObject(json)
  const name = frame.event
  if (isKnownEvent(name)) return knownEvent(frame, receivedAt)
  // Not even a name: say everything that is missing, not only that.
  const { event } = parseInput(typeof name === 'string' ? nameOnly : envelope, frame)
  return { kind: 'unrecognised', name: event, businessId: idOrNull(frame.business_id) }
}

const nameOnly = envelope.pick({ event: true })

const asObject = (json: unknown): Readonly<Record<string, unknown>> => {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>
  throw invalidInput([{ field: 'body', message: 'must be an object' }])
}

const idOrNull = (value: unknown): string | null => {
  const id = envelope.shape.business_id.safeParse(value)
  return id.success ? id.data : null
}

const knownEvent = (frame: Readonly<Record<string, unknown>>, receivedAt: number): ParsedEvent => {
  const event = parseInput(eventSchema, frame)
  const notes = unusable(frame.customer, event.customer)
  // A stamp from the future would outrank every later event of the card, so a clock that runs ahead counts as ours.
  if (Date.parse(event.timestamp) <= receivedAt + DAY_MS) return { kind: 'event', event, notes }
  return {
    kind: 'event',
    event: { ...event, timestamp: new Date(receivedAt).toISOString() },
    notes: [...notes, { field: 'timestamp', message: 'is more than a day ahead; the time of receipt is used' }],
  }
}

const PERSONAL_FIELDS = {
  phone: 'is not a phone number with its country code, such as +380501112233; left out',
  email: 'is not an email address; left out',
  birthday: 'is not a day such as 1991-03-08; left out',
  language: 'is not a language tag such as uk or pt-BR; left out',
} as const satisfies Partial<Record<keyof EventCustomer, string>>

/** A note for each personal field that was given and could not be used. */
const unusable = (given: unknown, read: EventCustomer): FieldError[] => {
  if (typeof given !== 'object' || given === null) return []
  const notes: FieldError[] = []
  for (const [name, message] of Object.entries(PERSONAL_FIELDS)) {
    const value: unknown = Reflect.get(given, name)
    const isGiven = value !== undefined && value !== null && value !== ''
    if (isGiven && Reflect.get(read, name) === undefined) notes.push({ field: `customer.${name}`, message })
  }
  return notes
}
