import { z } from 'zod'
import { type ApiCall, apiCall } from '../api/api-call.js'
import { id, time, timeOf } from '../api/fields.js'
import { pageOf, pageQuery, presentPage, readCursor } from '../api/paging.js'
import { DESK } from '../api/who-may.js'
import type { Bound, Database } from '../db/database.js'
import { parseJson } from '../http/json-boundary.js'
import { canonical } from './aliases.js'
import type { EventPageStore } from './event-page-store.js'
import type { EventRow } from './event-tables.js'
import { eventNames, type LoyaltyEvent } from './glossary.js'
import { knownParts } from './known-parts.js'
import { parseEvent } from './parse-event.js'

const eventJson = z
  .strictObject({
    id: id('evt'),
    event: z.string(),
    timestamp: time,
    received_at: time,
    origin: z.enum(['7stamp', 'api', 'till', 'chat', 'scheduler', 'campaign', 'import']),
    customer_id: z.string().nullable(),
    contact: z
      .strictObject({ name: z.string().nullable(), phone: z.string().nullable(), email: z.string().nullable() })
      .nullable()
      .describe('With `include_contact=true`, of the customer as they are known now.'),
    data: z
      .record(z.string(), z.unknown())
      .describe(
        'What the event is about, in its frame: card, stamp, voucher, reward, lottery, inactivity, location_id.',
      ),
  })
  .meta({ id: 'Event' })

const pageKey = z.tuple([z.int(), z.int()])
const FROM_THE_NEWEST = [Number.MAX_SAFE_INTEGER, 0] as const

interface Contact {
  readonly id: string
  readonly name: string | null
  readonly phone: string | null
  readonly email: string | null
}

export interface EventRoutesNeeds {
  readonly db: Database
  readonly store: EventPageStore
  /** How customers (a JSON array of ids) are reached; whoever keeps them gives it. */
  readonly contactsOf: (values: { ids: string }) => Bound<readonly Contact[]>
}

/** The journal as its business sees it: of the customer the id alone, unless more is asked for. */
export const eventRoutes = ({ db, store, contactsOf }: EventRoutesNeeds): readonly ApiCall[] => [
  apiCall({
    method: 'GET',
    path: '/events',
    tag: 'Events',
    summary: 'What happened, the newest first',
    may: DESK,
    query: z.strictObject({
      event: z.enum(eventNames).optional(),
      include_contact: z.enum(['true', 'false']).default('false'),
      ...pageQuery,
    }),
    answer: pageOf(eventJson),
    examples: [
      { title: 'The latest', query: { limit: '10' }, status: 200 },
      { title: 'Goals reached', query: { event: 'goal_reached' }, status: 200 },
    ],
    handle: async ({ caller: { businessId }, query: { event: name = '', include_contact, limit, cursor } }) => {
      const [beforeAt, beforeSeq] = cursor === undefined ? FROM_THE_NEWEST : readCursor(pageKey, cursor)
      const rows = await db.read(store.page({ businessId, name, beforeAt, beforeSeq, limit: limit + 1 }))
      const ids = JSON.stringify([...new Set(rows.flatMap(({ customerId }) => customerId ?? []))])
      const contacts = include_contact === 'true' ? await db.read(contactsOf({ ids })) : []
      const present = (row: EventRow) =>
        presentEvent(
          row,
          contacts.find((contact) => contact.id === row.customerId),
        )
      return { status: 200, body: presentPage(rows, limit, (row) => [row.receivedAt, row.seq], present) }
    },
  }),
]

const presentEvent = (row: EventRow, contact: Contact | undefined): z.input<typeof eventJson> => {
  const told = row.body === null ? null : eventIn(row.body, row.receivedAt)
  return {
    id: row.id,
    event: row.name,
    timestamp: timeOf(row.occurredAt),
    received_at: timeOf(row.receivedAt),
    origin: row.origin,
    customer_id: row.customerId,
    contact: contact ? { name: contact.name, phone: contact.phone, email: contact.email } : null,
    data: told ? dataOf(told) : {},
  }
}

/** Null for what could not be read: it waits for a person, and only its bytes say what it is. */
const eventIn = (body: Buffer, receivedAt: number): LoyaltyEvent | null => {
  try {
    const parsed = parseEvent(canonical(parseJson(body)), receivedAt)
    return parsed.kind === 'event' ? parsed.event : null
  } catch {
    return null
  }
}

/** Without what stands beside `data` already, and without the customer, of whom the id is told. */
const dataOf = (told: LoyaltyEvent): Readonly<Record<string, unknown>> => {
  const {
    id: _id,
    event: _event,
    timestamp: _at,
    business_id: _business,
    customer: _customer,
    ...data
  } = knownParts(told)
  return data
}
