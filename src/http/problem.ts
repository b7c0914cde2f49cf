import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { AppError, describeError, type ErrorCode, type FieldError } from '../errors.js'
import type { Log } from '../log.js'

/** The HTTP status of every refusal. A code without a status does not compile. */
export const HTTP_STATUS: Record<ErrorCode, number> = {
  invalid_json: 400,
  invalid_input: 422,
  unsupported_media_type: 415,
  too_large: 413,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  idempotency_key_in_use: 409,
  idempotency_key_reused: 422,
  managed_by_7stamp: 409,
  phone_taken: 409,
  email_taken: 409,
  different_customers: 409,
  customer_erased: 409,
  not_linked: 409,
  no_card_template: 409,
  own_card: 403,
  card_complete: 409,
  already_undone: 409,
  too_late: 409,
  reward_used: 409,
  not_a_lottery: 409,
  taken_back: 409,
  own_voucher: 403,
  staff_only: 403,
  already_redeemed: 409,
  voucher_expired: 409,
  voucher_not_active: 409,
  not_redeemed: 409,
  redeem_code_ambiguous: 409,
  rate_limited: 429,
  unavailable: 503,
  misconfigured: 500,
}

/** Beside our own refusals: what the HTTP layer itself refuses (a malformed address), and our faults. */
export type ProblemCode = ErrorCode | 'bad_request' | 'internal_error'

/** The body of an error answer: RFC 9457, and a stable `code` to program against. */
export interface Problem {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ProblemCode
  readonly errors?: readonly FieldError[]
}

export interface ProblemAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Problem
}

const RETRY_AFTER_SEC = 5

/** The answer for whatever was thrown. Only an AppError's message is shown: nobody else promised that theirs is safe to show. */
export const problemOf = (error: unknown): ProblemAnswer => {
  if (error instanceof AppError) return refusal(error)
  const status = clientErrorStatus(error)
  return status === null
    ? answer(500, 'internal_error', 'Something went wrong on our side. It has been logged.')
    : answer(status, 'bad_request', 'The request is malformed.')
}

const refusal = (error: AppError): ProblemAnswer => {
  const status = HTTP_STATUS[error.code]
  const errors = error.fields.length > 0 ? { errors: error.fields } : {}
  return answer(status, error.code, error.message, errors, headersOf(error))
}

const headersOf = (error: AppError): Record<string, string> => {
  const isTemporary = error.code === 'unavailable' || error.code === 'rate_limited'
  const retryAfterSec = error.retryAfterSec ?? (isTemporary ? RETRY_AFTER_SEC : undefined)
  return {
    ...(retryAfterSec === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSec))) }),
    // RFC 9110 §15.5.2 wants a challenge with every 401; all our callers are known by a bearer key or a secret address.
    ...(error.code === 'unauthorized' ? { 'WWW-Authenticate': 'Bearer' } : {}),
  }
}

const answer = (
  status: number,
  code: ProblemCode,
  detail: string,
  errors: Pick<Problem, 'errors'> = {},
  headers: Record<string, string> = {},
): ProblemAnswer => ({
  status,
  headers: { 'Content-Type': 'application/problem+json; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
  body: { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code, ...errors },
})

/** Express and its parts mark what the client did wrong with a 4xx `status`; any other status is our fault. */
const clientErrorStatus = (error: unknown): number | null => {
  if (!(error instanceof Error)) return null
  const status: unknown = Reflect.get(error, 'status')
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null
}

/** Answers what was thrown, and logs what is our fault. */
export const writeProblem = (log: Log, error: unknown, res: ServerResponse): void => {
  const { status, headers, body } = problemOf(error)
  if (status >= 500) log.error({ code: body.code, error: describeError(error), err: error }, 'http.failed')
  // Half an answer cannot be taken back; a broken connection tells the reader that it is incomplete.
  if (res.headersSent) return void res.destroy()
  if (res.destroyed) return
  res.writeHead(status, headers).end(JSON.stringify(body))
}

/** The last middleware of the application. */
export const sendProblem =
  (log: Log): ErrorRequestHandler =>
  // Express tells an error handler by its four parameters.
  (error, _req, res, _next) =>
    writeProblem(log, error, res)

/** For an address nobody serves. */
export const notFound: RequestHandler = () => {
  throw new AppError('not_found', 'There is nothing at this address.')
}
