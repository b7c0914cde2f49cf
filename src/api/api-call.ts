import { z } from 'zod'
import type { ApiMethod, Permission } from '../access/api-route.js'
import type { Caller } from '../access/authentication.js'
import type { AppError } from '../errors.js'
import { parseInput } from '../field-errors.js'

/** `/cards/{id}` has `{ id: string }`. */
type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [K in Name]: string } & ParamsOf<Rest>
  : unknown

/** A request that may be answered: its caller is let in, its fields are parsed. */
export interface Asked<Params, Query, Body> {
  readonly caller: Caller
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** Stands for the caller's Idempotency-Key: what is made with it has the same id each time. Null without one. */
  readonly key: string | null
  /** The same request was begun before, and nobody knows how far it came: what it was to do may be done. */
  readonly mayBeDone: boolean
  /** The If-None-Match header, for answers that have an ETag. */
  readonly ifNoneMatch: string | null
  /** The address at which the caller reached us, or the public one; without a slash at the end. */
  readonly baseUrl: string
  /** Unix ms */
  readonly now: number
}

export interface Answer {
  readonly status: 200 | 201 | 202 | 204 | 304
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Whose personal data the body holds; an answer that is kept for a repeated request is found by it when they are erased. */
  readonly customerId?: string
}

/** A request as the documentation shows it. A test sends each of them; `…_example` ids stand for what that test has made. */
export interface RequestExample {
  readonly title: string
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly status: Answer['status']
}

interface Documented {
  readonly method: ApiMethod
  /** Below `/api/v1`, with `{…}` for what differs. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly may: Permission
  readonly examples: readonly [RequestExample, ...RequestExample[]]
  /** What it may be refused with beyond what any call may be. */
  readonly refusals?: readonly AppError['code'][]
}

/** A call of the API, without the types of its fields: what the router runs and the document describes. */
export interface ApiCall extends Documented {
  readonly query: z.ZodObject
  /** Null for a call without a body. */
  readonly body: z.ZodType | null
  readonly answer: z.ZodType
  /** Parses and answers. Rejects with AppError('invalid_input') for wrong fields. */
  answerTo(call: Asked<Readonly<Record<string, string>>, unknown, unknown>): Promise<Answer>
}

const NO_QUERY = z.strictObject({})

/** Declares a call: the schemas parse its requests, and describe them in the OpenAPI document. */
export const apiCall = <
  const Path extends `/${string}`,
  Query extends z.ZodObject = typeof NO_QUERY,
  Body extends z.ZodType = z.ZodNull,
>({
  handle,
  ...route
}: Documented & {
  readonly path: Path
  readonly query?: Query
  readonly body?: Body
  readonly answer: z.ZodType
  handle(call: Asked<ParamsOf<Path>, z.output<Query>, z.output<Body>>): Promise<Answer>
}): ApiCall => ({
  ...route,
  query: route.query ?? NO_QUERY,
  body: route.body ?? null,
  answerTo: (call) =>
    handle({
      ...call,
      // The router matched this very path, which has these names.
      params: call.params as ParamsOf<Path>,
      query: parseInput(route.query ?? NO_QUERY, call.query) as z.output<Query>,
      body: parseInput<z.ZodType>(route.body ?? z.null(), call.body) as z.output<Body>,
    }),
})
