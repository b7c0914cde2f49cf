import type { Speaker } from '../messenger.js'
import type { CustomerFacts, FoundByPhone, FoundByToken, FoundCustomer, OfferedCard } from './customer-facts.js'
import type { AtCounter, AtTill, QuestionFacts, StaffChat } from './staff/staff-facts.js'

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

export interface TeamFacts {
  /** The team's chats that hear what comes. */
  readonly staffChats: readonly string[]
  /** How many more messages this chat may send to the team now. */
  readonly messagesLeft: number
  /** Of the message that this turn may send. */
  readonly questionId: string
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

/** Lets staff find a voucher on a customer's screen, once. */
export interface FreshShowing {
  readonly code: string
  readonly token: string
  /** What the QR says; null where this messenger has no links yet. */
  readonly link: string | null
}
