import { assertNever } from '../../src/errors.js'
import { HEARS, type Hears } from '../../src/notify/hears.js'
import { keywordOf } from '../../src/notify/keyword.js'
import type { LanguageName } from '../../src/notify/wording.js'
import type { Input } from '../messenger.js'
import { countIn, hasSign, isLikeACount } from './card-count.js'
import { COMMANDS } from './commands.js'
import { type Choice, readChoice, readMoment, readYesOrNo } from './confirm.js'
import { isJoinPayload } from './join-link.js'
import { isLikeAPin } from './pin.js'
import type { StaffChatWish } from './staff-chats.js'
import type { StampWish } from './stamping.js'
import type { State } from './state.js'
import { isLikeACardNumber, isTillCode, type TillCard } from './till-code.js'
import { isLikeAVoucherCode, isShownPayload, shownToken } from './voucher-code.js'

/** What somebody wants, whichever way they said it: a button, a command, a menu's label or a word. */
export type Intent =
  | { readonly kind: 'start' }
  /** A start that carries something: null if that cannot be a token of ours. */
  | { readonly kind: 'link'; readonly token: string | null }
  /** A start by the link on the counter. */
  | { readonly kind: 'join' }
  /** Wants to see one's card in this chat. */
  | { readonly kind: 'connect' }
  | { readonly kind: 'get_card'; readonly confirmed: boolean | null }
  | { readonly kind: 'contact'; readonly phone: string; readonly own: boolean }
  | { readonly kind: 'menu' }
  | { readonly kind: 'card'; readonly cardId: string | null }
  | { readonly kind: 'vouchers'; readonly page: number }
  | { readonly kind: 'voucher'; readonly voucherId: string }
  | { readonly kind: 'show'; readonly voucherId: string }
  | { readonly kind: 'not_you' }
  | { readonly kind: 'not_me'; readonly chatId: string | null }
  | { readonly kind: 'only_here' }
  | { readonly kind: 'history' }
  | { readonly kind: 'language'; readonly tag: string | null }
  | { readonly kind: 'notifications'; readonly hears: Hears | null }
  | { readonly kind: 'till' }
  /** What a cashier does in a staff chat; the code that a button was shown for, null for a typed number. */
  | { readonly kind: 'till_code'; readonly code: string }
  | { readonly kind: 'till_card'; readonly card: TillCard; readonly code: string | null }
  | { readonly kind: 'message_team' }
  /** What somebody wants the team to read; null if that was no text. */
  | { readonly kind: 'tell_team'; readonly text: string | null }
  | { readonly kind: 'keep_to_oneself' }
  | { readonly kind: 'open_reply'; readonly questionId: string }
  /** What a team replies. `isPointed`: by answering a message about the question, so there is no doubt who means what. */
  | { readonly kind: 'reply'; readonly questionId: string; readonly text: string | null; readonly isPointed: boolean }
  | { readonly kind: 'drop_reply' }
  /** Staff scanned what a customer shows: null if that cannot be a token of ours. */
  | { readonly kind: 'scanned'; readonly token: string | null }
  /** A text that is nothing else. Staff may mean a voucher or a card by it. */
  | { readonly kind: 'voucher_code'; readonly code: string }
  | { readonly kind: 'redeem'; readonly voucherId: string; readonly choice: Choice | null }
  | ({ readonly kind: 'stamp' } & StampWish)
  | { readonly kind: 'undo_stamps'; readonly stampId: string }
  /** Typed on a shared device that asked for it. */
  | { readonly kind: 'pin'; readonly pin: string }
  | { readonly kind: 'lock' }
  | { readonly kind: 'staff_chats'; readonly wish: StaffChatWish | null }
  | { readonly kind: 'consent'; readonly answer: ConsentAnswer | null }
  | { readonly kind: 'stop' }
  | { readonly kind: 'help' }
  | { readonly kind: 'privacy' }
  | { readonly kind: 'unlink'; readonly confirmed: boolean | null }
  | { readonly kind: 'delete_data'; readonly confirmed: boolean | null }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'unblocked' }
  | { readonly kind: 'unknown' }

/** The button carries which text was read and in which language, so the proof is right however late it is pressed. */
export interface ConsentAnswer {
  readonly granted: boolean
  readonly textVersion: string
  readonly language: string
}

/** What the conversation needs of the languages; the wording has it. */
export interface Vocabulary {
  languageNames(): readonly LanguageName[]
  /** The action that a whole text stands for in any language, such as `stop` for СТОП; null for all other texts. */
  actionOf(text: string): string | null
}

export const understand = (state: State, input: Input, vocabulary: Vocabulary): Intent => {
  switch (input.kind) {
    case 'start':
      return readStart(input.payload)
    case 'text':
      return readPointed(input) ?? readText(state, input.text, vocabulary)
    case 'action':
      return readAction(input.action)
    case 'contact':
      return { kind: 'contact', phone: input.phone, own: input.own }
    case 'other':
      return readPassedOn(state, null)
    case 'blocked':
    case 'unblocked':
      return { kind: input.kind }
    default:
      return assertNever(input)
  }
}

/** Telegram lets a deep link carry 1–64 of these characters: https://core.telegram.org/bots/features#deep-linking */
const LINK_TOKEN = /^[A-Za-z0-9_-]{1,64}$/

const readStart = (payload: string | null): Intent => {
  const carried = payload?.trim() ?? ''
  if (carried === '') return { kind: 'start' }
  if (isJoinPayload(carried)) return { kind: 'join' }
  if (isShownPayload(carried)) return { kind: 'scanned', token: shownToken(carried) }
  return { kind: 'link', token: LINK_TOKEN.test(carried) ? carried : null }
}

const readText = (state: State, text: string, vocabulary: Vocabulary): Intent => {
  const [, command, rest] = /^\/([a-z]{1,32})(?:@\w+)?(?:\s+(\S+))?$/i.exec(text.trim()) ?? []
  if (command !== undefined) return readCommand(state, command.toLowerCase(), rest ?? null)
  // Four digits for the team are no code; to a cashier they are, even in the middle of a reply.
  const atTill: Intent = state.kind === 'writing_to_team' ? { kind: 'unknown' } : readTyped(state, text.trim())
  if (atTill.kind !== 'unknown') return atTill
  const counted = readCount(state, text.trim())
  if (counted !== null) return counted
  const action = vocabulary.actionOf(text)
  const passedOn = readPassedOn(state, text)
  // A message to a person may well begin with a greeting; STOP and the menu's labels mean what they always mean.
  if (action !== null && !(action === 'menu' && passedOn.kind !== 'unknown')) return readAction(action)
  const tag = state.kind === 'choosing_language' ? languageCalled(text, vocabulary) : null
  if (tag !== null) return { kind: 'language', tag }
  return passedOn.kind === 'unknown' ? readVoucherCode(text) : passedOn
}

/** What is said while a message to somebody else is being written. */
const readPassedOn = (state: State, text: string | null): Intent => {
  if (state.kind === 'writing_to_team') return { kind: 'tell_team', text }
  if (state.kind === 'replying') return { kind: 'reply', questionId: state.questionId, text, isPointed: false }
  return { kind: 'unknown' }
}

/** Answers a message of ours that asks for a reply. */
const readPointed = ({ text, repliesTo = [] }: Input & { kind: 'text' }): Intent | null => {
  const [questionId] = repliesTo.flatMap((action) => /^(?:no_)?reply:(.+)$/.exec(action)?.[1] ?? [])
  return questionId === undefined ? null : { kind: 'reply', questionId, text, isPointed: true }
}

const readVoucherCode = (text: string): Intent => {
  const code = text.trim()
  return isLikeAVoucherCode(code) && !code.startsWith('/') ? { kind: 'voucher_code', code } : { kind: 'unknown' }
}

/** Commands that no menu lists, since they are not for everybody. */
const UNLISTED: ReadonlySet<string> = new Set(['staff', 'lock', 'getcard'])

/** Messengers without commands of their own send them as text. */
const readCommand = (state: State, command: string, rest: string | null): Intent => {
  if (command === 'start') return readStart(rest)
  // Bots in groups may hear commands only.
  if (command === 'till' && rest !== null) return readTyped(state, rest)
  if (command === 'redeem' && rest !== null) return readVoucherCode(rest)
  if (command === 'stamp' && rest !== null)
    return (hasSign(rest) ? readCount(state, rest) : null) ?? readVoucherCode(rest)
  const isKnown = UNLISTED.has(command) || COMMANDS.some((each) => each.command === command)
  return isKnown ? readAction(command) : { kind: 'unknown' }
}

/** What a cashier types: the card while it is asked for, else a code. Nobody else means either by it. */
const readTyped = (state: State, text: string): Intent => {
  if (state.kind === 'linking_at_till' && isLikeACardNumber(text))
    return { kind: 'till_card', card: { number: text }, code: null }
  if (state.kind === 'asking_pin' && isLikeAPin(text)) return { kind: 'pin', pin: text }
  return isTillCode(text) ? { kind: 'till_code', code: text } : { kind: 'unknown' }
}

/** A number under a card that was just shown. */
const readCount = (state: State, text: string): Intent | null =>
  state.kind === 'at_card' && isLikeACount(text)
    ? { kind: 'stamp', cardId: state.cardId, count: countIn(text), shownAt: state.shownAt }
    : null

const languageCalled = (text: string, vocabulary: Vocabulary): string | null => {
  const keyword = keywordOf(text)
  const called = vocabulary.languageNames().find(({ tag, name }) => keyword === tag || keyword === keywordOf(name))
  return keyword === null ? null : (called?.tag ?? null)
}

/** Reads what a button carries: a name and its arguments, `vouchers:2`. What no version ever sent is unknown. */
const readAction = (action: string): Intent => {
  const [name, first, second, third] = action.split(':')
  switch (name) {
    case 'start':
      return readStart(null)
    case 'card':
      return { kind: 'card', cardId: first ?? null }
    case 'vouchers':
      return { kind: 'vouchers', page: readPage(first) }
    case 'voucher':
      return first ? { kind: 'voucher', voucherId: first } : { kind: 'vouchers', page: 1 }
    case 'language':
      return { kind: 'language', tag: first ?? null }
    case 'till_card':
      return first && second && isTillCode(second)
        ? { kind: 'till_card', card: { id: first }, code: second }
        : { kind: 'unknown' }
    case 'staff':
      return { kind: 'staff_chats', wish: first ? { chatId: first, choice: readChoice(second, third) } : null }
    case 'show':
      return first ? { kind: 'show', voucherId: first } : { kind: 'vouchers', page: 1 }
    case 'redeem':
      return first ? { kind: 'redeem', voucherId: first, choice: readChoice(second, third) } : { kind: 'unknown' }
    case 'stamp':
      return readStamp(first, second, third)
    case 'unstamp':
      return first ? { kind: 'undo_stamps', stampId: first } : { kind: 'unknown' }
    case 'get_card':
      return { kind: 'get_card', confirmed: readYesOrNo(first) }
    // The command, which messengers may bring as an action.
    case 'getcard':
      return { kind: 'get_card', confirmed: null }
    case 'notifications':
      return { kind: 'notifications', hears: HEARS.find((hears) => hears === first) ?? null }
    case 'consent':
      return { kind: 'consent', answer: readConsent(first, second, third) }
    case 'unlink':
      return { kind: 'unlink', confirmed: readYesOrNo(first) }
    case 'deletedata':
      return { kind: 'delete_data', confirmed: readYesOrNo(first) }
    case 'not_me':
      return { kind: 'not_me', chatId: first ?? null }
    case 'team':
      return { kind: first === 'cancel' ? 'keep_to_oneself' : 'message_team' }
    case 'reply':
      return first ? { kind: 'open_reply', questionId: first } : { kind: 'unknown' }
    case 'no_reply':
      return { kind: 'drop_reply' }
    case 'lock':
    case 'menu':
    case 'not_you':
    case 'only_here':
    case 'history':
    case 'stop':
    case 'connect':
    case 'till':
    case 'help':
    case 'privacy':
      return { kind: name }
    default:
      return { kind: 'unknown' }
  }
}

const readStamp = (cardId = '', added = '', shownAt = ''): Intent => {
  const count = countIn(added)
  if (cardId === '' || count === null) return { kind: 'unknown' }
  return { kind: 'stamp', cardId, count, shownAt: readMoment(shownAt) }
}

/** Pages count from 1. */
const readPage = (page: string | undefined): number => (page && /^\d{1,4}$/.test(page) ? Math.max(1, Number(page)) : 1)

const readConsent = (word?: string, textVersion = '', language = ''): ConsentAnswer | null => {
  if (word !== 'yes' && word !== 'no') return null
  if (!/^\d{1,3}$/.test(textVersion) || !/^[a-z]{2,3}$/.test(language)) return null
  return { granted: word === 'yes', textVersion, language }
}
