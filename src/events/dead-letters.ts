import type { Database, Decision } from '../db/database.js'
import { entryOf } from './entry.js'
import type { EventState } from './event-tables.js'
import type { Admissions } from './inbox.js'
import type { Journal, NewEvent } from './journal.js'
import type { Waker } from './waker.js'
import { readWebhook } from './webhook.js'

/** An event that waits for a person. */
export interface DeadLetter {
  readonly seq: number
  readonly id: string
  readonly businessId: string
  readonly name: string
  readonly state: EventState
  /** Unix ms */
  readonly receivedAt: number
  readonly attempts: number
  /** Names fields and faults, never values. */
  readonly reason: string | null
}

export type Replay =
  | { readonly kind: 'replayed' }
  | { readonly kind: 'not_found' }
  /** It is not dead: applied, ignored, or about to be tried. */
  | { readonly kind: 'not_waiting'; readonly state: EventState }
  /** Today's rules do not take it for an event either. */
  | { readonly kind: 'refused'; readonly reason: string }

export type Drop = { readonly kind: 'dropped' } | Extract<Replay, { readonly kind: 'not_found' | 'not_waiting' }>

export type DeadLetters = ReturnType<typeof createDeadLetters>

const PAGE_SIZE = 100

export interface DeadLetterNeeds {
  readonly db: Database
  readonly journal: Journal
  readonly admissions: Admissions
  readonly waker: Waker
}

/** The events that failed five times, had wrong fields, or a name that the glossary did not know when they came. */
export const createDeadLetters = ({ db, journal, admissions, waker }: DeadLetterNeeds) => {
  const reopen = async (entry: NewEvent): Promise<Replay> => {
    const replay = await db.atomically(
      { event: journal.locked({ id: entry.id }) },
      ({ event: [event] }): Decision<Replay> => {
        if (!event) return { writes: [], result: { kind: 'not_found' } }
        if (!isWaiting(event.state)) return { writes: [], result: { kind: 'not_waiting', state: event.state } }
        return { writes: [journal.reopen(entry)], result: { kind: 'replayed' } }
      },
    )
    if (replay.kind === 'replayed') waker.wake(entry.shard)
    return replay
  }

  return {
    /** Oldest first; the next page follows the last one's `seq`. */
    list: async (page: { readonly afterSeq?: number; readonly limit?: number } = {}): Promise<readonly DeadLetter[]> =>
      db.read(journal.waiting({ afterSeq: page.afterSeq ?? 0, limit: page.limit ?? PAGE_SIZE })),

    /** Reads the bytes again by today's rules and gives the event another five tries. */
    replay: async (id: string): Promise<Replay> => {
      const [event] = await db.read(journal.byId({ id }))
      if (!event) return { kind: 'not_found' }
      const { rootId, receivedAt, hasWeakKey, body } = event
      if (!isWaiting(event.state)) return { kind: 'not_waiting', state: event.state }
      if (body === null) return { kind: 'refused', reason: 'its body was erased' }
      const { content } = readWebhook(body, undefined, receivedAt)
      if (content.kind === 'invalid') return { kind: 'refused', reason: content.problem.message }
      if (content.kind === 'unrecognised') return { kind: 'refused', reason: `there is no event ${content.name}` }
      const businessId = await admissions.bind(rootId, content.event.business_id)
      if (businessId === null) return { kind: 'refused', reason: 'its business_id belongs to another webhook address' }
      return reopen(entryOf(content, { id, rootId, businessId, receivedAt, hasWeakKey, body }))
    },

    /** Gives the event up: it has changed nothing, and if it comes again, that is no news. */
    drop: (id: string): Promise<Drop> =>
      db.atomically({ event: journal.locked({ id }) }, ({ event: [event] }): Decision<Drop> => {
        if (!event) return { writes: [], result: { kind: 'not_found' } }
        if (!isWaiting(event.state)) return { writes: [], result: { kind: 'not_waiting', state: event.state } }
        return { writes: [journal.drop({ id })], result: { kind: 'dropped' } }
      }),
  }
}

const isWaiting = (state: EventState): boolean => state === 'dead' || state === 'invalid' || state === 'unrecognised'
