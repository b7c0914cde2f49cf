import type { EventOrigin } from '../events/journaled-event.js'
import type { Master } from './master.js'

export type VoucherState = 'issued' | 'active' | 'redeemed' | 'expired'

export type RedeemCodeFormat = 'text' | 'qr' | 'barcode'

/** Who may redeem a voucher of our own: the customer alone, staff, or staff by its code at the till. */
export type RedemptionKind = 'self' | 'staff' | 'code'

/** What the mirror knows of a card and its picture shows. */
export interface CardFacts {
  readonly id: string
  /** What staff types or scans. */
  readonly number: string
  readonly title: string | null
  /** Null while the mirror does not know the count: then no number is shown. */
  readonly stamps: number | null
  readonly stampsGoal: number | null
  /** Stamp counts that earn a reward. */
  readonly goals: readonly number[]
  readonly nextReward: string | null
}

/** What the mirror knows of a voucher and its picture shows. */
export interface VoucherFacts {
  readonly id: string
  readonly master: Master
  readonly number: string
  readonly title: string | null
  readonly description: string | null
  readonly redeemCode: string | null
  readonly formats: readonly RedeemCodeFormat[]
  /** Unix ms, or null for a voucher without end. */
  readonly expiresAt: number | null
  readonly state: VoucherState
}

/**
 * What really happened to the mirror when an event was applied, one case for each of the 13 events, with the mirror as it
 * is afterwards. An event that changed nothing (the second `voucher_redeemed` of one voucher) is no transition.
 */
export type Transition =
  | { readonly event: 'card_issued' | 'card_saved' | 'card_opened'; readonly card: CardFacts }
  /** `added` is null when the event did not say how many. */
  | { readonly event: 'stamp_added'; readonly card: CardFacts; readonly added: number | null }
  /** `reward` is what this goal earned, if the mirror knows it. */
  | { readonly event: 'goal_reached'; readonly card: CardFacts; readonly reward: string | null }
  | { readonly event: 'reward_issued'; readonly reward: Reward }
  | { readonly event: 'voucher_issued' | 'voucher_redeemed' | 'voucher_expired'; readonly voucher: VoucherFacts }
  | { readonly event: 'lottery_played'; readonly lottery: Lottery }
  | { readonly event: 'birthday_reached' }
  | { readonly event: 'inactivity_trigger'; readonly card: CardFacts | null }
  | { readonly event: 'campaign_sent'; readonly origin: EventOrigin; readonly text: string | null }

export interface Reward {
  /** `unknown` for a type that the sender made up since. */
  readonly type: 'award' | 'voucher' | 'lottery' | 'unknown'
  readonly title: string | null
}

export interface Lottery {
  readonly result: 'won' | 'try_again' | 'no_prize' | 'unknown'
  /** The name of what was won. */
  readonly title: string | null
  /** What the business says to this result, in its own words. */
  readonly greeting: string | null
}

/** What an applied event is worth telling, and to whom. */
export interface News {
  readonly transition: Transition
  /** Too old to be told as news (by DESIGN: more than 6 h): written down as `skipped(stale)`. */
  readonly isStale: boolean
  readonly customer: {
    readonly id: string
    readonly name: string | null
    /** What events said; a language chosen in the chat comes first. */
    readonly language: string | null
    readonly isDemo: boolean
  }
  /** The card it belongs to, for merging one visit's messages; null where the event names none. */
  readonly cardId: string | null
  /** Null while nobody named the location. */
  readonly locationName: string | null
}
