import { assertNever } from '../../src/errors.js'
import type { Input } from '../messenger.js'
import { type Answer, reply } from './answer.js'
import { showCard } from './card.js'
import { answerConsent } from './consent.js'
import { confirmsDeletion, deleteData } from './delete-data.js'
import type { Facts } from './facts.js'
import { help, menu, notUnderstood, privacy } from './help.js'
import { showHistory } from './history.js'
import { type Intent, understand, type Vocabulary } from './intent.js'
import { language } from './language.js'
import { linkByPhone, linkByToken } from './link.js'
import { notMe } from './not-me.js'
import { notifications } from './notifications.js'
import { answerStaff } from './staff.js'
import { start } from './start.js'
import type { State } from './state.js'
import { stop } from './stop.js'
import type { Turn } from './turn.js'
import { unlink } from './unlink.js'
import { disputeReceipt, listVouchers, showVoucher } from './vouchers.js'

/** What to look up, in the database and nowhere else, before the answer can be given. */
export interface Lookups {
  /** The payload of a deep link, as it came. */
  readonly linkToken?: string
  /** A phone number that the messenger vouches to be the sender's own, as it came. */
  readonly phone?: string
  /** The chat that somebody says is not theirs, as the button carried it. */
  readonly notMe?: string
  /** The answer may erase this chat's customer: the traces to forget are read with it. */
  readonly erasure?: true
}

/** The dialogue of all messengers: pure, so whatever it says follows from its arguments. */
export interface Conversation {
  /** `now` is Unix ms. */
  lookupsFor(state: State, input: Input, now: number): Lookups
  /** `now` is Unix ms. Never throws, whatever the input. */
  answer(state: State, input: Input, facts: Facts, now: number): Answer
}

export const createConversation = (vocabulary: Vocabulary): Conversation => ({
  lookupsFor(state, input, now) {
    const intent = understand(state, input, vocabulary)
    if (intent.kind === 'link' && intent.token !== null) return { linkToken: intent.token }
    if (intent.kind === 'not_me' && intent.chatId !== null) return { notMe: intent.chatId }
    if (confirmsDeletion(state, intent, now)) return { erasure: true }
    return intent.kind === 'contact' && intent.own ? { phone: intent.phone } : {}
  },
  answer(state, input, facts, now) {
    const intent = understand(state, input, vocabulary)
    if (intent.kind === 'blocked') return reply([], [{ kind: 'markUnreachable' }])
    const answer = isForUs(input, intent, facts)
      ? answerOne(intent, { state, facts, now, vocabulary })
      : { state, replies: [], effects: [] }
    // Whoever writes can be reached again.
    return facts.chat.reachable ? answer : { ...answer, effects: [{ kind: 'markReachable' }, ...answer.effects] }
  },
})

/** In a group people talk to each other: only links, and in a staff group commands and buttons, are meant for the bot. */
const isForUs = (input: Input, intent: Intent, { chat, who }: Facts): boolean => {
  if (chat.isPrivate) return true
  if (intent.kind === 'link') return true
  const isSpokenTo =
    input.kind === 'start' || input.kind === 'action' || (input.kind === 'text' && /^\//.test(input.text))
  return who.role === 'staff' && isSpokenTo && intent.kind !== 'unknown'
}

const answerOne = (intent: Intent, turn: Turn): Answer => {
  const { facts } = turn
  if (facts.who.role === 'staff' && intent.kind !== 'link') return answerStaff(intent, turn)
  switch (intent.kind) {
    case 'start':
      return start(facts)
    case 'link':
      return linkByToken(intent.token, facts)
    case 'contact':
      return linkByPhone(intent.own, facts)
    case 'menu':
      return menu(facts)
    case 'card':
      return showCard(intent.cardId, facts)
    case 'vouchers':
      return listVouchers(intent.page, facts, turn.now)
    case 'voucher':
      return showVoucher(intent.voucherId, facts, turn.now)
    case 'not_you':
      return disputeReceipt(facts)
    case 'not_me':
      return notMe(facts)
    case 'history':
      return showHistory(facts)
    case 'language':
      return language(intent.tag, turn)
    case 'notifications':
      return notifications(intent.hears, facts)
    case 'consent':
      return answerConsent(intent.answer, turn)
    case 'stop':
      return stop(facts)
    case 'help':
      return help(facts)
    case 'privacy':
      return privacy(facts)
    case 'unlink':
      return unlink(intent.confirmed, turn)
    case 'delete_data':
      return deleteData(intent.confirmed, turn)
    case 'unknown':
      return notUnderstood(turn)
    case 'blocked':
    case 'unblocked':
      return reply([])
    default:
      return assertNever(intent)
  }
}
