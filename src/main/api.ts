import { Router } from 'express'
import { CUSTOMER_LINK_MS, createLink } from '../../bots/chats/links.js'
import type { ApiRoute } from '../access/api-route.js'
import { apiRouter } from '../access/api-router.js'
import { meRoute } from '../access/me-route.js'
import type { RateLimit } from '../access/request-rate.js'
import { staffRoutes } from '../access/staff-routes.js'
import { createAnswerStore } from '../api/answer-store.js'
import type { ApiCall } from '../api/api-call.js'
import { docsRoutes } from '../api/docs-routes.js'
import { createIdempotency } from '../api/idempotency.js'
import { restOfApi, servedCalls } from '../api/served-calls.js'
import { locationRoutes } from '../business/location-routes.js'
import { createEventPageStore } from '../events/event-page-store.js'
import { eventRoutes } from '../events/event-routes.js'
import { whenAsked } from '../http/when-asked.js'
import { createCustomerStore } from '../loyalty/customer-store.js'
import { subscriptionRoutes } from '../subscriptions/subscription-routes.js'
import { loyaltyCalls } from './api-loyalty.js'
import type { Foundation } from './foundation.js'

/** A till at its busiest asks a few times a second; a nightly import of another program may ask 50 times. */
const RATE_LIMIT: RateLimit = { quota: 3_000, windowSec: 60 }

/** What the calls need of the lanes that this process serves. */
export interface ApiLanes {
  /** The bot's name; null without a bot, or while it was not reached yet. */
  telegramName(): string | null
}

const NO_LANES: ApiLanes = { telegramName: () => null }

/** Every call of the REST API. One that is not listed here is neither served nor documented. */
export const apiCallsOf = (foundation: Foundation, lanes: ApiLanes = NO_LANES): readonly ApiCall[] => {
  const {
    db,
    access: { roster },
    businesses,
    clock,
    webhooks,
  } = foundation
  return [
    meRoute({
      roster,
      businessName: async (id) => (await db.read(businesses.byId({ id })))[0]?.name ?? null,
    }),
    ...staffRoutes(roster),
    ...locationRoutes(db, businesses),
    ...eventRoutes({ db, store: createEventPageStore(db), contactsOf: createCustomerStore(db).contacts }),
    ...subscriptionRoutes({ db, ...webhooks }),
    ...loyaltyCalls(foundation, async (businessId, customerId, baseUrl) => {
      const token = await createLink(foundation, businessId, { kind: 'customer', customerId })
      const telegram = lanes.telegramName()
      return {
        telegram: telegram === null ? null : `https://t.me/${telegram}?start=${token}`,
        whatsapp: null,
        viber: null,
        web: `${baseUrl}/try?start=${token}`,
        expiresAt: clock() + CUSTOMER_LINK_MS,
      }
    }),
  ]
}

/** The calls as they are served. */
export const apiRoutesOf = (foundation: Foundation, calls = apiCallsOf(foundation)): readonly ApiRoute[] => {
  const { db, sealing, clock, config } = foundation
  const idempotently = createIdempotency({ db, store: createAnswerStore(db), sealing })
  return servedCalls(calls, { idempotently, clock, publicUrl: config.http.publicUrl })
}

/** The REST API below `/api/v1`, and what describes it. */
export const openApi = (foundation: Foundation, lanes: ApiLanes = NO_LANES): Router => {
  const { access, clock } = foundation
  const calls = apiCallsOf(foundation, lanes)
  const routes = apiRoutesOf(foundation, calls)
  const router = Router()
  router.use(whenAsked(['/api/docs', '/api/openapi.json'], () => docsRoutes(calls)))
  router.use('/api/v1', apiRouter({ routes, authenticate: access.authenticate, clock, rateLimit: RATE_LIMIT }))
  router.use('/api/v1', restOfApi(calls))
  return router
}
