import { assertNever } from '../errors.js'
import type { CardFacts, Transition } from '../loyalty/transition.js'
import { stampsToNextGoal } from './captions.js'
import { defaultLevel, isMessageEvent, type MessageLevel, type MessageSetting } from './message-settings.js'

/** What a customer chose to hear of their own card unasked. It is no STOP, and says nothing about news and offers. */
export type Hears = 'everything' | 'rewards' | 'nothing'

/** Whether something is told; `level` and `choice` say whose decision it is that it is not. */
export type Hearing = 'told' | 'level' | 'choice'

/**
 * Whether the customer is told of what happened: the business's level of the event first, then, for what is no marketing, the
 * customer's own choice.
 */
export const hearingOf = (
  transition: Transition,
  consentClass: 'service' | 'marketing',
  settings: readonly MessageSetting[],
  hears: Hears,
): Hearing => {
  if (!passesLevel(transition, levelOf(transition.event, settings))) return 'level'
  return consentClass === 'marketing' || isChosen(transition.event, hears) ? 'told' : 'choice'
}

/** Whether the program itself leaves the event untold: then nobody has to ask why. */
export const isUntoldByDefault = ({ event }: Transition, settings: readonly MessageSetting[]): boolean =>
  isMessageEvent(event) && defaultLevel(event) === 'off' && !settings.some((setting) => setting.event === event)

const levelOf = (event: Transition['event'], settings: readonly MessageSetting[]): MessageLevel =>
  settings.find((setting) => setting.event === event)?.level ?? (isMessageEvent(event) ? defaultLevel(event) : 'on')

const passesLevel = (transition: Transition, level: MessageLevel): boolean => {
  switch (level) {
    case 'on':
      return true
    case 'off':
      return false
    case 'milestones':
      return transition.event !== 'stamp_added' || isMilestone(transition.card, transition.added)
    default:
      return assertNever(level)
  }
}

/** The first stamp, the one that leaves one to go, and the one that reaches a goal. A count that nobody knows is none. */
const isMilestone = (card: CardFacts, added: number | null): boolean => {
  const { stamps, stampsGoal, goals } = card
  if (stamps === null) return false
  const before = stamps - (added ?? 1)
  const isReached = [...goals, ...(stampsGoal === null ? [] : [stampsGoal])].some(
    (goal) => goal > before && goal <= stamps,
  )
  return before <= 0 || isReached || stampsToNextGoal(card) === 1
}

const isChosen = (event: Transition['event'], hears: Hears): boolean => {
  switch (hears) {
    case 'everything':
      return true
    case 'rewards':
      return REWARDS.has(event)
    case 'nothing':
      return false
    default:
      return assertNever(hears)
  }
}

const REWARDS: ReadonlySet<Transition['event']> = new Set([
  'goal_reached',
  'reward_issued',
  'voucher_issued',
  'lottery_played',
])
