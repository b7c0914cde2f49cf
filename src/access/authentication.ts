import { timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Database } from '../db/database.js'
import { describeError } from '../errors.js'
import { hashToken } from '../ids.js'
import type { Log } from '../log.js'
import type { Signals } from '../queue/signals.js'
import { isWellFormed } from './api-key.js'
import { createApiKeyStore } from './api-key-store.js'
import type { Role } from './role.js'

/** Whose key a request came with. */
export interface Caller {
  readonly businessId: string
  readonly staffId: string
  readonly login: string | null
  readonly role: Role
  readonly keyId: string
  readonly keyName: string
  readonly isReadOnly: boolean
}

/** `malformed`: no key can look like this; `unknown`: it was deleted or regenerated, its owner is gone, or it never was one. */
export type Authentication =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly reason: 'missing' | 'malformed' | 'unknown' }

/** Who sent this `Authorization` header; `now` in Unix ms. Rejects with AppError('unavailable') without a database. */
export type Authenticate = (header: string | undefined, now: number) => Promise<Authentication>

export interface AuthenticationNeeds {
  readonly db: Database
  readonly signals: Signals
  readonly log: Log
}

/** A change counts everywhere within a second, even if its signal is lost. */
const TRUSTED_FOR_MS = 900
/** Keys remembered, unknown ones included: guesses must not fill the memory. */
const MAX_REMEMBERED = 10_000
const NOTE_USE_EVERY_MS = 60_000

/**
 * A key is looked up by its hash, so that how long it takes says nothing about the key. It is remembered for less than a
 * second, and forgotten when a signal tells of a change.
 */
export const createAuthentication = ({ db, signals, log }: AuthenticationNeeds): Authenticate => {
  const store = createApiKeyStore(db)
  const remembered = new LRUCache<string, ReturnType<typeof load>>({
    max: MAX_REMEMBERED,
    ttl: TRUSTED_FOR_MS,
    ttlResolution: 0,
  })
  const noted = new LRUCache<string, number>({ max: MAX_REMEMBERED })
  signals.subscribe('access', () => remembered.clear())

  const load = async (keyHash: string) => {
    const [row] = await db.read(store.byHash({ keyHash }))
    return row && isEqual(row.keyHash, keyHash) ? row : null
  }

  const find = async (keyHash: string) => {
    const known = remembered.get(keyHash)
    if (known) return known
    const loading = load(keyHash)
    remembered.set(keyHash, loading)
    try {
      return await loading
    } catch (error) {
      remembered.delete(keyHash)
      throw error
    }
  }

  /** Nobody waits for it, and a request does not fail with it. */
  const noteUse = (id: string, lastUsedAt: number | null, now: number): void => {
    if (now - (noted.get(id) ?? lastUsedAt ?? 0) < NOTE_USE_EVERY_MS) return
    noted.set(id, now)
    db.write(store.noteUse({ id, now, notSince: now - NOTE_USE_EVERY_MS })).catch((error: unknown) =>
      log.warn({ keyId: id, error: describeError(error) }, 'access.use_not_noted'),
    )
  }

  return async (header, now) => {
    if (header === undefined || header === '') return { kind: 'refused', reason: 'missing' }
    const key = /^Bearer +(\S+)$/i.exec(header)?.[1]
    if (key === undefined || !isWellFormed(key)) return { kind: 'refused', reason: 'malformed' }
    const found = await find(hashToken(key))
    if (!found) return { kind: 'refused', reason: 'unknown' }
    const { id, name, businessId, staffId, login, role, isReadOnly, lastUsedAt } = found
    noteUse(id, lastUsedAt, now)
    return { kind: 'caller', caller: { businessId, staffId, login, role, keyId: id, keyName: name, isReadOnly } }
  }
}

const isEqual = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
