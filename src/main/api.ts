import type { ApiRoute } from '../access/api-route.js'
import { apiRouter } from '../access/api-router.js'
import { meRoute } from '../access/me-route.js'
import type { RateLimit } from '../access/request-rate.js'
import type { Mount } from '../http/server.js'
import type { Foundation } from './foundation.js'

/** A till at its busiest asks a few times a second; a nightly import of another program may ask 50 times. */
const RATE_LIMIT: RateLimit = { quota: 3_000, windowSec: 60 }

/** Every route of the REST API. One that is not listed here is not served. */
export const apiRoutesOf = ({ db, access: { roster }, businesses }: Foundation): readonly ApiRoute[] => [
  meRoute({
    roster,
    businessName: async (id) => (await db.read(businesses.byId({ id })))[0]?.name ?? null,
  }),
]

/** The REST API below `/api/v1`. */
export const mountApi =
  (foundation: Foundation): Mount =>
  (app) => {
    const { access, clock } = foundation
    const routes = apiRoutesOf(foundation)
    app.use('/api/v1', apiRouter({ routes, authenticate: access.authenticate, clock, rateLimit: RATE_LIMIT }))
  }
