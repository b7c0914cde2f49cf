import { AppError } from '../errors.js'
import { parseJson } from '../http/json-boundary.js'
import { canonical } from './aliases.js'
import { type DuplicateKey, duplicateKeyOf } from './duplicate-key.js'
import type { LoyaltyEvent } from './glossary.js'
import { parseEvent } from './parse-event.js'

/** What the bytes of a webhook turn out to be. */
export interface ReadWebhook {
  readonly key: DuplicateKey
  /** Ids by which the sender may mean an event that is in the journal already: our own frame, come back. */
  readonly claimedIds: readonly string[]
  readonly content: WebhookContent
}

export type WebhookContent =
  | { readonly kind: 'event'; readonly event: LoyaltyEvent }
  | ({ readonly kind: 'unrecognised' } & Outline)
  | ({ readonly kind: 'invalid'; readonly problem: AppError } & Outline)

/** What can be said of a body that is no event; null where it does not say. */
export interface Outline {
  readonly name: string
  readonly businessExternalId: string | null
  readonly customerExternalId: string | null
}

/**
 * Reads a webhook's body. The same bytes give the same answer at any time (`receivedAt`, Unix ms, is when they came), under
 * the rules of the day. Throws AppError('invalid_json') for what is not JSON; wrong fields are a result.
 */
export const readWebhook = (body: Buffer, header: string | undefined, receivedAt: number): ReadWebhook => {
  const json = canonical(parseJson(body))
  const bodyId = memberOf(json, 'id')
  return {
    key: duplicateKeyOf({ header, bodyId, rawBody: body }),
    claimedIds: [header, bodyId].filter((id) => typeof id === 'string').filter(isOwnEventId),
    content: contentOf(json, receivedAt),
  }
}

const isOwnEventId = (id: string): boolean => id.length === 36 && /^evt_[0-9a-f]{32}$/.test(id)

const contentOf = (json: unknown, receivedAt: number): WebhookContent => {
  try {
    const parsed = parseEvent(json, receivedAt)
    return parsed.kind === 'event'
      ? { kind: 'event', event: parsed.event }
      : { kind: 'unrecognised', ...outlineOf(json) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { kind: 'invalid', problem: error, ...outlineOf(json) }
  }
}

const NAME_MAX = 100
const ID_MAX = 128
const NAMELESS = 'unknown'

const outlineOf = (json: unknown): Outline => {
  const name = memberOf(json, 'event')
  return {
    name:
      typeof name === 'string' && name.trim() !== '' ? Array.from(name.trim()).slice(0, NAME_MAX).join('') : NAMELESS,
    businessExternalId: idOrNull(memberOf(json, 'business_id')),
    customerExternalId: idOrNull(memberOf(memberOf(json, 'customer'), 'id')),
  }
}

const idOrNull = (value: unknown): string | null => {
  const id = typeof value === 'string' ? value.trim() : Number.isSafeInteger(value) ? String(value) : ''
  return id !== '' && id.length <= ID_MAX ? id : null
}

/** Own members only: a body has no way to say `__proto__` and be answered by Object. */
const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
