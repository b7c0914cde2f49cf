import type { Bound } from '../db/database.js'
import type { PlannedDelivery } from '../deliveries/ledger.js'
import type { HeraldDecision } from '../events/applying.js'
import { type HeldNews, HOLD_MS, leaderOf, type OpenVisit, planMerge } from './merge.js'
import { planNews, type Telling } from './telling.js'
import { contentOfVisit } from './visit.js'
import type { VisitNews } from './visit-news.js'

/** A pending delivery of a visit, as the ledger gives it. */
export interface OpenDelivery extends OpenVisit {
  readonly dueAt: number
  readonly position: number
}

/** Tells of one thing that happened at a visit: together with what still waits to be told of it, or after a moment's hold. */
export const tellOfVisit = (
  telling: Telling,
  delivery: PlannedDelivery,
  news: VisitNews,
  open: readonly OpenDelivery[],
): HeraldDecision => {
  const { ledger, now } = telling
  const fresh: HeldNews = { deliveryId: delivery.id, plannedAt: now, news }
  if (telling.news.isStale) return planNews(telling, delivery)
  const merge = planMerge(fresh, delivery, open)
  switch (merge.kind) {
    case 'none':
      return planNews(telling, { ...delivery, dueAt: now + HOLD_MS, visit: [fresh] })
    case 'fold': {
      const { into, visit } = merge
      return {
        writes: [
          ledger.planSkipped({ ...delivery, mergedInto: into.id }, 'merged', now),
          ledger.carry({ id: into.id, carries: visit.length, now }),
          putVisit(telling, into.id, visit),
        ],
        wakes: [{ lane: into.lane, dueAt: into.dueAt }],
      }
    }
    case 'lead': {
      const { over, visit } = merge
      const { dueAt, position } = over
      const leading = { ...delivery, dueAt, position, visit, carries: visit.length, content: worded(telling, visit) }
      const planned = planNews(telling, leading)
      return { ...planned, writes: [...planned.writes, mergeInto(telling, delivery.id, visit)] }
    }
  }
}

/**
 * Tells what is left of a visit whose voucher needs no telling any more: the richest of the other news leads in the place of
 * the voucher's message, which somebody else takes back.
 */
export const tellWithoutVoucher = (
  telling: Telling,
  { id, lane, dueAt, position, visit }: Omit<OpenDelivery, 'chatId'>,
): HeraldDecision => {
  const rest = (visit ?? []).filter((held) => held.deliveryId !== id)
  if (rest.length === 0) return { writes: [], wakes: [] }
  const { ledger, now } = telling
  const leader = leaderOf(rest).deliveryId
  const carries = rest.length > 1 ? rest.length : null
  return {
    writes: [
      ledger.revive({ id: leader, carries, dueAt, position, now }),
      putVisit(telling, leader, rest),
      mergeInto(telling, leader, rest),
    ],
    wakes: [{ lane, dueAt }],
  }
}

const worded = ({ facts }: Telling, visit: readonly HeldNews[]) =>
  contentOfVisit(
    visit.map(({ news }) => news),
    facts,
  )

const putVisit = (telling: Telling, deliveryId: string, visit: readonly HeldNews[]): Bound<unknown> =>
  telling.ledger.putContent({
    deliveryId,
    customerId: telling.event.customerId,
    content: worded(telling, visit),
    visit,
  })

const mergeInto = ({ ledger, now }: Telling, leader: string, visit: readonly HeldNews[]): Bound<unknown> => {
  const others = visit.flatMap(({ deliveryId }) => (deliveryId === leader ? [] : deliveryId))
  return ledger.mergeAway({ ids: JSON.stringify(others), into: leader, now })
}
