import type { CardRow } from '../loyalty-tables.js'
import type { CardRules } from './card-rules.js'
import { type Cause, type OwnEvent, ownEvent } from './own-event.js'
import { ownEventId } from './own-ids.js'
import type { RewardRow, StampRow } from './own-tables.js'
import { lastGoalOf, progressOf, type Standing } from './stamping.js'

/** Which card, and by what rules. */
export interface RuledCard {
  readonly id: string
  readonly templateId: string
  readonly templateVersion: number
  readonly rules: CardRules
}

export const cardIssued = (cause: Cause, card: RuledCard): OwnEvent =>
  ownEvent(cause, ownEventId('card_issued', card.id), 'card_issued', {
    card: cardBlock(card, { total: 0, carried: 0 }),
  })

export type NewStamp = Pick<
  StampRow,
  'id' | 'count' | 'amount' | 'carriedChange' | 'currency' | 'receiptId' | 'source' | 'staffId'
>

export const stampAdded = (cause: Cause, card: RuledCard, after: Standing, stamp: NewStamp): OwnEvent =>
  ownEvent(cause, ownEventId('stamp_added', stamp.id), 'stamp_added', {
    card: cardBlock(card, after),
    stamp: {
      id: stamp.id,
      count: stamp.count,
      amount: stamp.amount,
      carried_change: stamp.carriedChange,
      currency: stamp.currency,
      receipt_id: stamp.receiptId,
      source: stamp.source,
      staff_id: stamp.staffId,
    },
  })

/**
 * All stamps that a card comes with from elsewhere, as one stamping of that `id`; none if there are none. Goals behind earn
 * nothing, since whoever counted the stamps has given what they earned.
 */
export const stampsBrought = (cause: Cause, card: RuledCard, count: number, id: string): readonly OwnEvent[] => {
  if (count === 0) return []
  const nothingPaid = { amount: null, carriedChange: 0, currency: null, receiptId: null }
  return [
    stampAdded(
      cause,
      card,
      { total: count, carried: 0 },
      { id, count, ...nothingPaid, source: 'import', staffId: null },
    ),
  ]
}

/** There is no event for a stamp taken back: it is one that adds none, and says how many the card has now. */
export const stampUndone = (cause: Cause, card: RuledCard, after: Standing, stampId: string): OwnEvent =>
  ownEvent(cause, ownEventId('stamp_added', stampId, 'undone'), 'stamp_added', {
    undoes: stampId,
    card: cardBlock(card, after),
    stamp: { count: 0, source: 'undo' },
  })

export type NewReward = Pick<RewardRow, 'id' | 'stampId' | 'goalIndex' | 'stampsTotal' | 'type' | 'title' | 'voucherId'>

/** A goal that was reached, and what it earned. A voucher's own event comes after these. */
export const goalReached = (
  cause: Cause,
  card: RuledCard,
  after: Standing,
  reward: NewReward,
): readonly [OwnEvent, OwnEvent] => {
  const blocks = {
    card: { ...cardBlock(card, after), goal_index: reward.goalIndex },
    reward: {
      id: reward.id,
      type: reward.type,
      title: reward.title,
      stamp_id: reward.stampId,
      stamps_total: reward.stampsTotal,
    },
    ...(reward.voucherId !== null && { voucher: { id: reward.voucherId, title: reward.title } }),
  }
  return [
    ownEvent(cause, ownEventId('goal_reached', reward.id), 'goal_reached', blocks),
    ownEvent(cause, ownEventId('reward_issued', reward.id), 'reward_issued', blocks),
  ]
}

/** What a card shows and all that it counts, so that an event needs none before it. */
export const cardBlock = ({ id, templateId, templateVersion, rules }: RuledCard, { total, carried }: Standing) => {
  const { stamps, goalIndex } = progressOf(rules, total)
  return {
    id,
    template_id: templateId,
    template_version: templateVersion,
    title: rules.title,
    stamps,
    stamps_goal: lastGoalOf(rules.goals),
    goals: rules.goals.map((goal) => goal.stamps),
    goal_index: goalIndex,
    rewards: rules.goals.map(({ reward }) => reward.title),
    stamps_total: total,
    carried_amount: carried,
  }
}

/** How a card of our own stands. */
export const standingOf = ({ stampsTotal, carriedAmount }: CardRow): Standing => ({
  total: stampsTotal ?? 0,
  carried: carriedAmount ?? 0,
})
