import type { LaneDriver } from '../deliveries/lane-driver.js'
import type { Holding, Tenant } from '../deliveries/lane-keeper.js'
import { LanePump } from '../deliveries/lane-pump.js'
import { createEventReader } from '../events/event-reader.js'
import type { EndpointClientOptions, EndpointRequest } from '../subscriptions/endpoint-client.js'
import { HOOK_LANE_PREFIX } from '../subscriptions/endpoint-url.js'
import { createResolveHost } from '../subscriptions/resolve-host.js'
import { createWebhookLane } from '../subscriptions/webhook-lane.js'
import type { Foundation } from './foundation.js'

/** A receiver that has not answered by then is tried again. */
const TIMEOUT_MS = 15_000

/** The lanes of receivers' hosts. There are as many as there are hosts, so each is furnished when it is taken. */
export const openWebhookLanes = (foundation: Foundation) => {
  const driver = webhookDriver(foundation)
  return {
    /** Null for a lane of something else. */
    isIdempotent: (laneId: string): boolean | null => (laneId.startsWith(HOOK_LANE_PREFIX) ? driver.idempotent : null),
    furnish: (holding: Holding): Tenant => new LanePump({ ...foundation, holding, driver }).start(),
  }
}

const webhookDriver = (foundation: Foundation): LaneDriver => {
  const { db, eventLookups, sealing, clock, config, webhooks } = foundation
  const { allowPrivate } = config.webhooks
  return createWebhookLane({
    db,
    store: webhooks.store,
    sealing,
    clock,
    random: Math.random,
    eventsOf: createEventReader(db, eventLookups),
    post: openClient({
      resolveHost: createResolveHost({ knowsThisNetwork: allowPrivate }),
      allowPrivate,
      timeoutMs: TIMEOUT_MS,
      clock,
    }),
  })
}

/** undici is not paid for by whoever sends no webhooks. */
const openClient = (options: EndpointClientOptions) => async (request: EndpointRequest) => {
  const { createEndpointClient } = await import('../subscriptions/endpoint-client.js')
  return createEndpointClient(options)(request)
}
