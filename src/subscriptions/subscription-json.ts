import { z } from 'zod'
import { id, moment, time, timeOf, timeOrNull } from '../api/fields.js'
import type { LogEntry } from './delivery-log.js'
import type { Subscription } from './subscriptions.js'

/** Webhooks as the API writes and reads them. */

export const webhookJson = z
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

export const withSecret = webhookJson
  .extend({ secret: z.string().describe('Signs what is sent (Standard Webhooks). Shown once.') })
  .meta({ id: 'NewWebhook' })

const tryJson = z.strictObject({
  number: z.int(),
  at: time,
  duration_ms: z.int(),
  status_code: z.int().nullable().describe('Null where there was no answer.'),
  reason: z.string().nullable(),
})

export const deliveryJson = z
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

export const replayBody = z.union(
  [z.strictObject({ event_id: id('evt') }), z.strictObject({ from: moment, to: moment })],
  {
    error: 'must have an event_id, or from and to',
  },
)

export const present = (subscription: Subscription): z.input<typeof webhookJson> => ({
  id: subscription.id,
  url: subscription.url,
  events: subscription.events === null ? null : [...subscription.events],
  include_contact: subscription.includeContact,
  state: subscription.state,
  disabled_reason: subscription.disabledReason,
  disabled_at: timeOrNull(subscription.disabledAt),
  created_at: timeOf(subscription.createdAt),
})

export const presentEntry = (entry: LogEntry) => ({
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
