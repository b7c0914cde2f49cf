import { assertNever } from '../../src/errors.js'
import { keywordOf } from '../../src/notify/keyword.js'
import type { Input } from '../messenger.js'
import { countIn, hasSign, isLikeACount } from './card-count.js'
import { COMMANDS } from './commands.js'
import type { Intent } from './intent.js'
import { isJoinPayload } from './join-link.js'
import { readAction } from './read-action.js'
import { isLikeAPin } from './staff/pin.js'
import type { State } from './state.js'
import { isLikeACardNumber, isTillCode } from './till-code.js'
import type { Vocabulary } from './vocabulary.js'
import { isLikeAVoucherCode, isShownPayload, shownToken } from './voucher-code.js'

/** What somebody wants who says this in this state. Never throws, whatever the input. */
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
