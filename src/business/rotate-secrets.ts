import type { KeyObject } from 'node:crypto'
import type { Bound, Database, Decision } from '../db/database.js'
import { createBusinessStore } from './business-store.js'
import { connectionPlace } from './connections.js'
import { createInstallationStore } from './installation-store.js'
import { installationPlace } from './master-key-check.js'
import { createSealing, fingerprintKeyOf, type SealedPlace, type Sealing } from './sealing.js'
import { webhookSecretPlace } from './webhook-admissions.js'

export type Rotation =
  /** `secrets` are sealed with the new key from now on; `unreadable` updates stay as they are. */
  | { readonly kind: 'rotated'; readonly secrets: number; readonly unreadable: number }
  /** The database has the new key already. */
  | { readonly kind: 'done_before' }
  /** The former key is not the database's. */
  | { readonly kind: 'wrong_former_key' }
  /** No program has started on this database yet. */
  | { readonly kind: 'nothing_sealed' }

/** Secrets that another capability keeps, sealed with the same key; `null` for one that it does not open, where one may be lost. */
export interface OtherSecrets<Row, Resealed extends string | null = string> {
  /** The rows with secrets, locked. */
  readonly rows: Bound<readonly Row[]>
  reseal(rows: readonly Row[], reseal: (place: SealedPlace, sealed: string) => Resealed): readonly Bound<unknown>[]
}

/**
 * Seals everything anew that the master key seals, in one batch: all of it has the new key afterwards, or none. No other
 * process may use the database meanwhile, since it would go on sealing with the former key.
 */
export const rotateSecrets = <Subscription, Update>(
  db: Database,
  former: KeyObject,
  next: KeyObject,
  others: {
    readonly subscriptions: OtherSecrets<Subscription>
    /** Each is over once it is answered: one that cannot be read keeps nobody from a new key. */
    readonly updates: OtherSecrets<Update, string | null>
  },
): Promise<Rotation> => {
  const businesses = createBusinessStore(db)
  const installation = createInstallationStore(db)
  const [from, to] = [createSealing(former), createSealing(next)]
  const reads = {
    note: installation.locked({ key: 'master_key_check' }),
    fingerprintKey: installation.locked({ key: 'fingerprint_key' }),
    connections: businesses.sealedConnections({}),
    secrets: businesses.sealedSecrets({}),
    subscriptions: others.subscriptions.rows,
    updates: others.updates.rows,
  }
  return db.atomically(reads, (found): Decision<Rotation> => {
    const {
      note: [note],
      fingerprintKey: [kept],
      connections,
      secrets,
    } = found
    if (!note) return { writes: [], result: { kind: 'nothing_sealed' } }
    const notePlace = installationPlace('master_key_check')
    if (!opens(from, notePlace, note.value)) {
      const kind = opens(to, notePlace, note.value) ? 'done_before' : 'wrong_former_key'
      return { writes: [], result: { kind } }
    }
    const reseal = (place: SealedPlace, sealed: string) => to.seal(place, from.open(place, sealed))
    let unreadable = 0
    const resealIfReadable = (place: SealedPlace, sealed: string) => {
      if (opens(from, place, sealed)) return reseal(place, sealed)
      unreadable++
      return null
    }
    const keyPlace = installationPlace('fingerprint_key')
    const fingerprintKey = kept
      ? reseal(keyPlace, kept.value)
      : to.seal(keyPlace, fingerprintKeyOf(former).export().toString('base64'))
    const resealed: readonly Bound<unknown>[] = [
      ...connections.map(({ id, sealed }) =>
        businesses.resealConnection({ id, sealed: reseal(connectionPlace(id), sealed) }),
      ),
      ...secrets.flatMap(({ id, sealed }) =>
        sealed === null ? [] : [businesses.resealSecret({ id, sealed: reseal(webhookSecretPlace(id), sealed) })],
      ),
      ...others.subscriptions.reseal(found.subscriptions, reseal),
      ...others.updates.reseal(found.updates, resealIfReadable),
    ]
    const writes = [
      ...resealed,
      installation.save({ key: 'fingerprint_key', value: fingerprintKey }),
      installation.save({ key: 'master_key_check', value: reseal(notePlace, note.value) }),
    ]
    return { writes, result: { kind: 'rotated', secrets: resealed.length, unreadable } }
  })
}

const opens = (sealing: Sealing, place: SealedPlace, sealed: string): boolean => {
  try {
    sealing.open(place, sealed)
    return true
  } catch {
    return false
  }
}
