import { z } from 'zod'
import type { AuditedDecision, AuditLog, Author } from '../access/audit-log.js'
import type { Sealing } from '../business/sealing.js'
import type { Clock } from '../clock.js'
import { type Bound, type Database, demand } from '../db/database.js'
import type { Ledger } from '../deliveries/ledger.js'
import { AppError } from '../errors.js'
import { eventNames } from '../events/glossary.js'
import { parseInput } from '../field-errors.js'
import { createWebhookSecret } from '../http/standard-webhooks.js'
import { derivedId, randomId, randomToken } from '../ids.js'
import { endpointUrl, hookLaneOf } from './endpoint-url.js'
import { hookDelivery } from './fan-out.js'
import { openedSecret, sealedSecret } from './secrets.js'
import { type DisabledReason, FORMER_SECRET_MS, subscriptionSecretPlace } from './subscription.js'
import type { SubscriptionStore } from './subscription-store.js'
import type { SubscriptionRow } from './subscription-tables.js'
import { testSourceOf } from './webhook-lane.js'

export interface SubscriptionNeeds {
  readonly db: Database
  readonly store: SubscriptionStore
  readonly audit: AuditLog
  readonly ledger: Ledger
  readonly sealing: Sealing
  readonly clock: Clock
  readonly allowPrivate: boolean
  /** Adds the lane of a host at `now` (Unix ms); one that is there already stays. */
  addLane(id: string, businessId: string, now: number): Bound<unknown>
  /** Nobody ends the lane before the batch is in. */
  lockedLane(values: { id: string }): Bound<readonly unknown[]>
  /** A lane has something to send, or is new. Never throws, never waits. */
  wakeLane(id: string): void
}

/** A subscription without its secrets. Times are Unix ms. */
export type Subscription = Omit<SubscriptionRow, 'secret' | 'formerSecret' | 'lane'> & {
  readonly state: 'enabled' | 'disabled'
}

export interface Added {
  readonly subscription: Subscription
  /** Shown once. */
  readonly secret: string
}

/** What a new subscription is made of. */
const newSubscription = (allowPrivate: boolean) =>
  z.strictObject({
    url: endpointUrl(allowPrivate),
    events: z
      .array(z.enum(eventNames))
      .min(1)
      .transform((names) => [...new Set(names)])
      .nullable()
      .default(null)
      .describe('Null for all.'),
    include_contact: z
      .boolean()
      .default(false)
      .describe(
        'Whether name, phone, email and birthday of the customer are sent along, and whatever else its sender said of them.',
      ),
  })

export type Subscriptions = ReturnType<typeof createSubscriptions>

/** Who outside is sent events. Each function rejects with AppError('not_found') for what is not the business's own. */
export const createSubscriptions = (needs: SubscriptionNeeds) => {
  const { db, store, ledger, sealing, clock } = needs
  const schema = newSubscription(needs.allowPrivate)

  const change = <T>(
    author: Author,
    id: string,
    decide: (row: SubscriptionRow, now: number) => AuditedDecision<T>,
  ): Promise<T> =>
    needs.audit.atomically(author, { row: store.locked({ id }) }, ({ row: [row] }, now) => {
      if (row?.businessId !== author.businessId) throw noSuch()
      return decide(row, now)
    })

  const find = async (businessId: string, id: string): Promise<SubscriptionRow> => {
    const [row] = await db.read(store.byId({ businessId, id }))
    if (!row) throw noSuch()
    return row
  }

  return {
    schema,

    /** `key` makes the id: the same request again gives what it gave before. Throws AppError('invalid_input'). */
    add: async (author: Author, input: unknown, key: string | null = null): Promise<Added> => {
      const { businessId } = author
      const given = parseInput(schema, input)
      const id = key === null ? randomId('sub') : derivedId('sub', businessId, key)
      const lane = hookLaneOf(given.url)
      const secret = createWebhookSecret()
      const reads = { lane: needs.lockedLane({ id: lane }), there: store.locked({ id }) }
      const added = await needs.audit.atomically(author, reads, ({ there: [there] }, now): AuditedDecision<Added> => {
        if (there) {
          const result = { subscription: shown(there), secret: openedSecret(sealing, there) }
          return { audit: [], writes: [], result }
        }
        const sealed = sealedSecret(sealing, id, secret)
        const row = newRow({ id, businessId, lane, secret: sealed, createdAt: now }, given)
        return {
          audit: [
            { action: 'webhook.added', subjectId: id, details: { contact: given.include_contact ? 'yes' : 'no' } },
          ],
          writes: [store.add(row), needs.addLane(lane, businessId, now)],
          result: { subscription: shown(row), secret },
        }
      })
      needs.wakeLane(lane)
      return added
    },

    list: async (businessId: string): Promise<readonly Subscription[]> =>
      (await db.read(store.ofBusiness({ businessId }))).map(shown),

    get: async (businessId: string, id: string): Promise<Subscription> => shown(await find(businessId, id)),

    /** Cancels what has not left yet. */
    remove: (author: Author, id: string): Promise<null> =>
      change(author, id, (_row, now) => ({
        audit: [{ action: 'webhook.removed', subjectId: id }],
        writes: [
          demand(1, store.remove({ id })),
          ledger.cancelAllTo({ recipientId: id, reason: 'subscription_removed', now }),
        ],
        result: null,
      })),

    /**
     * A new secret, shown once; the former one signs beside it for a day. `mayBeDone`: the secret of a rotation within that
     * day is given again, since another one would end the former secret, which the receiver may still have.
     */
    rotateSecret: (author: Author, id: string, mayBeDone = false): Promise<string> => {
      const secret = createWebhookSecret()
      return change(author, id, (row, now) => {
        if (mayBeDone && row.formerUntil !== null && row.formerUntil > now)
          return { audit: [], writes: [], result: openedSecret(sealing, row) }
        const formerSecret = sealing.seal(subscriptionSecretPlace(id, 'former_secret'), openedSecret(sealing, row))
        const secrets = { secret: sealedSecret(sealing, id, secret), formerSecret, formerUntil: now + FORMER_SECRET_MS }
        return {
          audit: [{ action: 'webhook.secret_rotated', subjectId: id }],
          writes: [store.saveSecrets({ id, ...secrets })],
          result: secret,
        }
      })
    },

    enable: (author: Author, id: string): Promise<Subscription> =>
      change(author, id, (row) => ({
        audit: row.disabledReason === null ? [] : [{ action: 'webhook.enabled', subjectId: id }],
        writes: [store.enable({ id })],
        result: shown({ ...row, ...NEVER_FAILED }),
      })),

    /** Sends an event that is none, once, also where the subscription is disabled. Resolves with the delivery's id. */
    test: async (businessId: string, id: string): Promise<string> => {
      const row = await find(businessId, id)
      const now = clock()
      const source = testSourceOf(randomToken(22), now)
      const about = { businessId, customerId: null, source, position: now, now, purpose: 'test' } as const
      const delivery = hookDelivery(row, about)
      await db.write(...ledger.plan(delivery, now))
      needs.wakeLane(delivery.lane)
      return delivery.id
    },
  }
}

const newRow = (
  row: Pick<SubscriptionRow, 'id' | 'businessId' | 'lane' | 'secret' | 'createdAt'>,
  { url, events, include_contact }: z.output<ReturnType<typeof newSubscription>>,
): SubscriptionRow => ({
  ...row,
  ...NEVER_FAILED,
  url,
  events,
  includeContact: include_contact,
  formerSecret: null,
  formerUntil: null,
})

const NEVER_FAILED = {
  disabledReason: null as DisabledReason | null,
  disabledAt: null,
  isAlerted: false,
  failingSince: null,
  lastFailedAt: null,
}

const shown = ({ secret: _secret, formerSecret: _former, lane: _lane, ...row }: SubscriptionRow): Subscription => ({
  ...row,
  state: row.disabledReason === null ? 'enabled' : 'disabled',
})

const noSuch = (): AppError => new AppError('not_found', 'There is no such webhook.')
