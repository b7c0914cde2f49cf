import { assertNever } from '../../src/errors.js'
import type { Input } from '../messenger.js'
import { type Answer, reply } from './answer.js'
import { showCard } from './card.js'
import { hasSign } from './card-count.js'
import { answerConsent } from './consent.js'
import { deleteData } from './delete-data.js'
import type { Facts } from './facts.js'
import { getCard } from './get-card.js'
import { help, menu, privacy } from './help.js'
import { showHistory } from './history.js'
import type { Intent } from './intent.js'
import { connect, join } from './join.js'
import { language } from './language.js'
import { linkByPhone, linkByToken } from './link.js'
import { type Lookups, lookupsOf } from './lookups.js'
import { notMe } from './not-me.js'
import { notUnderstood } from './not-understood.js'
import { notifications } from './notifications.js'
import { onlyHere } from './only-here.js'
import { showToStaff } from './show.js'
import { openAsking } from './staff/pin.js'
import { scannedByNoStaff } from './staff/redeem.js'
import { answerStaff } from './staff/staff.js'
import { isStillAtCard } from './staff/stamping.js'
import { isReplying } from './staff/team-reply.js'
import { start } from './start.js'
import { FRESH, type State } from './state.js'
import { stop } from './stop.js'
import { askForMessage, isWriting, keepToOneself, tellTeam } from './team.js'
import { openLinking, showTillCode } from './till.js'
import type { Turn } from './turn.js'
import { understand } from './understand.js'
import { unlink } from './unlink.js'
import type { Vocabulary } from './vocabulary.js'
import { isUnmistakable } from './voucher-code.js'
import { disputeReceipt, listVouchers, showVoucher } from './vouchers.js'

/** The dialogue of all messengers: pure, so whatever it says follows from its arguments. */
export interface Conversation {
  /** `now` is Unix ms. */
  lookupsFor(state: State, input: Input, now: number): Lookups
  /** `now` is Unix ms. Never throws, whatever the input. */
  answer(state: State, input: Input, facts: Facts, now: number): Answer
}

export const createConversation = (vocabulary: Vocabulary): Conversation => ({
  lookupsFor(stored, input, now) {
    const state = stillMeant(stored, now)
    return lookupsOf(understand(state, input, vocabulary), state, now)
  },
  answer(stored, input, facts, now) {
    const state = stillMeant(stored, now)
    const intent = understand(state, input, vocabulary)
    if (intent.kind === 'blocked') return reply([], [{ kind: 'markUnreachable' }])
    const answer = isForUs(state, input, intent, facts)
      ? answerOne(intent, { state, facts, now, vocabulary })
      : { state, replies: [], effects: [] }
    // Whoever writes can be reached again.
    return facts.chat.reachable ? answer : { ...answer, effects: [{ kind: 'markReachable' }, ...answer.effects] }
  },
})

/** What was left lying means nothing to whoever types something today. */
const stillMeant = (state: State, now: number): State => {
  if (state.kind === 'linking_at_till') return openLinking(state, now) ?? FRESH
  if (state.kind === 'asking_pin') return openAsking(state, now) ?? FRESH
  if (state.kind === 'at_card') return isStillAtCard(state, now) ? state : FRESH
  if (state.kind === 'writing_to_team') return isWriting(state, now) ? state : FRESH
  if (state.kind === 'replying') return isReplying(state, now) ? state : FRESH
  return state
}

/** In a group people talk to each other: only links, and in a staff group commands, buttons, codes and replies, are meant for the bot. */
const isForUs = (state: State, input: Input, intent: Intent, { chat, who, speaker }: Facts): boolean => {
  if (chat.isPrivate) return true
  if (intent.kind === 'reply') {
    const wasAsked = state.kind === 'replying' && state.by !== null && state.by === speaker?.id
    return who.role === 'staff' && (intent.isPointed || wasAsked)
  }
  if (intent.kind === 'link') return true
  // A lone number is talk unless whoever named the card says "+2".
  if (intent.kind === 'stamp' && input.kind === 'text' && hasSign(input.text.trim()))
    return who.role === 'staff' && state.kind === 'at_card' && state.by !== null && state.by === speaker?.id
  const isSpokenTo =
    intent.kind === 'till_code' ||
    intent.kind === 'till_card' ||
    intent.kind === 'pin' ||
    (intent.kind === 'voucher_code' && isUnmistakable(intent.code)) ||
    input.kind === 'start' ||
    input.kind === 'action' ||
    (input.kind === 'text' && /^\//.test(input.text))
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
    case 'join':
      return join(facts)
    case 'connect':
      return connect(facts)
    case 'get_card':
      return getCard(intent.confirmed, facts)
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
    case 'show':
      return showToStaff(intent.voucherId, facts, turn.now)
    case 'not_you':
      return disputeReceipt(facts)
    case 'not_me':
      return notMe(facts)
    case 'only_here':
      return onlyHere(facts)
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
    case 'till':
      return showTillCode(facts)
    case 'message_team':
      return askForMessage(turn)
    case 'tell_team':
      return tellTeam(intent.text, turn)
    case 'keep_to_oneself':
      return keepToOneself()
    case 'scanned':
      return scannedByNoStaff(facts)
    // Only staff mean anything by it.
    case 'till_code':
    case 'till_card':
    case 'open_reply':
    case 'reply':
    case 'drop_reply':
    case 'voucher_code':
    case 'redeem':
    case 'stamp':
    case 'undo_stamps':
    case 'pin':
    case 'lock':
    case 'staff_chats':
    case 'unknown':
      return notUnderstood(turn)
    case 'blocked':
    case 'unblocked':
      return reply([])
    default:
      return assertNever(intent)
  }
}
