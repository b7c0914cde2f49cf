import type { Master } from '../../../src/loyalty/master.js'
import type { CardFacts, VoucherFacts } from '../../../src/loyalty/transition.js'
import type { MessengerName } from '../../messenger.js'
import type { FoundByPhone } from '../customer-facts.js'

/** What only a staff chat is told. */

export interface AtTill {
  /** The guest whose code was typed, or who is being linked; null for every wrong, late or used code. */
  readonly guest: TillGuest | null
  /** Stamped in the last minutes, the latest first. */
  readonly recentCards: readonly RecentCard[]
  /** Whose card was chosen; null if none was. */
  readonly card: FoundByPhone | null
}

export interface TillGuest {
  readonly chatId: string
  readonly language: string
  readonly stopped: boolean
  /** Whose card the chat shows now. */
  readonly customerId: string | null
}

export interface RecentCard {
  readonly cardId: string
  readonly number: string
  readonly customerName: string | null
  /** Unix ms */
  readonly at: number
}

export interface QuestionFacts {
  readonly id: string
  /** Where it was asked. */
  readonly chatId: string
  readonly asker: { readonly role: 'guest' } | { readonly role: 'customer'; readonly name: string | null }
  /** The asking customer's id, or the guest's chat: whose erasure forgets what is said of it. */
  readonly about: string
  readonly isReachable: boolean
  readonly isAnswered: boolean
  /** The team's other chats that hear what comes. */
  readonly otherStaffChats: readonly string[]
}

export interface StaffChat {
  readonly id: string
  readonly messenger: MessengerName
  readonly isPrivate: boolean
  /** A location's device, on which cashiers say by PIN who they are. */
  readonly isShared: boolean
  /** Unix ms */
  readonly since: number
}

/** What staff find who name a voucher or a card. */
export interface AtCounter {
  readonly found: FoundVoucher | FoundCard
  /** It was found by what the customer shows: the effect `takeShown` uses that up. */
  readonly isShown: boolean
  /** How many more wrong numbers and codes this staff chat may type; at zero every one is answered like a wrong one. */
  readonly lookupsLeft: number
  readonly till: Till
  /** What redeeming it now comes to, if that was asked for; the effect `redeem` does it. */
  readonly redemption: Redemption | null
  /** What giving stamps or taking them back now comes to, if that was asked for; the effect `changeCard` does it. */
  readonly change: CardChange | null
}

/** Who redeems and stamps here. */
export type Till =
  /** A chat of one's own. */
  | { readonly kind: 'own' }
  | {
      readonly kind: 'shared'
      /** For whom the device is open now; null while it is locked. */
      readonly cashier: Cashier | null
      /** The PIN that was typed now; null if none was. */
      readonly typed: TypedPin | null
      /** A typed PIN is taken away from the chat by us. */
      readonly removesPins: boolean
    }

/** `locked`: too many were wrong, so this one was not even looked at. */
export type TypedPin =
  | { readonly kind: 'cashier'; readonly cashier: Cashier }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'locked' }

export interface Cashier {
  readonly staffId: string
  readonly name: string
}

/** A number that does not exist and one of another business are both `nothing`: the two must not be told apart. */
export type FoundVoucher =
  | { readonly kind: 'voucher'; readonly voucher: StaffVoucher }
  /** Many vouchers have this redeem code. */
  | { readonly kind: 'shared_code' }
  /** What the customer showed is too old, or was replaced. */
  | { readonly kind: 'late' }
  /** Another staff chat found it before. */
  | { readonly kind: 'used' }
  | { readonly kind: 'nothing' }

/** A voucher as staff see it. */
export interface StaffVoucher extends VoucherFacts {
  /** When it came into its state, Unix ms. */
  readonly stateAt: number
  readonly customerName: string | null
  /** It belongs to the very person who asks. */
  readonly isTheirOwn: boolean
}

export type Redemption =
  | { readonly kind: 'redeemed' }
  | { readonly kind: 'refused'; readonly reason: RedemptionRefusal }

export type RedemptionRefusal =
  | 'not_found'
  | 'already_redeemed'
  | 'expired'
  | 'not_active'
  | 'managed_by_7stamp'
  | 'own_voucher'
  | 'staff_only'

/** A card's number that does not exist, and one of another business, are `nothing` like a voucher's. */
export type FoundCard =
  | { readonly kind: 'card'; readonly card: StaffCard }
  /** Several cards have this number. */
  | { readonly kind: 'shared_number' }

/** How a card stands. */
export interface StampedCard extends CardFacts {
  /** It takes no more stamps: its last goal is reached. */
  readonly isComplete: boolean
}

/** A card as staff see it. */
export interface StaffCard extends StampedCard {
  readonly master: Master
  readonly customerName: string | null
}

export type CardChange =
  /** `count` may be less than asked: a card that stops at its last goal takes no more. `earned`: the rewards' titles. */
  | {
      readonly kind: 'stamped'
      readonly stampId: string
      readonly count: number
      readonly after: StampedCard
      readonly earned: readonly string[]
    }
  /** This showing of the card has given these stamps already. */
  | { readonly kind: 'stamped_before'; readonly stampId: string; readonly count: number; readonly isUndone: boolean }
  | { readonly kind: 'undone'; readonly count: number; readonly after: StampedCard }
  | { readonly kind: 'refused'; readonly reason: CardRefusal }

export type CardRefusal =
  | 'not_found'
  | 'managed_by_7stamp'
  | 'own_card'
  | 'card_complete'
  | 'too_many_stamps'
  | 'amount_missing'
  | 'wrong_currency'
  | 'amount_too_small'
  | 'already_undone'
  | 'too_late'
  | 'reward_used'
