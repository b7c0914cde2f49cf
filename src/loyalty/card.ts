import type { JournaledEvent } from '../events/journaled-event.js'
import { freshest } from './freshness.js'
import type { CardRow } from './loyalty-tables.js'
import { masterOf } from './master.js'
import { type StampCount, UNKNOWN_COUNT, withIncrement, withNumber } from './stamp-count.js'
import { cardIdOf, cardIn, type NamedCard } from './subjects.js'

/**
 * The card that the event names, after it; the very row that was known if it says nothing new. Undefined if it names none, and
 * for a card that is not its to change.
 */
export const cardAfter = (event: JournaledEvent, known: CardRow | undefined, now: number): CardRow | undefined => {
  const named = cardIn(event.payload)
  if (!named || (known && known.master !== masterOf(event.origin))) return undefined
  const before = known ?? newCard({ ...event, externalId: named.id, master: masterOf(event.origin) }, now)
  const counts = countsAfter(event, named, before)
  const { fields, times } = freshest(factsOf(before), before.factTimes, saidOf(event, named), event.occurredAt)
  const touchedAt = isUse(event) ? Math.max(before.touchedAt, event.occurredAt) : before.touchedAt
  const isSame = counts === before && times === before.factTimes && touchedAt === before.touchedAt
  return isSame ? before : { ...before, ...fields, factTimes: times, ...countsOf(counts), touchedAt }
}

const countsAfter = (
  { id, occurredAt: at, payload }: JournaledEvent,
  named: NamedCard,
  known: StampCount,
): StampCount => {
  if (named.stamps !== undefined) return withNumber(known, named.stamps, at)
  if (payload.event !== 'stamp_added') return known
  return withIncrement(known, { id, at, count: payload.stamp?.count ?? 1 })
}

const countsOf = ({ stamps, countsAt, increments }: StampCount): StampCount => ({ stamps, countsAt, increments })

const factsOf = ({ customerId, templateExternalId, title, stampsGoal, goals, goalIndex, platform }: CardRow) => ({
  customerId,
  templateExternalId,
  title,
  stampsGoal,
  goals,
  goalIndex,
  platform,
})

const saidOf = ({ customerId }: JournaledEvent, named: NamedCard) => ({
  customerId,
  templateExternalId: named.template_id,
  title: named.title,
  stampsGoal: named.stamps_goal,
  goals: named.goals,
  // Beside a count it is the card's own; elsewhere it is the goal that a reward or voucher was for.
  goalIndex: named.stamps === undefined ? undefined : named.goal_index,
  platform: named.platform,
})

/** The sender's own wishes and news are no use of a card. */
const isUse = ({ payload: { event } }: JournaledEvent): boolean =>
  event !== 'birthday_reached' && event !== 'inactivity_trigger' && event !== 'campaign_sent'

/** A card that 7stamp has by this id, of which nothing is known yet. */
export const newCard = (
  {
    businessId,
    customerId,
    externalId,
    master,
  }: Pick<CardRow, 'businessId' | 'customerId' | 'master'> & {
    readonly externalId: string
  },
  now: number,
): CardRow => ({
  id: cardIdOf(businessId, externalId),
  businessId,
  customerId,
  externalId,
  master,
  templateExternalId: null,
  title: null,
  stampsGoal: null,
  goals: [],
  goalIndex: null,
  platform: null,
  templateId: null,
  templateVersion: null,
  number: null,
  goalRewards: null,
  stampsTotal: null,
  carriedAmount: null,
  factTimes: {},
  ...UNKNOWN_COUNT,
  createdAt: now,
  touchedAt: 0,
})
