import type { Bound, Database, Decision, Reads } from '../db/database.js'
import { assertNever } from '../errors.js'
import { parseJson } from '../http/json-boundary.js'
import type { Log } from '../log.js'
import { canonical } from './aliases.js'
import {
  type FanOut,
  foundOf,
  type Herald,
  type HeraldDecision,
  type LaneWake,
  type Mirror,
  prefixed,
} from './applying.js'
import { contentHashOf } from './content-hash.js'
import type { DueEvent, Journal } from './journal.js'
import type { JournaledEvent } from './journaled-event.js'
import { parseEvent } from './parse-event.js'
import { reasonOf } from './reason.js'

export interface ApplyNeeds<M extends Reads, H extends Reads, F extends Reads, News> {
  readonly db: Database
  readonly journal: Journal
  readonly mirror: Mirror<M, News>
  readonly herald: Herald<H, News>
  readonly fanOut: FanOut<F>
  readonly log: Log
  /** A lane has something new to send at `dueAt` (Unix ms). Never throws, never waits. */
  wakeLane(lane: string, dueAt: number): void
}

/** What became of the event; null if somebody else had dealt with it already. */
type Ending = {
  readonly state: 'applied' | 'ignored'
  readonly reason: string | null
  readonly wakes: readonly LaneWake[]
} | null

const MIRROR = 'mirror '
const HERALD = 'herald '
const FAN_OUT = 'fan-out '

/**
 * Applies one event: the mirror's changes, the messages it causes, what goes to subscribers and its own state are one commit. Rejects if it cannot be
 * read or applied; nothing is written then.
 */
export const createApply = <M extends Reads, H extends Reads, F extends Reads, News>(
  needs: ApplyNeeds<M, H, F, News>,
) => {
  const { db, journal, mirror, herald, fanOut, log, wakeLane } = needs

  const decideOn = (due: DueEvent, body: Buffer): Promise<Ending> => {
    const { event, reason: notes } = readDue(due, body)
    const { id, customerId, occurredAt } = event
    const contentHash = due.hasWeakKey ? contentHashOf(event.payload) : null
    const mirrorReads = mirror.reads(event)
    const heraldReads = herald.reads(event)
    const fanOutReads = fanOut.reads(event)
    const reads = {
      event: journal.locked({ id }),
      // The customer's row is locked from here on, so a twin cannot slip in between.
      ...prefixed(MIRROR, mirrorReads),
      twins: contentHash === null ? null : journal.twins({ id, customerId, occurredAt, contentHash }),
      ...prefixed(HERALD, heraldReads),
      ...prefixed(FAN_OUT, fanOutReads),
    }
    const ignored = (reason: string, ...writes: readonly Bound<unknown>[]): Decision<Ending> => ({
      writes: [...writes, journal.finish({ id, state: 'ignored', reason, contentHash: null })],
      result: { state: 'ignored', reason, wakes: [] },
    })
    return db.atomically(reads, (found, now) => {
      if (found.event[0]?.state !== 'pending') return { writes: [], result: null }
      if (found.twins.length > 0) return ignored('said_before')
      const decision = mirror.decide(event, foundOf(MIRROR, mirrorReads, found), now)
      switch (decision.kind) {
        case 'ignored':
          return ignored(decision.reason)
        case 'erased':
          return ignored('erased', journal.forgetBody({ id }))
        case 'applied': {
          const { news } = decision
          const told = news === null ? NOTHING : herald.decide(event, news, foundOf(HERALD, heraldReads, found), now)
          const sent = fanOut.decide(event, foundOf(FAN_OUT, fanOutReads, found), now)
          const finish = journal.finish({ id, state: 'applied', reason: notes, contentHash })
          return {
            writes: [...decision.writes, ...told.writes, ...sent.writes, finish],
            result: { state: 'applied', reason: notes, wakes: [...told.wakes, ...sent.wakes] },
          }
        }
        default:
          return assertNever(decision)
      }
    })
  }

  /** The person was erased while it waited. */
  const closeBodiless = ({ id }: DueEvent): Promise<Ending> =>
    db.atomically({ event: journal.locked({ id }) }, ({ event: [event] }) => {
      if (event?.state !== 'pending') return { writes: [], result: null }
      const end = { state: 'ignored', reason: 'erased' } as const
      return { writes: [journal.finish({ id, ...end, contentHash: null })], result: { ...end, wakes: [] } }
    })

  return async (due: DueEvent): Promise<void> => {
    const ending = await (due.body === null ? closeBodiless(due) : decideOn(due, due.body))
    if (!ending) return
    log.debug({ eventId: due.id, event: due.name, state: ending.state, reason: ending.reason }, 'event.finished')
    for (const { lane, dueAt } of ending.wakes) wakeLane(lane, dueAt)
  }
}

const NOTHING: HeraldDecision = { writes: [], wakes: [] }

/** Throws if today's rules do not take it for an event any more. */
const readDue = (due: DueEvent, body: Buffer): { event: JournaledEvent; reason: string | null } => {
  const parsed = parseEvent(canonical(parseJson(body)), due.receivedAt)
  if (parsed.kind !== 'event' || due.customerId === null) throw new Error('the body is no event of the glossary')
  const { seq, id, businessId, rootId, customerId, origin, occurredAt, receivedAt } = due
  return {
    event: { seq, id, businessId, rootId, customerId, origin, occurredAt, receivedAt, payload: parsed.event },
    reason: reasonOf(parsed.notes),
  }
}
