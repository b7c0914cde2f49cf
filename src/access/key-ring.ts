import type { Database } from '../db/database.js'
import { randomId, randomToken } from '../ids.js'
import type { Signals } from '../queue/signals.js'
import type { ApiKeyRow } from './access-tables.js'
import { keyOf, maskedKey, RANDOM_LENGTH, storedFormOf } from './api-key.js'
import { createApiKeyStore } from './api-key-store.js'
import type { AuditedDecision, AuditLog, Author } from './audit-log.js'
import { createStaffStore } from './staff-store.js'

/** An API key as its list shows it. What was deleted is not listed. */
export interface ListedKey {
  readonly id: string
  readonly staffId: string
  readonly name: string
  readonly login: string | null
  readonly maskedKey: string
  readonly status: 'active'
  readonly isReadOnly: boolean
  /** Unix ms */
  readonly createdAt: number
  /** Unix ms, behind the truth by up to a minute; null for a key that was never used. */
  readonly lastUsedAt: number | null
}

export type KeyRefusal = 'unknown_staff' | 'login_needed' | 'name_malformed' | 'has_key' | 'unknown_key'

/** What to do about a refusal, for whoever wished the change. */
export const WHAT_TO_DO_ABOUT_KEYS: Readonly<Record<KeyRefusal, string>> = {
  unknown_staff: 'There is nobody with this id on the staff.',
  login_needed: 'A key belongs to a login: give this cashier one first.',
  name_malformed: 'Give the key a name of 1 to 80 characters.',
  has_key: 'This login has a key: regenerate or delete it.',
  unknown_key: 'There is no key with this id.',
}

export type KeyRefused = { readonly kind: 'refused'; readonly reason: KeyRefusal }

/** `key` is in no other answer and in no database. */
export type NewKeyOutcome = { readonly kind: 'made'; readonly id: string; readonly key: string } | KeyRefused

export interface NewKey extends Author {
  readonly staffId: string
  readonly name: string
  /** It reads, and changes nothing. */
  readonly isReadOnly?: boolean
}

export interface OneKey extends Author {
  readonly keyId: string
}

/** The API keys of a business, one for a staff login. Every change is in the audit log, and every process hears of it. */
export interface KeyRing {
  createKey(key: NewKey): Promise<NewKeyOutcome>
  /** Gives the same key another secret; the former is refused everywhere within a second. */
  regenerateKey(which: OneKey): Promise<NewKeyOutcome>
  deleteKey(which: OneKey): Promise<{ readonly kind: 'deleted' } | KeyRefused>
  listKeys(businessId: string): Promise<readonly ListedKey[]>
}

export interface KeyRingNeeds {
  readonly db: Database
  readonly audit: AuditLog
  readonly signals: Signals
}

const MAX_NAME_LENGTH = 80

export const createKeyRing = ({ db, audit, signals }: KeyRingNeeds): KeyRing => {
  const store = createApiKeyStore(db)
  const staffStore = createStaffStore(db)

  /** Changes a key that is there; `decide` gives the rest of the decision. */
  const change = async <T>(which: OneKey, decide: (key: ApiKeyRow) => AuditedDecision<T>): Promise<T | KeyRefused> => {
    const { businessId, keyId } = which
    const reads = { key: store.byId({ businessId, id: keyId }) }
    const result = await audit.atomically(
      which,
      reads,
      ({ key: [key] }): AuditedDecision<T | KeyRefused> => (key ? decide(key) : refused('unknown_key')),
    )
    signals.publish('access', businessId)
    return result
  }

  return {
    createKey: ({ staffId, name: given, isReadOnly = false, ...author }) => {
      const { businessId } = author
      const name = given.trim()
      const key = newKey()
      const id = randomId('key')
      const reads = { staff: staffStore.byId({ businessId, id: staffId }), existing: store.ofStaff({ staffId }) }
      return audit.atomically(
        author,
        reads,
        ({ staff: [member], existing: [existing] }, now): AuditedDecision<NewKeyOutcome> => {
          if (!member) return refused('unknown_staff')
          if (member.login === null) return refused('login_needed')
          if (name === '' || name.length > MAX_NAME_LENGTH || /\p{Cc}/u.test(name)) return refused('name_malformed')
          if (existing) return refused('has_key')
          const row = { id, businessId, staffId, name, isReadOnly, createdAt: now, ...storedFormOf(key) }
          const details = { staff_id: staffId, access: isReadOnly ? 'read' : 'full' }
          return {
            writes: [store.add(row)],
            audit: [{ action: 'key.created', subjectId: id, details }],
            result: { kind: 'made', id, key },
          }
        },
      )
    },
    regenerateKey: (which) => {
      const key = newKey()
      return change(which, ({ id }) => ({
        writes: [store.replace({ id, ...storedFormOf(key) })],
        audit: [{ action: 'key.regenerated', subjectId: id }],
        result: { kind: 'made' as const, id, key },
      }))
    },
    deleteKey: (which) =>
      change(which, ({ id, staffId }) => ({
        writes: [store.drop({ id })],
        audit: [{ action: 'key.deleted', subjectId: id, details: { staff_id: staffId } }],
        result: { kind: 'deleted' as const },
      })),
    listKeys: async (businessId) =>
      (await db.read(store.listed({ businessId }))).map(({ ending, ...key }) => ({
        ...key,
        maskedKey: maskedKey(ending),
        status: 'active',
      })),
  }
}

const newKey = (): string => keyOf(randomToken(RANDOM_LENGTH))

const refused = (reason: KeyRefusal): AuditedDecision<KeyRefused> => ({
  writes: [],
  audit: [],
  result: { kind: 'refused', reason },
})
