import { assertNever } from '../../src/errors.js'
import { hashToken } from '../../src/ids.js'
import type { ConsentChange } from '../../src/notify/consent-store.js'
import type { Hears } from '../../src/notify/hears.js'
import type { Answer, Effect } from '../conversation/answer.js'
import type { ChatRow } from './chat-store.js'
import type { CounterChange } from './counter-store.js'
import type { QuestionChange } from './team-store.js'
import type { TillChange } from './till-store.js'

/** What a turn changes: the chat's own row and all that it writes elsewhere. */
export interface TurnChanges {
  readonly chat: ChatRow
  /** With their proof. */
  readonly consents: readonly ConsentChange[]
  /** Whether the link it came by is used up. */
  readonly usesLink: boolean
  /** What the customer chose to hear from now on. */
  readonly hears: { readonly customerId: string; readonly hears: Hears } | null
  readonly till: readonly TillChange[]
  readonly questions: readonly QuestionChange[]
  readonly counter: readonly CounterChange[]
  /** Whether it gives the guest the card that was offered. */
  readonly givesCard: boolean
  /** Whether it redeems the voucher that staff named. */
  readonly redeems: boolean
  /** Whether it gives the card that staff named stamps, or takes some back. */
  readonly changesCard: boolean
  /** Whether what was just written is taken away. */
  readonly removesWritten: boolean
  /** Whether it uses up what a customer shows. */
  readonly takesShown: boolean
  /** The customer whom the turn forgets. */
  readonly erases: string | null
}

/** Wrong links and numbers that a chat may try in an hour. */
const GUESSES_AN_HOUR = 5
const HOUR_MS = 3_600_000
/** So long a shared device knows who stands before it. */
const TILL_OPEN_MS = 10 * 60_000

/** How many guesses a chat has left now. */
export const guessesLeft = (chat: Pick<ChatRow, 'guesses' | 'guessesSince'>, now: number): number =>
  now - chat.guessesSince >= HOUR_MS ? GUESSES_AN_HOUR : Math.max(0, GUESSES_AN_HOUR - chat.guesses)

/** Applies an answer's effects to the chat. Pure: the shell writes the result in one batch with the replies. */
export const applyTurn = (chat: ChatRow, answer: Answer, now: number): TurnChanges =>
  applyEffects({ ...chat, dialogue: answer.state, lastSeenAt: now }, answer.effects, now)

/** The same for a chat that has no turn of its own. */
export const applyEffects = (chat: ChatRow, effects: readonly Effect[], now: number): TurnChanges =>
  effects.reduce<TurnChanges>((changes, effect) => applyEffect(changes, effect, now), {
    chat,
    consents: [],
    usesLink: false,
    hears: null,
    till: [],
    questions: [],
    counter: [],
    givesCard: false,
    redeems: false,
    changesCard: false,
    takesShown: false,
    removesWritten: false,
    erases: null,
  })

const applyEffect = (changes: TurnChanges, effect: Effect, now: number): TurnChanges => {
  const { chat } = changes
  const withChat = (change: Partial<ChatRow>): TurnChanges => ({ ...changes, chat: { ...chat, ...change } })
  switch (effect.kind) {
    case 'link': {
      const linked = {
        ...withChat({
          role: 'customer',
          customerId: effect.customerId,
          formerCustomerId: null,
          linkedAt: chat.customerId === effect.customerId ? chat.linkedAt : now,
          ...LOCKED,
          leftTeamAt: null,
          guesses: 0,
        }),
        usesLink: changes.usesLink || effect.by === 'token',
      }
      // A STOP said before the link was meant for whoever would write here.
      return chat.stoppedAt === null ? linked : withConsent(linked, 'service', 'refused', 'stop')
    }
    case 'linkStaff':
      return withTeam(changes, null, now)
    case 'linkSharedDevice':
      return withTeam(changes, effect.locationId, now)
    case 'openTill':
      return withChat({
        cashierId: effect.cashierId,
        cashierUntil: effect.cashierId === null ? null : now + TILL_OPEN_MS,
      })
    case 'removeWritten':
      return { ...changes, removesWritten: true }
    case 'unlink':
      return withChat({
        role: 'guest',
        customerId: null,
        formerCustomerId: null,
        linkedAt: null,
        ...LOCKED,
        leftTeamAt: chat.role === 'staff' ? now : chat.leftTeamAt,
      })
    case 'erase':
      return {
        ...withChat({ role: 'guest', customerId: null, linkedAt: null, language: effect.language }),
        erases: chat.customerId,
      }
    case 'setLanguage':
      return withChat({ language: effect.language })
    case 'setHears':
      return chat.customerId === null
        ? changes
        : { ...changes, hears: { customerId: chat.customerId, hears: effect.hears } }
    case 'consentAsked':
      return withConsent(changes, 'marketing', 'asked', 'question', effect)
    case 'recordConsent':
      return withConsent(changes, 'marketing', effect.granted ? 'granted' : 'refused', 'answer', effect)
    case 'stop':
      return withConsent(withChat({ stoppedAt: now }), 'service', 'refused', 'stop')
    case 'resume':
      return withConsent(withChat({ stoppedAt: null }), 'service', 'granted', 'start')
    case 'countGuess':
      return withChat(oneGuessMore(chat, now))
    case 'countTillGuess':
      return withTill(withChat(oneGuessMore(chat, now)), { kind: 'guess' })
    case 'openTillCode':
      return withTill(changes, { kind: 'open', code: effect.code, chatId: chat.id })
    case 'useTillCode':
      return withTill(changes, { kind: 'use', code: effect.code })
    case 'askTeam':
      return withQuestion(changes, { kind: 'ask', id: effect.questionId, chatId: chat.id })
    case 'answerQuestion':
      return withQuestion(changes, { kind: 'answer', id: effect.questionId })
    case 'show': {
      const { voucherId, code, token } = effect
      return withCounter(changes, { kind: 'show', voucherId, code, tokenHash: hashToken(token) })
    }
    case 'takeShown':
      return { ...changes, takesShown: true }
    case 'giveCard':
      return { ...changes, givesCard: true }
    case 'redeem':
      return { ...changes, redeems: true }
    case 'changeCard':
      return { ...changes, changesCard: true }
    case 'countLookup':
      return withCounter(changes, { kind: 'wrong_lookup' })
    case 'markReachable':
      return withChat({ unreachable: null })
    case 'markUnreachable':
      return withChat({ unreachable: 'blocked' })
    default:
      return assertNever(effect)
  }
}

const LOCKED = { sharedLocationId: null, cashierId: null, cashierUntil: null }

/** A chat that opened a link for staff: of one's own, or as the shared device of a location. */
const withTeam = (changes: TurnChanges, sharedLocationId: string | null, now: number): TurnChanges => {
  const { chat } = changes
  const joined: Partial<ChatRow> = {
    role: 'staff',
    customerId: null,
    formerCustomerId: chat.customerId ?? chat.formerCustomerId,
    linkedAt: now,
    ...LOCKED,
    sharedLocationId,
    leftTeamAt: null,
    guesses: 0,
  }
  return { ...changes, chat: { ...chat, ...joined }, usesLink: true }
}

const oneGuessMore = ({ guesses, guessesSince }: ChatRow, now: number): Partial<ChatRow> =>
  now - guessesSince >= HOUR_MS ? { guesses: 1, guessesSince: now } : { guesses: guesses + 1 }

const withTill = (changes: TurnChanges, change: TillChange): TurnChanges => ({
  ...changes,
  till: [...changes.till, change],
})

const withQuestion = (changes: TurnChanges, change: QuestionChange): TurnChanges => ({
  ...changes,
  questions: [...changes.questions, change],
})

const withCounter = (changes: TurnChanges, change: CounterChange): TurnChanges => ({
  ...changes,
  counter: [...changes.counter, change],
})

/** A guest's STOP is kept with the chat alone; a customer's reaches every messenger of the business. */
const withConsent = (
  changes: TurnChanges,
  consentClass: ConsentChange['class'],
  state: ConsentChange['state'],
  source: string,
  proof: { readonly textVersion?: string; readonly language?: string } = {},
): TurnChanges => {
  const { customerId } = changes.chat
  if (customerId === null) return changes
  const change: ConsentChange = {
    customerId,
    channel: 'messengers',
    class: consentClass,
    state,
    source,
    ...(proof.textVersion !== undefined && { textVersion: proof.textVersion }),
    ...(proof.language !== undefined && { language: proof.language }),
  }
  return { ...changes, consents: [...changes.consents, change] }
}
