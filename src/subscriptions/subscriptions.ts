import { z } from 'zod'
import type { Sealing } from '../business/sealing.js'
import type { Clock } from '../clock.js'
import { type Bound, type Database, type Decision, demand } from '../db/database.js'
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
  readonly ledger: Ledger
  readonly sealing: Sealing
  readonly clock: Clock
  readonly allowPrivate: boolean
  /** Adds the lane of a host; one that is there already stays. */
  addLane(id: string, businessId: string): Bound<unknown>
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
      .describe('Whether name, phone, email and birthday of the customer are sent along.'),
  })

export type Subscriptions = ReturnType<typeof createSubscriptions>

/** Who outside is sent events. Each function rejects with AppError('not_found') for what is not the business's own. */
export const createSubscriptions = (needs: SubscriptionNeeds) => {
  const { db, store, ledger, sealing, clock } = needs
  const schema = newSubscription(needs.allowPrivate)

  const decideOn = <T>(businessId: string, id: string, decide: (row: SubscriptionRow, now: number) => Decision<T>) =>
    db.atomically({ row: store.locked({ id }) }, ({ row: [row] }, now) => {
      if (row?.businessId !== businessId) throw noSuch()
      return decide(row, now)
    })

  return {
    schema,

    /** `key` makes the id: the same request again gives what it gave before. Throws AppError('invalid_input'). */
    add: async (businessId: string, input: unknown, key: string | null = null): Promise<Added> => {
      const { url, events, include_contact } = parseInput(schema, input)
      const id = key === null ? randomId('sub') : derivedId('sub', businessId, key)
      const lane = hookLaneOf(url)
      const secret = createWebhookSecret()
      const added = await db.atomically({ there: store.locked({ id }) }, ({ there: [there] }, now): Decision<Added> => {
        if (there) return { writes: [], result: { subscription: shown(there), secret: openedSecret(sealing, there) } }
        const row: SubscriptionRow = {
          ...NEVER_FAILED,
          id,
          businessId,
          url,
          lane,
          events,
          includeContact: include_contact,
          secret: sealedSecret(sealing, id, secret),
          formerSecret: null,
          formerUntil: null,
          createdAt: now,
        }
        return {
          writes: [store.add(row), needs.addLane(lane, businessId)],
          result: { subscription: shown(row), secret },
        }
      })
      needs.wakeLane(lane)
      return added
    },

    list: async (businessId: string): Promise<readonly Subscription[]> =>
      (await db.read(store.ofBusiness({ businessId }))).map(shown),

    get: async (businessId: string, id: string): Promise<Subscription> => {
      const [row] = await db.read(store.byId({ businessId, id }))
      if (!row) throw noSuch()
      return shown(row)
    },

    /** Cancels what has not left yet. */
    remove: (businessId: string, id: string): Promise<null> =>
      decideOn(businessId, id, (_row, now) => ({
        writes: [
          demand(1, store.remove({ id })),
          ledger.cancelAllTo({ recipientId: id, reason: 'subscription_removed', now }),
        ],
        result: null,
      })),

    /** A new secret, shown once; the former one signs beside it for a day. */
    rotateSecret: (businessId: string, id: string): Promise<string> => {
      const secret = createWebhookSecret()
      return decideOn(businessId, id, (row, now) => {
        const formerSecret = sealing.seal(subscriptionSecretPlace(id, 'former_secret'), openedSecret(sealing, row))
        const secrets = { secret: sealedSecret(sealing, id, secret), formerSecret, formerUntil: now + FORMER_SECRET_MS }
        return { writes: [store.saveSecrets({ id, ...secrets })], result: secret }
      })
    },

    enable: (businessId: string, id: string): Promise<Subscription> =>
      decideOn(businessId, id, (row) => ({
        writes: [store.enable({ id })],
        result: shown({ ...row, ...NEVER_FAILED }),
      })),

    /** Sends an event that is none, once, also where the subscription is disabled. Returns the delivery's id. */
    test: async (businessId: string, id: string): Promise<string> => {
      const now = clock()
      const source = testSourceOf(randomToken(22), now)
      const planned = await decideOn(businessId, id, (row) => {
        const delivery = hookDelivery(row, {
          businessId,
          customerId: null,
          source,
          position: now,
          now,
          purpose: 'test',
        })
        return { writes: ledger.plan(delivery, now), result: delivery }
      })
      needs.wakeLane(planned.lane)
      return planned.id
    },
  }
}

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
