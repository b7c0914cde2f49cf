import { type RequestHandler, type Response, Router } from 'express'
import type { Clock } from '../clock.js'
import { AppError, assertNever } from '../errors.js'
import { type ApiMethod, type ApiRoute, type Denial, denialOf } from './api-route.js'
import type { Authenticate, Authentication, Caller } from './authentication.js'
import { type CountRequest, createRequestRate, type RateLimit } from './request-rate.js'

export interface ApiRouterNeeds {
  readonly routes: readonly ApiRoute[]
  readonly authenticate: Authenticate
  readonly clock: Clock
  /** For each key. */
  readonly rateLimit: RateLimit
}

/** Serves these routes and nothing else; every one of them first asks who calls, how often, and whether they may. */
export const apiRouter = ({ routes, authenticate, clock, rateLimit }: ApiRouterNeeds): Router => {
  const countRequest = createRequestRate(rateLimit)

  const callerOf = async (header: string | undefined, res: Response): Promise<Caller> => {
    const now = clock()
    const authentication = await authenticate(header, now)
    if (authentication.kind === 'refused') throw new AppError('unauthorized', WHAT_TO_DO[authentication.reason])
    const { caller } = authentication
    limit(res, countRequest(caller.keyId, now), rateLimit)
    return caller
  }

  const handlerOf =
    (route: ApiRoute): RequestHandler =>
    async (req, res) => {
      const caller = await callerOf(req.headers.authorization, res.set('Cache-Control', 'no-store'))
      const denial = denialOf(route, caller)
      if (denial !== null) throw new AppError('forbidden', sentenceOf(denial, route.may.roles))
      await route.answer(req, res, caller)
    }

  const router = Router()
  for (const route of routes) router[REGISTER[route.method]](route.path, handlerOf(route))
  return router
}

const REGISTER = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const satisfies Record<
  ApiMethod,
  keyof Router
>

const WHAT_TO_DO: Readonly<Record<(Authentication & { kind: 'refused' })['reason'], string>> = {
  missing: 'Send your API key with the request: Authorization: Bearer 7loc_sc_….',
  malformed: 'This is not an API key: check that it was copied as a whole, as Authorization: Bearer 7loc_sc_….',
  unknown: 'This API key is not valid, or no longer: it was deleted or regenerated, or its owner left.',
}

const sentenceOf = (denial: Denial, roles: readonly string[]): string => {
  switch (denial) {
    case 'role':
      return `This needs a key of the role ${roles.join(' or ')}.`
    case 'read_only':
      return 'This key only reads: use one that may change things.'
    default:
      return assertNever(denial)
  }
}

/** Says with every answer what is left (draft-ietf-httpapi-ratelimit-headers), and refuses when nothing is. */
const limit = (res: Response, rate: ReturnType<CountRequest>, { quota, windowSec }: RateLimit): void => {
  res.set({
    'RateLimit-Policy': `"key";q=${quota};w=${windowSec}`,
    RateLimit: `"key";r=${rate.remaining};t=${rate.fullInSec}`,
  })
  if (rate.isAllowed) return
  const message = `This key has asked more than ${quota} times in ${windowSec} s: wait, and ask again.`
  throw new AppError('rate_limited', message, { retryAfterSec: rate.retryAfterSec })
}
