import { hash } from 'node:crypto'

/** What an entry says beside its subject: ids, roles and states, never a name, a phone number or a secret. */
export type AuditDetails = Readonly<Record<string, string | null>>

/** One change, as whoever makes it reports it. `action` is the thing and what became of it: `staff.removed`. */
export interface AuditNote {
  readonly action: string
  readonly subjectId: string
  readonly details?: AuditDetails
}

export interface AuditEntry {
  readonly businessId: string
  readonly seq: number
  /** Unix ms */
  readonly at: number
  /** The id of a staff member or of an API key, or `cli`. */
  readonly actor: string
  readonly action: string
  readonly subjectId: string
  readonly details: AuditDetails
  readonly previousHash: string
  readonly hash: string
}

/** The last entry of a chain, or where an empty one begins. */
export type ChainEnd = Pick<AuditEntry, 'seq' | 'hash'>

export const EMPTY_CHAIN: ChainEnd = { seq: 0, hash: '' }

/** Why an entry is broken: it is not what was hashed, it does not follow the one before it, or it is not there. */
export type Break = 'changed' | 'out_of_order' | 'missing'

/** Puts entries behind `end`, in order. */
export const appended = (
  end: ChainEnd,
  { businessId, actor, at }: Pick<AuditEntry, 'businessId' | 'actor' | 'at'>,
  notes: readonly AuditNote[],
): readonly AuditEntry[] => {
  let previous = end
  return notes.map(({ action, subjectId, details = {} }) => {
    const { seq, hash: previousHash } = previous
    const entry = { businessId, seq: seq + 1, at, actor, action, subjectId, details, previousHash }
    previous = { seq: entry.seq, hash: hashOf(entry) }
    return { ...entry, hash: previous.hash }
  })
}

/** What is wrong with `entry`, which should stand right behind `previous`; null if nothing is. */
export const breakAt = (previous: ChainEnd, entry: AuditEntry): Break | null => {
  if (entry.seq !== previous.seq + 1) return 'missing'
  if (entry.previousHash !== previous.hash) return 'out_of_order'
  return hashOf(entry) === entry.hash ? null : 'changed'
}

/** Fields in a fixed order, details by name: the same entry gives the same text however a database keeps it. */
const hashOf = (entry: Omit<AuditEntry, 'hash'>): string => {
  const { businessId, seq, at, actor, action, subjectId, details, previousHash } = entry
  const sorted = Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1))
  return hash('sha256', JSON.stringify([businessId, seq, at, actor, action, subjectId, sorted, previousHash]))
}
