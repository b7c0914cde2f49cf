import { confirmsDeletion } from './delete-data.js'
import type { Intent } from './intent.js'
import { isTimeForPerson } from './not-understood.js'
import type { State, Wanted } from './state.js'
import type { TillCard } from './till-code.js'
import type { CardMention, VoucherMention } from './voucher-code.js'

/** What to look up, in the database and nowhere else, before the answer can be given. */
export interface Lookups {
  /** The payload of a deep link, as it came. */
  readonly linkToken?: string
  /** A phone number that the messenger vouches to be the sender's own, as it came. */
  readonly phone?: string
  /** The chat that somebody says is not theirs, as the button carried it. */
  readonly notMe?: string
  /** The other chats of this chat's customer. */
  readonly otherChats?: true
  /** The answer may erase this chat's customer: the traces to forget are read with it. */
  readonly erasure?: true
  /** A code that this chat may show at the till. */
  readonly freshTillCode?: true
  /** What a cashier typed or pressed; nothing in a chat that is no staff chat. */
  readonly till?: TillLookup
  /** Who of the team reads messages, and how many this chat may still send. */
  readonly team?: true
  /** The message that a staff chat replies to, as a button carried it. */
  readonly question?: string
  /** The voucher or card that staff name; nothing in a chat that is no staff chat. */
  readonly counter?: CounterLookup
  /** The card that a guest is offered is taken. */
  readonly takesCard?: true
  /** Something that this chat may show to staff. */
  readonly freshShowing?: true
  /** The chats of the team, and the one of them that is to be removed. */
  readonly staffChats?: { readonly removes: string | null }
}

export interface CounterLookup {
  readonly mention: VoucherMention | CardMention
  /** Whether it is to be redeemed now. */
  readonly redeems: boolean
  /** The stamps that the card is to get now, once for its showing at this time (Unix ms). */
  readonly gives?: { readonly count: number; readonly shownAt: number }
  /** The PIN that was typed on a shared device. */
  readonly pin?: string
}

export interface TillLookup {
  readonly code?: string
  /** The guest's chat that is being linked. */
  readonly chatId?: string
  readonly card?: TillCard
}

/** What the answer to this depends on. `now` is Unix ms. */
export const lookupsOf = (intent: Intent, state: State, now: number): Lookups => {
  if (intent.kind === 'link' && intent.token !== null) return { linkToken: intent.token }
  if (intent.kind === 'not_me' && intent.chatId !== null) return { notMe: intent.chatId }
  if (intent.kind === 'only_here') return { otherChats: true }
  if (confirmsDeletion(state, intent, now)) return { erasure: true }
  const whoToOffer: Lookups = isTimeForPerson(state) ? { team: true } : {}
  if (intent.kind === 'unknown') return whoToOffer
  if (intent.kind === 'message_team' || intent.kind === 'tell_team') return { team: true }
  if (intent.kind === 'open_reply' || intent.kind === 'reply') return { question: intent.questionId }
  if (intent.kind === 'staff_chats') return { staffChats: { removes: intent.wish?.chatId ?? null } }
  if (intent.kind === 'get_card' && intent.confirmed) return { takesCard: true }
  if (intent.kind === 'show') return { freshShowing: true }
  if (intent.kind === 'till') return { freshTillCode: true }
  if (intent.kind === 'till_code') return { till: { code: intent.code }, ...whoToOffer }
  if (intent.kind === 'till_card' && state.kind === 'linking_at_till')
    return { till: { chatId: state.chatId, card: intent.card } }
  const counter = counterLookup(intent, state)
  if (counter !== null) return { counter, ...(intent.kind === 'voucher_code' ? whoToOffer : {}) }
  return intent.kind === 'contact' && intent.own ? { phone: intent.phone } : {}
}

const counterLookup = (intent: Intent, state: State): CounterLookup | null => {
  switch (intent.kind) {
    case 'pin':
      return state.kind === 'asking_pin' ? { mention: mentionOf(state.wants), redeems: false, pin: intent.pin } : null
    case 'scanned':
      return intent.token === null ? null : { mention: { kind: 'scanned', token: intent.token }, redeems: false }
    case 'voucher_code':
      return { mention: { kind: 'typed', text: intent.code }, redeems: false }
    case 'redeem':
      return { mention: { kind: 'button', voucherId: intent.voucherId }, redeems: intent.choice?.confirmed === true }
    case 'stamp': {
      const { cardId, count, shownAt } = intent
      return {
        mention: { kind: 'card', cardId },
        redeems: false,
        ...(count !== null && { gives: { count, shownAt } }),
      }
    }
    case 'undo_stamps':
      return { mention: { kind: 'stamp', stampId: intent.stampId }, redeems: false }
    default:
      return null
  }
}

const mentionOf = (wanted: Wanted): VoucherMention | CardMention =>
  wanted.kind === 'voucher' ? { kind: 'button', voucherId: wanted.voucherId } : wanted
