import type { MessageContent } from '../../src/notify/content.js'
import type { Hears } from '../../src/notify/hears.js'
import type { State } from './state.js'

/**
 * What to store, say and do about one input. The shell applies the effects and stores the state in the batch that inserts
 * the replies, and words the replies afterwards, so that a chosen language already holds for them.
 */
export interface Answer {
  readonly state: State
  readonly replies: readonly MessageContent[]
  readonly effects: readonly Effect[]
  /** What happens in other chats because of this one; none if absent. */
  readonly elsewhere?: readonly Elsewhere[]
}

/** Something done and said in another chat, in the same batch. */
export interface Elsewhere {
  readonly chatId: string
  readonly effects: readonly Effect[]
  readonly replies: readonly MessageContent[]
  /** Somebody waits there for the answer; else STOP holds it back. */
  readonly isAwaited: boolean
  /** Whom it tells about, a customer or a guest's chat: erasing them finds it. By default the chat's own customer. */
  readonly about?: string
}

/** How a chat came to its customer; a link is used up by it. */
export type LinkedBy = 'token' | 'phone' | 'till' | 'new_card'

export type Effect =
  /** Links this chat to the customer and, for a link, uses its token up. */
  | { readonly kind: 'link'; readonly customerId: string; readonly by: LinkedBy }
  /** Gives the guest the card of `found.newCard`, whose customer they become. */
  | { readonly kind: 'giveCard' }
  /** Makes this chat a staff chat of the business and uses the token up. */
  | { readonly kind: 'linkStaff' }
  /** Makes this chat the shared device of a location and uses the token up. */
  | { readonly kind: 'linkSharedDevice'; readonly locationId: string }
  /** The shared device is open for this cashier from now on, for a while; null locks it. */
  | { readonly kind: 'openTill'; readonly cashierId: string | null }
  /** What was just written is taken away, where the messenger can do that. */
  | { readonly kind: 'removeWritten' }
  /** Makes this chat a guest's again. */
  | { readonly kind: 'unlink' }
  /** Forgets the customer of this chat everywhere; the chat is a guest's again, and goes on in this language. */
  | { readonly kind: 'erase'; readonly language: string }
  | { readonly kind: 'setLanguage'; readonly language: string }
  | { readonly kind: 'setHears'; readonly hears: Hears }
  /** The consent question goes out with this answer; it is not asked by itself again. */
  | { readonly kind: 'consentAsked'; readonly textVersion: string; readonly language: string }
  /** The answer to the consent question, with the proof of what was read. Unix ms. */
  | {
      readonly kind: 'recordConsent'
      readonly granted: boolean
      readonly textVersion: string
      readonly language: string
      readonly at: number
    }
  /** Ends everything unasked: for a customer on every messenger of this business, else in this chat. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'resume' }
  /** This chat shows a code at the till, and no other code any more. */
  | { readonly kind: 'openTillCode'; readonly code: string }
  | { readonly kind: 'useTillCode'; readonly code: string }
  /** A code or card typed at the till led nowhere: counted for this staff chat and for the business. */
  | { readonly kind: 'countTillGuess' }
  /** A message goes from this chat to the team, who may reply to it under this id. */
  | { readonly kind: 'askTeam'; readonly questionId: string }
  | { readonly kind: 'answerQuestion'; readonly questionId: string }
  /** A voucher can be found by this for two minutes, and by nothing shown before. */
  | { readonly kind: 'show'; readonly voucherId: string; readonly code: string; readonly token: string }
  /** What the customer showed has done its work. */
  | { readonly kind: 'takeShown' }
  /** Redeems the voucher that staff named; `found.counter.redemption` said that this can be done. */
  | { readonly kind: 'redeem' }
  /** Gives stamps or takes them back, as `found.counter.change` said that it can be done. */
  | { readonly kind: 'changeCard' }
  /** A number or code of a voucher or card led nowhere: counted for this staff chat. */
  | { readonly kind: 'countLookup' }
  /** A link or number led nowhere. */
  | { readonly kind: 'countGuess' }
  | { readonly kind: 'markReachable' }
  | { readonly kind: 'markUnreachable' }

/** An answer that leaves nothing open. */
export const reply = (replies: readonly MessageContent[], effects: readonly Effect[] = []): Answer => ({
  state: { kind: 'idle', misses: 0 },
  replies,
  effects,
})
