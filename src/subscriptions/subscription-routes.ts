import { z } from 'zod'
import type { Author } from '../access/audit-log.js'
import type { Caller } from '../access/authentication.js'
import { type ApiCall, apiCall } from '../api/api-call.js'
import { id, moment, time, timeOf, timeOrNull } from '../api/fields.js'
import { pageOf, pageQuery, presentPage, readCursor } from '../api/paging.js'
import { DESK } from '../api/who-may.js'
import type { Database } from '../db/database.js'
import type { LoggedDelivery, RecipientLog } from '../deliveries/recipient-log.js'
import { randomToken } from '../ids.js'
import { type LogEntry, logEntryOf } from './delivery-log.js'
import type { createReplay } from './replay.js'
import type { Subscription, Subscriptions } from './subscriptions.js'

export interface SubscriptionRoutesNeeds {
  readonly db: Database
  readonly subscriptions: Subscriptions
  readonly replay: ReturnType<typeof createReplay>
  readonly log: RecipientLog
}

const webhookJson = z
  .strictObject({
    id: id('sub'),
    url: z.string(),
    events: z.array(z.string()).nullable().describe('Null for all.'),
    include_contact: z.boolean(),
    state: z.enum(['enabled', 'disabled']),
    disabled_reason: z
      .enum(['gone', 'failing', 'by_hand'])
      .nullable()
      .describe('`gone`: it answered 410. `failing`: nothing got through for five days.'),
    disabled_at: time.nullable(),
    created_at: time,
  })
  .meta({ id: 'Webhook' })

const withSecret = webhookJson
  .extend({ secret: z.string().describe('Signs what is sent (Standard Webhooks). Shown once.') })
  .meta({ id: 'NewWebhook' })

const tryJson = z.strictObject({
  number: z.int(),
  at: time,
  duration_ms: z.int(),
  status_code: z.int().nullable().describe('Null where there was no answer.'),
  reason: z.string().nullable(),
})

const deliveryJson = z
  .strictObject({
    id: z.string(),
    event_id: z.string().describe('The `webhook-id` header of every try.'),
    purpose: z.enum(['event', 'test']),
    state: z.string(),
    reason: z.string().nullable(),
    tries: z.array(tryJson),
    next_try_at: time.nullable(),
    created_at: time,
  })
  .meta({ id: 'WebhookDelivery' })

const replayBody = z.union([z.strictObject({ event_id: id('evt') }), z.strictObject({ from: moment, to: moment })], {
  error: 'must have an event_id, or from and to',
})

const pageKey = z.tuple([z.int(), z.string()])
const FROM_THE_NEWEST = [Number.MAX_SAFE_INTEGER, ''] as const

/** Outgoing webhooks. */
export const subscriptionRoutes = (needs: SubscriptionRoutesNeeds): readonly ApiCall[] => [
  ...listAndChange(needs),
  ...whatWasSent(needs),
]

const listAndChange = ({ subscriptions }: SubscriptionRoutesNeeds): readonly ApiCall[] => [
  apiCall({
    method: 'GET',
    path: '/webhooks',
    tag: 'Webhooks',
    summary: 'Who is sent events',
    may: DESK,
    answer: z.strictObject({ data: z.array(webhookJson) }),
    examples: [{ title: 'All', status: 200 }],
    handle: async ({ caller }) => ({
      status: 200,
      body: { data: (await subscriptions.list(caller.businessId)).map(present) },
    }),
  }),
  apiCall({
    method: 'POST',
    path: '/webhooks',
    tag: 'Webhooks',
    summary: 'Send events to an address from now on',
    may: DESK,
    body: subscriptions.schema,
    answer: withSecret,
    examples: [
      { title: 'All events', body: { url: 'https://hooks.example.com/stampcast' }, status: 201 },
      {
        title: 'Some, with how to reach the customer',
        body: { url: 'https://hooks.example.com/goals', events: ['goal_reached'], include_contact: true },
        status: 201,
      },
    ],
    handle: async ({ caller, body, key }) => {
      const { subscription, secret } = await subscriptions.add(authorOf(caller), body, key)
      return { status: 201, body: { ...present(subscription), secret } }
    },
  }),
  apiCall({
    method: 'DELETE',
    path: '/webhooks/{id}',
    tag: 'Webhooks',
    summary: 'Send nothing more to an address',
    may: DESK,
    answer: z.null(),
    refusals: ['not_found'],
    examples: [{ title: 'One', params: { id: 'sub_leaving_example' }, status: 204 }],
    handle: async ({ caller, params, mayBeDone }) => {
      const isGone = mayBeDone && !(await isThere(subscriptions, caller.businessId, params.id))
      if (!isGone) await subscriptions.remove(authorOf(caller), params.id)
      return { status: 204, body: null }
    },
  }),
]

const authorOf = ({ businessId, keyId }: Caller): Author => ({ businessId, actor: keyId })

const isThere = async (subscriptions: Subscriptions, businessId: string, wanted: string): Promise<boolean> =>
  (await subscriptions.list(businessId)).some((each) => each.id === wanted)

const whatWasSent = ({ db, subscriptions, replay, log }: SubscriptionRoutesNeeds): readonly ApiCall[] => [
  apiCall({
    method: 'GET',
    path: '/webhooks/{id}/deliveries',
    tag: 'Webhooks',
    summary: 'What was sent to an address and what became of it, the newest first',
    may: DESK,
    query: z.strictObject(pageQuery),
    answer: pageOf(deliveryJson),
    refusals: ['not_found'],
    examples: [{ title: 'The latest', params: { id: 'sub_example' }, query: { limit: '10' }, status: 200 }],
    handle: async ({ caller, params, query: { limit, cursor } }) => {
      const { id: recipientId } = await subscriptions.get(caller.businessId, params.id)
      const [beforeAt, beforeId] = cursor === undefined ? FROM_THE_NEWEST : readCursor(pageKey, cursor)
      const rows = await db.read(log.page({ recipientId, beforeAt, beforeId, limit: limit + 1 }))
      const tries = await db.read(log.triesOf({ ids: JSON.stringify(rows.map((row) => row.id)) }))
      const shown = (row: LoggedDelivery) => presentEntry(logEntryOf(row, tries))
      return { status: 200, body: presentPage(rows, limit, (row) => [row.createdAt, row.id], shown) }
    },
  }),
  apiCall({
    method: 'POST',
    path: '/webhooks/{id}/replay',
    tag: 'Webhooks',
    summary: 'Send an event again, or all of a time',
    may: DESK,
    body: replayBody,
    answer: z.strictObject({ deliveries: z.int().describe('How many are on their way.') }),
    refusals: ['not_found', 'conflict'],
    examples: [
      { title: 'One event', params: { id: 'sub_example' }, body: { event_id: 'evt_example' }, status: 202 },
      {
        title: 'An hour',
        params: { id: 'sub_example' },
        body: { from: '2026-05-01T09:00:00Z', to: '2026-05-01T10:00:00Z' },
        status: 202,
      },
    ],
    handle: async ({ caller, params, body, key }) => {
      const what = 'event_id' in body ? { eventId: body.event_id } : body
      const deliveries = await replay(caller.businessId, params.id, what, key ?? randomToken(22))
      return { status: 202, body: { deliveries } }
    },
  }),
  apiCall({
    method: 'POST',
    path: '/webhooks/{id}/test',
    tag: 'Webhooks',
    summary: 'Send a test, once',
    may: DESK,
    answer: z.strictObject({ delivery_id: z.string() }),
    refusals: ['not_found'],
    examples: [{ title: 'Now', params: { id: 'sub_example' }, status: 202 }],
    handle: async ({ caller, params }) => ({
      status: 202,
      body: { delivery_id: await subscriptions.test(caller.businessId, params.id) },
    }),
  }),
]

const present = (subscription: Subscription): z.input<typeof webhookJson> => ({
  id: subscription.id,
  url: subscription.url,
  events: subscription.events === null ? null : [...subscription.events],
  include_contact: subscription.includeContact,
  state: subscription.state,
  disabled_reason: subscription.disabledReason,
  disabled_at: timeOrNull(subscription.disabledAt),
  created_at: timeOf(subscription.createdAt),
})

const presentEntry = (entry: LogEntry) => ({
  id: entry.id,
  event_id: entry.eventId,
  purpose: entry.purpose,
  state: entry.state,
  reason: entry.reason,
  tries: entry.tries.map(({ number, startedAt, durationMs, statusCode, reason }) => ({
    number,
    at: timeOf(startedAt),
    duration_ms: durationMs,
    status_code: statusCode,
    reason,
  })),
  next_try_at: timeOrNull(entry.nextTryAt),
  created_at: timeOf(entry.createdAt),
})
