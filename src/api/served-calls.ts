import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { ApiRoute } from '../access/api-route.js'
import type { Clock } from '../clock.js'
import { AppError } from '../errors.js'
import { invalidInput } from '../field-errors.js'
import { parseJson, storable } from '../http/json-boundary.js'
import { readJsonBody } from '../http/raw-body.js'
import type { Answer, ApiCall } from './api-call.js'
import type { Idempotently } from './idempotency.js'

export interface ServingNeeds {
  readonly idempotently: Idempotently
  readonly clock: Clock
  readonly publicUrl: string | null
}

const KEY_LENGTH_MAX = 255

/** The calls as routes. A segment written out goes before a `{…}`: `/vouchers/check` is no voucher. */
export const servedCalls = (calls: readonly ApiCall[], needs: ServingNeeds): readonly ApiRoute[] =>
  inTheirOrder(calls).map((call) => routeOf(call, needs))

const inTheirOrder = (calls: readonly ApiCall[]): readonly ApiCall[] =>
  [...calls].sort((a, b) => countParams(a) - countParams(b))

const countParams = ({ path }: ApiCall): number => path.split('{').length

/** As Express writes it. */
const expressPath = ({ path }: ApiCall): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

/** Reads the request, answers it, once for one Idempotency-Key. */
const routeOf = (call: ApiCall, { idempotently, clock, publicUrl }: ServingNeeds): ApiRoute => {
  const { method, may } = call
  return {
    method,
    may,
    path: expressPath(call),
    answer: async (req, res, caller) => {
      const now = clock()
      const idempotencyKey = keyIn(req)
      const query = queryIn(req)
      const body = await bodyOf(call, req)
      const work = (key: string | null, mayBeDone: boolean) =>
        call.answerTo({
          caller,
          params: paramsIn(req),
          query,
          body,
          key,
          mayBeDone,
          ifNoneMatch: req.get('If-None-Match') ?? null,
          baseUrl: publicUrl ?? `${req.protocol}://${req.host}`,
          now,
        })
      const answer =
        idempotencyKey === null || method === 'GET'
          ? await work(null, false)
          : await idempotently({ keyId: caller.keyId, method, path: req.path, idempotencyKey, body, now }, work)
      send(res, answer)
    },
  }
}

const keyIn = (req: Request): string | null => {
  const key = req.get('Idempotency-Key')
  if (key === undefined || (key.length > 0 && key.length <= KEY_LENGTH_MAX)) return key ?? null
  throw invalidInput([{ field: 'Idempotency-Key', message: `must have 1 to ${KEY_LENGTH_MAX} characters` }])
}

/** A name that is there twice means two things to two readers. */
const queryIn = (req: Request): Readonly<Record<string, string>> => {
  const { searchParams } = new URL(req.url, 'http://any.invalid')
  const names = [...searchParams.keys()]
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  if (twice.length > 0) throw invalidInput(twice.map((field) => ({ field, message: 'must be there once' })))
  return Object.fromEntries([...searchParams].map(([name, value]) => [name, storable(value)]))
}

const paramsIn = ({ params }: Request): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, storable(String(value))]))

/** Null for a call that takes none. Without any bytes an empty object, so that what is all optional may be left out. */
const bodyOf = async ({ body }: ApiCall, req: Request): Promise<unknown> => {
  if (body === null) return null
  const isEmpty = req.get('Transfer-Encoding') === undefined && Number(req.get('Content-Length') ?? 0) === 0
  return isEmpty ? {} : parseJson(await readJsonBody(req))
}

const send = (res: Response, { status, headers = {}, body }: Answer): void => {
  res.status(status).set(headers)
  if (status === 204 || status === 304) res.end()
  else res.json(body)
}

/** What the API says where it has nothing, or not by this method. */
export const restOfApi = (calls: readonly ApiCall[]): RequestHandler => {
  const router = Router()
  for (const path of new Set(inTheirOrder(calls).map(expressPath))) {
    const methods = calls.filter((call) => expressPath(call) === path).map(({ method }) => method)
    router.all(path, (_req, res) => {
      res.set('Allow', methods.join(', '))
      throw new AppError('method_not_allowed', `This address takes ${methods.join(' or ')}.`)
    })
  }
  router.use(() => {
    throw new AppError('not_found', 'The API has nothing at this address.')
  })
  return router
}
