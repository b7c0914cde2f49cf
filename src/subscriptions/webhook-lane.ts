import type { SendResult } from '../../bots/messenger.js'
import type { Sealing } from '../business/sealing.js'
import type { Clock } from '../clock.js'
import type { Bound, Database } from '../db/database.js'
import type { ClaimedContent, LaneDriver, Prepared } from '../deliveries/lane-driver.js'
import { AppError } from '../errors.js'
import type { LoyaltyEvent } from '../events/glossary.js'
import { signWebhook } from '../http/standard-webhooks.js'
import type { EndpointRequest } from './endpoint-client.js'
import { outgoingFrame, testFrame } from './outgoing-frame.js'
import { webhookRetries } from './retry-schedule.js'
import { secretsOf } from './secrets.js'
import { eventIdIn, TEST_ID_PREFIX } from './subscription.js'
import type { SubscriptionStore } from './subscription-store.js'
import type { SubscriptionRow } from './subscription-tables.js'
import { createWebhookGate } from './webhook-gate.js'

export interface WebhookLaneNeeds {
  readonly db: Database
  readonly store: SubscriptionStore
  readonly sealing: Sealing
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  /** Events of the journal, by their ids; without those whose body was erased. */
  eventsOf(ids: readonly string[]): Promise<ReadonlyMap<string, LoyaltyEvent>>
  post(request: EndpointRequest): Promise<SendResult>
}

/** Requests to one host at once: a quarter of these is kept for answers, which there are none of here. */
const LIMITS = { allPerSec: 100, allBurst: 20, bulkPerSec: 100, perChatMs: 0, slots: 16 }

/**
 * The receivers on one host as a lane of the dispatcher. A delivery holds ids only; what it says is read from the journal
 * when it is about to leave, so that what was erased meanwhile does not leave. Receivers know an event by its id, so one whose
 * fate is unknown is sent again.
 */
export const createWebhookLane = (needs: WebhookLaneNeeds): LaneDriver => {
  const { store } = needs
  /** Whose last result was a failure, as far as this process knows: a success need not be noted for all others. */
  const failing = new Set<string>()
  return {
    limits: LIMITS,
    idempotent: true,
    givesReceipts: false,
    retries: webhookRetries(needs.random),
    checks: [createWebhookGate(store)],
    prepare: async (batch) => {
      const [events, rows] = await Promise.all([
        needs.eventsOf(batch.map(({ source }) => eventIdIn(source))),
        subscriptionsOf(
          needs,
          batch.map(({ recipientId }) => recipientId),
        ),
      ])
      for (const { id, failingSince } of rows.values())
        if (failingSince === null) failing.delete(id)
        else failing.add(id)
      return new Map(
        batch.map((delivery) => [delivery.id, prepareOne(delivery, rows.get(delivery.recipientId), events)]),
      )
    },
    send: (subscriptionId, { id, text }, signal) => sendOrPutOff(needs, subscriptionId, { id, body: text, signal }),
    edit: () => Promise.resolve({ status: 'rejected', reason: 'what was sent cannot be changed' }),
    unreachable: ({ recipientId }, _result, now) => [
      store.disable({ id: recipientId, reason: 'gone', now, isAlerted: false }),
    ],
    beside: ({ recipientId: id }, result, now): Bound<unknown>[] => {
      if (isNoTry(result)) return []
      if (result.status === 'sent') return failing.has(id) ? [store.noteSuccess({ id })] : []
      failing.add(id)
      return [store.noteFailure({ id, now })]
    },
  }
}

const subscriptionsOf = async (
  { db, store }: WebhookLaneNeeds,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SubscriptionRow>> =>
  new Map((await db.read(store.byIds({ ids: JSON.stringify([...new Set(ids)]) }))).map((row) => [row.id, row]))

/** The address is the subscription: where it leads, and what signs it, is read at the last moment. */
const prepareOne = (
  { purpose, source, businessId, recipientId }: ClaimedContent,
  subscription: SubscriptionRow | undefined,
  events: ReadonlyMap<string, LoyaltyEvent>,
): Prepared => {
  const id = eventIdIn(source)
  const ready = (text: string): Prepared => ({ address: recipientId, message: { id, text }, warmUp: null })
  if (purpose === 'test') return ready(testFrame(id, businessId, testTimeIn(source)))
  const event = events.get(id)
  // A removed subscription ends at the gate, which says so.
  if (!subscription) return ready('')
  if (event) return ready(outgoingFrame(id, event, subscription.includeContact))
  return { ...ready(''), warmUp: () => Promise.reject(new Error('its event was erased')) }
}

/** A test's source says when it was asked for (Unix ms). */
export const testSourceOf = (token: string, at: number): string => `${TEST_ID_PREFIX}${token}/${at}`
const testTimeIn = (source: string): number => Number(source.split('/')[1])

interface Sending {
  readonly id: string
  readonly body: string
  /** Aborted when the process stops. */
  readonly signal: AbortSignal
}

/** What says nothing of the receiver costs no try: neither a database that is away nor a stop of this process. */
const sendOrPutOff = async (needs: WebhookLaneNeeds, subscriptionId: string, sending: Sending): Promise<SendResult> => {
  try {
    const result = await send(needs, subscriptionId, sending)
    return result.status !== 'sent' && sending.signal.aborted ? putOff('the program stopped', 0) : result
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'unavailable')) throw error
    return putOff(error.message, AWAY_MS)
  }
}

const AWAY_MS = 2_000

const putOff = (reason: string, pauseLaneMs: number): SendResult => ({ status: 'not_sent', reason, pauseLaneMs })
const isNoTry = (result: SendResult): boolean => result.status === 'not_sent' && result.pauseLaneMs !== undefined

const send = async (
  needs: WebhookLaneNeeds,
  subscriptionId: string,
  { id, body: text, signal }: Sending,
): Promise<SendResult> => {
  const [subscription] = (await subscriptionsOf(needs, [subscriptionId])).values()
  if (!subscription) return { status: 'rejected', reason: 'the subscription was removed' }
  const body = Buffer.from(text)
  const now = needs.clock()
  const result = await needs.post({
    url: subscription.url,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'stampcast',
      ...signWebhook(secretsOf(needs.sealing, subscription, now), id, now / 1_000, body),
    },
    body,
    signal,
  })
  const isTest = id.startsWith(TEST_ID_PREFIX)
  return isTest && (result.status === 'not_sent' || result.status === 'unknown')
    ? { status: 'rejected', reason: result.reason }
    : result
}
