import { type Bound, type Database, type Decision, demand, type Found, type Reads } from '../db/database.js'
import { type AuditNote, appended, type Break, breakAt, type ChainEnd, EMPTY_CHAIN } from './audit-chain.js'
import { createAuditStore } from './audit-store.js'

/** Who changes something, and in which business. */
export interface Author {
  readonly businessId: string
  /** The id of a staff member or of an API key, or `cli`. */
  readonly actor: string
}

export interface AuditedDecision<T> extends Decision<T> {
  readonly audit: readonly AuditNote[]
}

/** `seq` is the first broken entry's; a chain that was cut short breaks at the entry that is not there. */
export type Verification =
  | { readonly kind: 'whole'; readonly entries: number; readonly hash: string }
  | { readonly kind: 'broken'; readonly seq: number; readonly why: Break }

export interface AuditLog {
  /**
   * `Database.atomically`, whose audit entries are in the same batch as the writes. One business's such decisions go one
   * after another, on all processes: what `reads` find is not changed by another before the batch is in.
   */
  atomically<R extends Reads, T>(
    author: Author,
    reads: R,
    decide: (found: Found<R>, now: number) => AuditedDecision<T>,
  ): Promise<T>
  /** Reads the whole chain of a business, also while it grows. */
  verify(businessId: string): Promise<Verification>
}

const PAGE = 500

export const createAuditLog = (db: Database): AuditLog => {
  const store = createAuditStore(db)

  const writesOf = (author: Author, head: ChainEnd | undefined, now: number, notes: readonly AuditNote[]) => {
    const entries = appended(head ?? EMPTY_CHAIN, { ...author, at: now }, notes)
    const last = entries.at(-1)
    if (!last) return []
    const end = { businessId: author.businessId, seq: last.seq, hash: last.hash }
    // Two first entries have no row to lock. The loser's demand is not met: nothing of it is written, and it decides again.
    const advance: Bound<unknown> = head ? store.moveHead(end) : demand(1, store.addHead(end))
    return [advance, ...entries.map((entry) => store.addEntry(entry))]
  }

  const headOf = async (businessId: string): Promise<ChainEnd> =>
    (await db.read(store.head({ businessId })))[0] ?? EMPTY_CHAIN

  /** Every entry that is there, in order; ends at the first broken one. */
  const walk = async (businessId: string, see: (end: ChainEnd) => void): Promise<Verification> => {
    for (let end = EMPTY_CHAIN; ; ) {
      const page = await db.read(store.page({ businessId, afterSeq: end.seq, limit: PAGE }))
      for (const entry of page) {
        const why = breakAt(end, entry)
        if (why !== null) return { kind: 'broken', seq: end.seq + 1, why }
        end = entry
        see(end)
      }
      if (page.length < PAGE) return { kind: 'whole', entries: end.seq, hash: end.hash }
    }
  }

  return {
    atomically: (author, reads, decide) =>
      db.atomically(
        { auditHead: store.lockedHead({ businessId: author.businessId }), ...reads },
        ({ auditHead: [head], ...found }, now) => {
          const { audit, writes, result } = decide(found as Found<typeof reads>, now)
          return { writes: [...writesOf(author, head, now, audit), ...writes], result }
        },
      ),
    verify: async (businessId) => {
      const head = await headOf(businessId)
      let hashAtHead = EMPTY_CHAIN.hash
      const walked = await walk(businessId, ({ seq, hash }) => {
        if (seq === head.seq) hashAtHead = hash
      })
      if (walked.kind === 'broken') return walked
      if (walked.entries < head.seq) return { kind: 'broken', seq: walked.entries + 1, why: 'missing' }
      if (hashAtHead !== head.hash) return { kind: 'broken', seq: head.seq, why: 'changed' }
      // What was added while we walked has moved the head too; what has not was not added by us.
      const { seq: laterHead } = walked.entries === head.seq ? head : await headOf(businessId)
      return laterHead < walked.entries ? { kind: 'broken', seq: laterHead + 1, why: 'out_of_order' } : walked
    },
  }
}
