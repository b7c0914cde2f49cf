import { LRUCache } from 'lru-cache'
import { type Database, type Decision, demand } from '../db/database.js'
import { AppError } from '../errors.js'
import type { Admission, Admissions } from '../events/inbox.js'
import { derivedId, hashToken } from '../ids.js'
import type { Signals } from '../queue/signals.js'
import type { BusinessStore } from './business-store.js'
import type { BusinessRow } from './business-tables.js'
import type { SealedPlace, Sealing } from './sealing.js'

/** A changed or revoked address counts everywhere within this time, even if its signal is lost. */
const TRUSTED_FOR_MS = 1_000
/** Addresses remembered, unknown ones included: guesses must not fill the memory. */
const MAX_REMEMBERED = 10_000

export interface AdmissionNeeds {
  readonly db: Database
  readonly store: BusinessStore
  readonly sealing: Sealing
  readonly signals: Signals
  /** Business ids that stand for the address's own business without becoming its external id: the demo's. */
  readonly standIns: readonly string[]
}

/** Where a business's own webhook secret is sealed. */
export const webhookSecretPlace = (businessId: string): SealedPlace => ({
  table: 'businesses',
  column: 'webhook_secret',
  rowId: businessId,
})

/**
 * Who the addresses of 7stamp's webhooks belong to. An address is looked up by the hash of its token, so that how long it
 * takes says nothing about the token, and the database holds none.
 */
export const createAdmissions = ({ db, store, sealing, signals, standIns }: AdmissionNeeds): Admissions => {
  const remembered = new LRUCache<string, Promise<Admission | null>>({ max: MAX_REMEMBERED, ttl: TRUSTED_FOR_MS })
  signals.subscribe('business', () => remembered.clear())

  const load = async (tokenHash: string): Promise<Admission | null> => {
    const [root] = await db.read(store.byWebhookToken({ tokenHash }))
    if (!root) return null
    const family = await db.read(store.family({ rootId: root.id }))
    const { webhookSecret } = root
    return {
      rootId: root.id,
      secret: webhookSecret === null ? null : sealing.open(webhookSecretPlace(root.id), webhookSecret),
      family: new Map([
        ...standIns.map((externalId) => [externalId, root.id] as const),
        ...family.flatMap(({ id, externalId }) => (externalId === null ? [] : [[externalId, id] as const])),
      ]),
    }
  }

  const tryToBind = (rootId: string, externalId: string): Promise<string | null> =>
    db.atomically(
      { root: store.locked({ id: rootId }), owner: store.byExternalId({ externalId }) },
      ({ root: [root], owner: [owner] }, now): Decision<string | null> => {
        if (owner) return { writes: [], result: owner.id === rootId || owner.parentId === rootId ? owner.id : null }
        if (!root) return { writes: [], result: null }
        if (root.externalId === null)
          return { writes: [demand(1, store.bindExternalId({ id: rootId, externalId }))], result: rootId }
        const sister = sisterOf(root, externalId, now)
        return { writes: [demand(1, store.add(sister))], result: sister.id }
      },
    )

  return {
    admit: (token) => {
      const tokenHash = hashToken(token)
      const known = remembered.get(tokenHash)
      if (known) return known
      const loading = load(tokenHash)
      remembered.set(tokenHash, loading)
      // A failed look-up is not an answer to remember.
      loading.catch(() => remembered.delete(tokenHash))
      return loading
    },
    bind: async (rootId, externalId) => {
      const bound = standIns.includes(externalId) ? rootId : await onceMore(() => tryToBind(rootId, externalId))
      remembered.clear()
      signals.publish('business', rootId)
      return bound
    },
  }
}

/** Two addresses that name one business in the same moment: the unique index lets one pass, the other then sees it. */
const onceMore = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError) throw error
    return work()
  }
}

/** Like its parent in everything, until somebody tells it apart; it has no address of its own. */
const sisterOf = (root: BusinessRow, externalId: string, now: number): BusinessRow => ({
  ...root,
  id: derivedId('b', root.id, externalId),
  externalId,
  parentId: root.id,
  webhookTokenHash: null,
  webhookSecret: null,
  createdAt: now,
})
