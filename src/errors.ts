/** Why a card, stamp, voucher or customer cannot become what somebody asked for. */
type LoyaltyRefusal =
  | 'managed_by_7stamp'
  | 'phone_taken'
  | 'email_taken'
  | 'different_customers'
  | 'customer_erased'
  | 'not_linked'
  | 'no_card_template'
  | 'own_card'
  | 'card_complete'
  | 'already_undone'
  | 'too_late'
  | 'reward_used'
  | 'not_a_lottery'
  | 'taken_back'
  | 'own_voucher'
  | 'staff_only'
  | 'already_redeemed'
  | 'voucher_expired'
  | 'voucher_not_active'
  | 'not_redeemed'
  | 'redeem_code_ambiguous'

/** Every reason for which the program refuses something. The HTTP status of each is in `http/problem.ts`. */
export type ErrorCode =
  | 'invalid_json'
  | 'invalid_input'
  | 'unsupported_media_type'
  | 'too_large'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'idempotency_key_in_use'
  | 'idempotency_key_reused'
  | LoyaltyRefusal
  | 'rate_limited'
  | 'unavailable'
  | 'misconfigured'

/** One wrong field of an input: where it is (`customer.id`) and what to change. */
export interface FieldError {
  readonly field: string
  readonly message: string
}

/** An expected refusal. `message` says what to change, and is safe to show to whoever asked. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly fields: readonly FieldError[]
  /** For `rate_limited` and `unavailable`: when a new try makes sense. */
  readonly retryAfterSec: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    details: { fields?: readonly FieldError[]; retryAfterSec?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause })
    this.name = 'AppError'
    this.code = code
    this.fields = details.fields ?? []
    this.retryAfterSec = details.retryAfterSec
  }
}

/** The end of every exhaustive switch: a case added to a union and forgotten here does not compile. */
export const assertNever = (unexpected: never): never => {
  throw new Error(`unhandled case: ${JSON.stringify(unexpected)}`)
}

/** The text of whatever was thrown, for logs and stored failures; never longer than a screen. */
export const describeError = (error: unknown): string =>
  (error instanceof Error ? error.message || error.name : String(error)).slice(0, 500)
