import type { Bound, Database } from '../db/database.js'
import type { Ledger } from '../deliveries/ledger.js'
import { AppError } from '../errors.js'
import type { EventName } from '../events/glossary.js'
import { isKnownEvent } from '../events/glossary.js'
import { invalidInput } from '../field-errors.js'
import { hookDelivery } from './fan-out.js'
import { isWanted, replaySourceOf } from './subscription.js'
import type { SubscriptionStore } from './subscription-store.js'

export interface ReplayedEvent {
  readonly id: string
  readonly seq: number
  readonly name: string
  readonly customerId: string | null
}

export interface ReplayNeeds {
  readonly db: Database
  readonly store: SubscriptionStore
  readonly ledger: Ledger
  /** One applied event of a business whose body is kept. */
  eventById(values: { businessId: string; id: string }): Bound<readonly ReplayedEvent[]>
  /** The same for a time: from `from` on and before `to` (Unix ms), behind `afterSeq`, in their order. */
  eventsBetween(values: {
    businessId: string
    from: number
    to: number
    afterSeq: number
    limit: number
  }): Bound<readonly ReplayedEvent[]>
  wakeLane(id: string): void
}

/** One event, or a time (Unix ms): from `from` on and before `to`. */
export type WhatToReplay = { readonly eventId: string } | { readonly from: number; readonly to: number }

const AT_ONCE = 200

/**
 * Sends events again, whatever became of them before: each as a delivery of its own under the event's id, by which a
 * receiver that has it knows it. `replay` names the replay; the same name again sends nothing twice. Resolves with how many
 * are on their way. Rejects with AppError('not_found') for an event that is not there or not wanted, 'invalid_input' for a
 * time that ends before it begins, and 'conflict' where the subscription is disabled.
 */
export const createReplay = (needs: ReplayNeeds) => {
  const { db, store, ledger } = needs

  return async (businessId: string, id: string, what: WhatToReplay, replay: string): Promise<number> => {
    const plan = async (events: readonly ReplayedEvent[]): Promise<number> => {
      const { lane, count } = await db.atomically({ row: store.locked({ id }) }, ({ row: [row] }, now) => {
        if (row?.businessId !== businessId) throw new AppError('not_found', 'There is no such webhook.')
        if (row.disabledReason !== null) throw new AppError('conflict', 'The webhook is disabled: enable it first.')
        const wanted = events.filter(({ name }) => isWantedBy(row.events, name))
        const writes = wanted.flatMap(({ id: eventId, seq, customerId }) =>
          ledger.plan(
            hookDelivery(row, {
              businessId,
              customerId,
              source: replaySourceOf(eventId, replay),
              position: seq,
              now,
            }),
            now,
          ),
        )
        return { writes, result: { lane: row.lane, count: wanted.length } }
      })
      if (count > 0) needs.wakeLane(lane)
      return count
    }
    if ('eventId' in what) {
      const planned = await plan(await db.read(needs.eventById({ businessId, id: what.eventId })))
      if (planned === 0) throw new AppError('not_found', 'There is no such event that this webhook wants.')
      return planned
    }
    if (what.from >= what.to) throw invalidInput([{ field: 'to', message: 'must be later than from' }])
    let planned = 0
    for (let afterSeq = 0; ; ) {
      const events = await db.read(needs.eventsBetween({ businessId, ...what, afterSeq, limit: AT_ONCE }))
      planned += await plan(events)
      const last = events.at(-1)
      if (!last || events.length < AT_ONCE) return planned
      afterSeq = last.seq
    }
  }
}

const isWantedBy = (events: readonly EventName[] | null, name: string): boolean =>
  isKnownEvent(name) && isWanted(events, name)
