import { assertNever } from '../errors.js'
import type { CardFacts, Transition } from '../loyalty/transition.js'
import { stampsToNextGoal } from './captions.js'
import { type Hears, wantsToHear } from './hears.js'
import { defaultLevel, isMessageEvent, type MessageLevel, type MessageSetting } from './message-settings.js'

/** Whether something is told; `level` and `choice` say whose decision it is that it is not. */
export type Hearing = 'told' | 'level' | 'choice'

/** Whether the customer is told of what happened: the business's level of the event first, then the customer's own choice. */
export const hearingOf = (transition: Transition, settings: readonly MessageSetting[], hears: Hears): Hearing => {
  if (!passesLevel(transition, levelOf(transition.event, settings))) return 'level'
  return wantsToHear(hears, transition.event) ? 'told' : 'choice'
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
