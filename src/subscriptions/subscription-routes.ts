import { z } from 'zod'
import type { Author } from '../access/audit-log.js'
import type { Caller } from '../access/authentication.js'
import { type ApiCall, apiCall } from '../api/api-call.js'
import { pageOf, pageQuery, presentPage, readCursor } from '../api/paging.js'
import { DESK } from '../api/who-may.js'
import type { Database } from '../db/database.js'
import type { LoggedDelivery, RecipientLog } from '../deliveries/recipient-log.js'
import { AppError } from '../errors.js'
import { randomToken } from '../ids.js'
import { logEntryOf } from './delivery-log.js'
import type { createReplay } from './replay.js'
import { deliveryJson, present, presentEntry, replayBody, webhookJson, withSecret } from './subscription-json.js'
import type { Subscriptions } from './subscriptions.js'

export interface SubscriptionRoutesNeeds {
  readonly db: Database
  readonly subscriptions: Subscriptions
  readonly replay: ReturnType<typeof createReplay>
  readonly log: RecipientLog
}

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
      try {
        await subscriptions.remove(authorOf(caller), params.id)
      } catch (error) {
        if (!(mayBeDone && error instanceof AppError && error.code === 'not_found')) throw error
      }
      return { status: 204, body: null }
    },
  }),
  apiCall({
    method: 'POST',
    path: '/webhooks/{id}/rotate',
    tag: 'Webhooks',
    summary: 'Give a webhook another secret; the former one signs beside it for a day',
    may: DESK,
    answer: withSecret,
    refusals: ['not_found'],
    examples: [{ title: 'Now', params: { id: 'sub_example' }, status: 200 }],
    handle: async ({ caller, params: { id }, mayBeDone }) => {
      const secret = await subscriptions.rotateSecret(authorOf(caller), id, mayBeDone)
      return { status: 200, body: { ...present(await subscriptions.get(caller.businessId, id)), secret } }
    },
  }),
  apiCall({
    method: 'POST',
    path: '/webhooks/{id}/enable',
    tag: 'Webhooks',
    summary: 'Send to a disabled webhook again; what it missed is sent by a replay',
    may: DESK,
    answer: webhookJson,
    refusals: ['not_found'],
    examples: [{ title: 'It answers again', params: { id: 'sub_example' }, status: 200 }],
    handle: async ({ caller, params }) => ({
      status: 200,
      body: present(await subscriptions.enable(authorOf(caller), params.id)),
    }),
  }),
]

const authorOf = ({ businessId, keyId }: Caller): Author => ({ businessId, actor: keyId })

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
