import { assertNever } from '../errors.js'
import type { DemoEventId, DemoState } from './demo-data.js'

/** Why the chat will not say what somebody at the panel waits for, if this event is sent now; null if it will. */
export const noteOn = (event: DemoEventId, { hearing, openVouchers, stamps }: DemoState): string | null => {
  switch (hearing) {
    case 'no_chat':
      return 'No chat is linked to this customer: link this one first, or nobody hears of it.'
    case 'stopped':
      return 'This customer has said STOP and hears nothing until START.'
    case 'no_offers':
    case 'all':
      break
    default:
      return assertNever(hearing)
  }
  switch (event) {
    case 'voucher_redeemed':
      return openVouchers.length === 0 ? NO_VOUCHER : null
    case 'voucher_expired':
      return openVouchers.length === 0 ? NO_VOUCHER : 'The chat says nothing new: it marks the voucher as expired.'
    case 'card_issued':
      return stamps === null ? null : 'The chat has this card already: its count starts again, and nothing is said.'
    case 'card_saved':
    case 'card_opened':
      return 'The chat says nothing of it unless the business turns these messages on.'
    case 'birthday_reached':
    case 'inactivity_trigger':
    case 'campaign_sent':
      return hearing === 'all' ? null : 'Only who agreed to news and offers hears of it: say yes in the chat first.'
    case 'stamp_added':
    case 'goal_reached_3':
    case 'goal_reached_8':
    case 'voucher_issued':
    case 'reward_issued':
    case 'lottery_played':
      return null
    default:
      return assertNever(event)
  }
}

const NO_VOUCHER = 'This customer has no open voucher: send “Voucher issued” first.'
