import type { OtherSecrets } from '../business/rotate-secrets.js'
import type { Sealing } from '../business/sealing.js'
import type { Database } from '../db/database.js'
import { subscriptionSecretPlace } from './subscription.js'
import { createSubscriptionStore } from './subscription-store.js'
import type { SubscriptionRow } from './subscription-tables.js'

type Sealed = Pick<SubscriptionRow, 'id' | 'secret' | 'formerSecret' | 'formerUntil'>

/** What signs now (Unix ms): the secret, and for a day after a rotation the former one. */
export const secretsOf = (sealing: Sealing, row: Sealed, now: number): string[] => {
  const { id, secret, formerSecret, formerUntil } = row
  const isFormerValid = formerSecret !== null && formerUntil !== null && now < formerUntil
  return [
    openedSecret(sealing, { id, secret }),
    ...(isFormerValid ? [sealing.open(subscriptionSecretPlace(id, 'former_secret'), formerSecret)] : []),
  ]
}

export const openedSecret = (sealing: Sealing, { id, secret }: Pick<Sealed, 'id' | 'secret'>): string =>
  sealing.open(subscriptionSecretPlace(id, 'secret'), secret)

export const sealedSecret = (sealing: Sealing, id: string, secret: string): string =>
  sealing.seal(subscriptionSecretPlace(id, 'secret'), secret)

/** The secrets of all subscriptions, for whoever changes the master key. */
export const sealedOfSubscriptions = (db: Database): OtherSecrets<Sealed> => {
  const store = createSubscriptionStore(db)
  return {
    rows: store.sealed({}),
    reseal: (rows, reseal) =>
      rows.map(({ id, secret, formerSecret, formerUntil }) =>
        store.saveSecrets({
          id,
          secret: reseal(subscriptionSecretPlace(id, 'secret'), secret),
          formerSecret: formerSecret && reseal(subscriptionSecretPlace(id, 'former_secret'), formerSecret),
          formerUntil,
        }),
      ),
  }
}
