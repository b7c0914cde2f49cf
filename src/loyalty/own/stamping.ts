import { assertNever } from '../../errors.js'
import type { CardRules, Stamping } from './card-rules.js'

/** One stamping may bring a card so many stamps; a mistyped amount does not make a customer rich. */
const MOST_AT_ONCE = 1_000

/** What somebody asks for. `count` is staff's own word and goes before what the amount would give. */
export interface Asked {
  readonly count: number | null
  /** In minor units. */
  readonly amount: { readonly minor: number; readonly currency: string } | null
}

/** How a card stands: all stamps that count, and what is left of amounts. */
export interface Standing {
  readonly total: number
  readonly carried: number
}

export type StampRefusal =
  | 'amount_missing'
  | 'wrong_currency'
  | 'amount_too_small'
  | 'too_many_stamps'
  /** It takes no more stamps: its last goal is reached. */
  | 'card_complete'

export type Stamped =
  /** `count` may be 0: the amount was kept for the next stamp. */
  | { readonly kind: 'stamped'; readonly count: number; readonly after: Standing }
  | { readonly kind: 'refused'; readonly reason: StampRefusal }

/** What a stamping makes of a card. On a card that stops at its last goal no more than what it takes is counted. */
export const stamp = (
  { goals, stamping, afterLastGoal }: Pick<CardRules, 'goals' | 'stamping' | 'afterLastGoal'>,
  { total, carried }: Standing,
  asked: Asked,
): Stamped => {
  const earned = earnedBy(stamping, carried, asked)
  if (earned.kind === 'refused') return earned
  if (earned.count > MOST_AT_ONCE) return { kind: 'refused', reason: 'too_many_stamps' }
  if (isComplete({ goals, afterLastGoal }, { total })) return { kind: 'refused', reason: 'card_complete' }
  const room = afterLastGoal === 'stop' ? lastGoalOf(goals) - total : earned.count
  const count = Math.min(earned.count, room)
  return { kind: 'stamped', count, after: { total: total + count, carried: earned.carried } }
}

/** Whether it takes no more stamps. */
export const isComplete = (
  { goals, afterLastGoal }: Pick<CardRules, 'goals' | 'afterLastGoal'>,
  { total }: Pick<Standing, 'total'>,
): boolean => afterLastGoal === 'stop' && total >= lastGoalOf(goals)

type Earned =
  | { readonly kind: 'earned'; readonly count: number; readonly carried: number }
  | { readonly kind: 'refused'; readonly reason: StampRefusal }

const earnedBy = (stamping: Stamping, carried: number, { count, amount }: Asked): Earned => {
  if (count !== null) return { kind: 'earned', count, carried }
  switch (stamping.kind) {
    case 'per_order':
      return { kind: 'earned', count: 1, carried }
    case 'per_amount': {
      if (amount === null) return { kind: 'refused', reason: 'amount_missing' }
      if (amount.currency !== stamping.currency) return { kind: 'refused', reason: 'wrong_currency' }
      const { perAmount, carriesRemainder } = stamping
      const whole = amount.minor + (carriesRemainder ? carried : 0)
      const stamps = Math.floor(whole / perAmount)
      if (stamps === 0 && !carriesRemainder) return { kind: 'refused', reason: 'amount_too_small' }
      return { kind: 'earned', count: stamps, carried: carriesRemainder ? whole % perAmount : 0 }
    }
    default:
      return assertNever(stamping)
  }
}

/**
 * What taking a stamping back makes of a card. What it left of its amount goes with it, as far as no later stamp was made of
 * it. What it took of earlier amounts comes back as far as these stand: `carriedByOthers` is what all other stampings that
 * stand have left and taken.
 */
export const unstamp = (
  { total, carried }: Standing,
  { count, carriedChange }: { readonly count: number; readonly carriedChange: number },
  carriedByOthers: number,
): Standing => ({
  total: total - count,
  carried:
    carriedChange > 0
      ? Math.max(0, carried - carriedChange)
      : Math.max(carried, Math.min(carried - carriedChange, carriedByOthers)),
})

type Goals = readonly { readonly stamps: number }[]

/** With so many stamps a card is full; 0 if it has no goals. */
export const lastGoalOf = (goals: Goals): number => goals.at(-1)?.stamps ?? 0

/** What a card shows. A full card stays full until its next stamp begins a new round. */
export const progressOf = (
  { goals, afterLastGoal }: { readonly goals: Goals; readonly afterLastGoal: CardRules['afterLastGoal'] },
  total: number,
): { readonly stamps: number; readonly goalIndex: number | null } => {
  const last = lastGoalOf(goals)
  const inRound = total > 0 && total % last === 0 ? last : total % last
  const stamps = afterLastGoal === 'start_over' ? inRound : Math.min(total, last)
  const goalIndex = goals.findIndex((goal) => goal.stamps > stamps)
  return { stamps, goalIndex: goalIndex === -1 ? null : goalIndex }
}

/** A goal that was reached, at `total` of all stamps. */
export interface ReachedGoal {
  readonly goalIndex: number
  readonly total: number
}

/** The goals between two totals, in the order in which they are reached; in each round anew. */
export const goalsBetween = (
  { goals, afterLastGoal }: { readonly goals: Goals; readonly afterLastGoal: CardRules['afterLastGoal'] },
  from: number,
  to: number,
): readonly ReachedGoal[] => {
  const last = lastGoalOf(goals)
  const reached: ReachedGoal[] = []
  const firstRound = afterLastGoal === 'start_over' ? Math.floor(from / last) * last : 0
  for (let round = firstRound; round < to; round += last) {
    for (const [goalIndex, { stamps }] of goals.entries()) {
      const total = round + stamps
      if (total > from && total <= to) reached.push({ goalIndex, total })
    }
    if (afterLastGoal === 'stop') break
  }
  return reached
}
