import { assertNever } from '../errors.js'
import type { Transition } from '../loyalty/transition.js'

/** What a customer wants to hear unasked. STOP is more than `nothing`: it is a consent, and kept as one. */
export type Hears = (typeof HEARS)[number]

/** The most first; whoever has chosen nothing hears everything. */
export const HEARS = ['everything', 'rewards', 'nothing'] as const

/** What "rewards only" is about. A redeemed voucher's receipt is in it: whose voucher it was must hear of it. */
const REWARDS: ReadonlySet<Transition['event']> = new Set([
  'goal_reached',
  'reward_issued',
  'voucher_issued',
  'voucher_redeemed',
  'lottery_played',
])

/** Whether somebody with this choice wants to be told of the event. What was asked for is answered all the same. */
export const wantsToHear = (hears: Hears, event: Transition['event']): boolean => {
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

export const HEARS_UNLESS_CHOSEN: Hears = 'everything'
