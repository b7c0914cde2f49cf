import type { Master } from '../../src/loyalty/master.js'
import type { CardFacts, VoucherFacts } from '../../src/loyalty/transition.js'
import type { Hears } from '../../src/notify/hears.js'
import type { MessengerName, Speaker } from '../messenger.js'

/** Everything an answer may depend on, read by the shell before it asks. Only the customer's own things are in here. */
export interface Facts {
  readonly business: BusinessFacts
  readonly chat: ChatFacts
  readonly who: Who
  /** What became of the lookups that `lookupsFor` asked for; null for one that was not asked. */
  readonly found: {
    readonly linkToken: FoundByToken | null
    readonly phone: FoundByPhone | null
    /** The chat that "Not me" is about, if this chat may disconnect it; null for every other one. */
    readonly newerChat: NewerChat | null
    /** The other chats of this chat's customer; null if they were not asked for, or this is no customer's chat. */
    readonly otherChats: OtherChats | null
    /** A code that this chat may show at the till; null if none was asked for, or none is free. */
    readonly freshTillCode: string | null
    /** Of what a cashier typed or pressed in a staff chat; null in all other chats. */
    readonly till: AtTill | null
    /** Who reads messages to the team; null if that was not asked for. */
    readonly team: TeamFacts | null
    /** The message that a staff chat replies to; null for one that is gone, or never was for this team. */
    readonly question: QuestionFacts | null
    /** The voucher or card that staff named, and who may redeem or stamp it here; null in all other chats. */
    readonly counter: AtCounter | null
    /** The card of the business's own that a guest may have; null for everybody else, and where there is none. */
    readonly offeredCard: OfferedCard | null
    /** Whom a guest becomes who takes it; null unless this was asked for. */
    readonly newCard: FoundCustomer | null
    /** What this chat may show to staff now; null if it was not asked for, or nothing is free. */
    readonly freshShowing: FreshShowing | null
    /** The chats of the team, if this is a staff chat that asks for them. */
    readonly staffChats: readonly StaffChat[] | null
  }
  /** Who speaks in this chat, where the messenger tells. */
  readonly speaker: Speaker | null
  /** How many more wrong links or numbers this chat may try; at zero every link and number is answered like a wrong one. */
  readonly guessesLeft: number
}

export interface BusinessFacts {
  readonly name: string
  readonly timeZone: string
  /** How to reach a person: a phone, an address, an email. Null if the business named none. */
  readonly contact: string | null
  readonly privacyUrl: string | null
  /** Where somebody without a card gets one. */
  readonly cardLink: string | null
  /** About how many news and offers a month a customer who agrees to them will get. */
  readonly newsPerMonth: number
}

export interface ChatFacts {
  readonly id: string
  readonly language: string
  /** False for a group. */
  readonly isPrivate: boolean
  readonly canSharePhone: boolean
  readonly stopped: boolean
  /** False once a message could not reach this chat any more. */
  readonly reachable: boolean
}

export type Who =
  | { readonly role: 'guest' }
  | { readonly role: 'customer'; readonly customer: CustomerFacts }
  | { readonly role: 'staff' }

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

export interface TeamFacts {
  /** The team's chats that hear what comes. */
  readonly staffChats: readonly string[]
  /** How many more messages this chat may send to the team now. */
  readonly messagesLeft: number
  /** Of the message that this turn may send. */
  readonly questionId: string
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

/** A chat that was linked to this customer within a day, after this one. */
export interface NewerChat {
  readonly chatId: string
  /** Who hears of it. */
  readonly staffChats: readonly string[]
}

export interface OtherChats {
  /** Linked before this one. */
  readonly older: readonly string[]
  readonly hasNewer: boolean
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

/** Lets staff find a voucher on a customer's screen, once. */
export interface FreshShowing {
  readonly code: string
  readonly token: string
  /** What the QR says; null where this messenger has no links yet. */
  readonly link: string | null
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
