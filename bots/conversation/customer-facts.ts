import type { CardFacts, VoucherFacts } from '../../src/loyalty/transition.js'
import type { Hears } from '../../src/notify/hears.js'

/** What is known of a customer, and how one is found. */

export interface CustomerFacts {
  readonly id: string
  readonly name: string | null
  /** The one used last first. */
  readonly cards: readonly CardFacts[]
  /** Usable ones first, then the newest. */
  readonly vouchers: readonly VoucherFacts[]
  /** Newest first. */
  readonly history: readonly HistoryLine[]
  readonly hears: Hears
  readonly newsConsent: 'never_asked' | 'asked' | 'granted' | 'refused'
}

export interface HistoryLine {
  /** Unix ms */
  readonly at: number
  readonly event: HistoryEvent
  /** How many stamps, where the event said so. */
  readonly count: number | null
  /** The voucher's or reward's. */
  readonly title: string | null
}

export type HistoryEvent =
  | 'card_issued'
  | 'stamp_added'
  | 'goal_reached'
  | 'reward_issued'
  | 'voucher_issued'
  | 'voucher_redeemed'
  | 'voucher_expired'
  | 'lottery_played'

/** A link that does not exist, has expired or was used is `nobody`: the three must not be told apart in the chat. */
export type FoundByToken =
  | FoundCustomer
  | { readonly kind: 'staff' }
  /** Makes a chat the shared device of a location. */
  | { readonly kind: 'shared_device'; readonly locationId: string }
  | { readonly kind: 'nobody' }

export type FoundByPhone = FoundCustomer | { readonly kind: 'nobody' }

export interface FoundCustomer {
  readonly kind: 'customer'
  readonly customer: CustomerFacts
  /** What this chat will speak once it is linked to this customer. */
  readonly language: string
  /** The customer said STOP, perhaps on another messenger. */
  readonly stopped: boolean
  /** Other chats that show this customer's card. */
  readonly otherChats: readonly string[]
}

export interface OfferedCard {
  readonly title: string
  /** What so many stamps earn, in the order in which they are reached. */
  readonly goals: readonly { readonly stamps: number; readonly reward: string }[]
}
