import type { Effect, Elsewhere } from '../../bots/conversation/answer.js'
import { type Conversation, createConversation } from '../../bots/conversation/conversation.js'
import type { CustomerFacts, FoundByToken, FoundCustomer, OfferedCard } from '../../bots/conversation/customer-facts.js'
import type { ChatFacts, Facts, FreshShowing, NewerChat, OtherChats, TeamFacts } from '../../bots/conversation/facts.js'
import type { CounterLookup, TillLookup } from '../../bots/conversation/lookups.js'
import type { AtCounter, AtTill, QuestionFacts, StaffChat } from '../../bots/conversation/staff/staff-facts.js'
import { FRESH, parseState, type State } from '../../bots/conversation/state.js'
import type { Input } from '../../bots/messenger.js'
import type { WordedMessage, Wording } from '../../src/notify/wording.js'
import { factsOf, NOW } from './people.js'

/** What the database would know: whose links and phones these are. */
export interface World {
  readonly links?: Readonly<Record<string, FoundByToken>>
  readonly phones?: Readonly<Record<string, CustomerFacts>>
  /** The code that a chat gets to show. */
  readonly freshTillCode?: string
  /** Who reads messages to the team; nobody does unless it is given. */
  readonly team?: TeamFacts
  /** What staff may reply to. */
  readonly questions?: Readonly<Record<string, QuestionFacts>>
  /** What a staff chat finds by a code, or while it links the guest of a chat. */
  readonly till?: (lookup: TillLookup) => AtTill
  readonly staffChats?: readonly StaffChat[]
  /** A card that guests may have here, and whom they become by it. */
  readonly offeredCard?: OfferedCard
  readonly newCard?: FoundCustomer
  /** What a customer gets to show to staff. */
  readonly freshShowing?: FreshShowing
  /** What a staff chat finds that names a voucher. */
  readonly counter?: (lookup: CounterLookup, now: number) => AtCounter
  /** Chats that "Not me" may disconnect here. */
  readonly newerChats?: Readonly<Record<string, NewerChat>>
  readonly otherChats?: OtherChats
}

/**
 * A chat as the shell runs it, in memory: looks up what the conversation asks for, applies the effects, stores the state
 * as JSON, and words the replies. `transcript` is what both sides see.
 */
export class SimulatedChat {
  readonly transcript: string[] = []
  readonly effects: Effect[] = []
  /** What other chats see and undergo. */
  readonly elsewhere: Elsewhere[] = []
  facts: Facts
  state: State = FRESH
  now = NOW
  readonly #wording: Wording
  readonly #conversation: Conversation
  readonly #world: World

  constructor(wording: Wording, facts: Parameters<typeof factsOf>[0] = {}, world: World = {}) {
    this.#wording = wording
    this.#conversation = createConversation(wording)
    this.#world = world
    this.facts = factsOf(facts)
  }

  says(text: string): this {
    return this.#turn({ kind: 'text', text }, text)
  }

  starts(payload: string | null = null): this {
    return this.#turn({ kind: 'start', payload }, payload === null ? '/start' : `/start ${payload}`)
  }

  presses(action: string): this {
    return this.#turn({ kind: 'action', action }, `(${action})`)
  }

  shares(phone: string, own = true): this {
    return this.#turn({ kind: 'contact', phone, own }, `(phone ${phone})`)
  }

  does(input: Input): this {
    return this.#turn(input, `(${input.kind})`)
  }

  waits(ms: number): this {
    this.now += ms
    return this
  }

  #turn(input: Input, shown: string): this {
    const lookups = this.#conversation.lookupsFor(this.state, input, this.now)
    const {
      linkToken,
      phone,
      notMe,
      otherChats,
      freshTillCode,
      till,
      counter,
      freshShowing,
      takesCard,
      staffChats,
      team,
      question,
    } = lookups
    const owner = phone === undefined ? undefined : this.#world.phones?.[phone]
    const found: Facts['found'] = {
      linkToken: linkToken === undefined ? null : (this.#world.links?.[linkToken] ?? { kind: 'nobody' }),
      phone: phone === undefined ? null : owner ? foundCustomer(owner, this.facts.chat.language) : { kind: 'nobody' },
      freshTillCode: freshTillCode ? (this.#world.freshTillCode ?? null) : null,
      till: till && this.facts.who.role === 'staff' ? (this.#world.till?.(till) ?? NOTHING_AT_TILL) : null,
      counter: counter && this.facts.who.role === 'staff' ? (this.#world.counter?.(counter, this.now) ?? null) : null,
      offeredCard: this.facts.who.role === 'guest' ? (this.#world.offeredCard ?? null) : null,
      newCard: takesCard ? (this.#world.newCard ?? null) : null,
      freshShowing: freshShowing ? (this.#world.freshShowing ?? null) : null,
      staffChats: staffChats && this.facts.who.role === 'staff' ? (this.#world.staffChats ?? []) : null,
      newerChat: notMe === undefined ? null : (this.#world.newerChats?.[notMe] ?? null),
      otherChats: otherChats && this.facts.who.role === 'customer' ? (this.#world.otherChats ?? null) : null,
      team: team ? (this.#world.team ?? null) : null,
      question: question === undefined ? null : (this.#world.questions?.[question] ?? null),
    }
    const answer = this.#conversation.answer(this.state, input, { ...this.facts, found }, this.now)
    for (const effect of answer.effects) this.#apply(effect, found)
    this.effects.push(...answer.effects)
    this.elsewhere.push(...(answer.elsewhere ?? []))
    this.state = parseState(JSON.parse(JSON.stringify(answer.state)))
    const { language } = this.facts.chat
    this.transcript.push(`> ${shown}`, ...answer.replies.map((reply) => show(this.#wording.say(language, reply))))
    return this
  }

  #apply(effect: Effect, found: Facts['found']): void {
    const chat = (changes: Partial<ChatFacts>) => {
      this.facts = { ...this.facts, chat: { ...this.facts.chat, ...changes } }
    }
    if (effect.kind === 'link') {
      const hit = found.linkToken ?? found.phone
      if (hit?.kind !== 'customer') throw new Error('linked to nobody')
      this.facts = { ...this.facts, who: { role: 'customer', customer: hit.customer } }
      chat({ language: hit.language })
    }
    if (effect.kind === 'linkStaff') this.facts = { ...this.facts, who: { role: 'staff' } }
    if (effect.kind === 'unlink' || effect.kind === 'erase') this.facts = { ...this.facts, who: { role: 'guest' } }
    if (effect.kind === 'countGuess' || effect.kind === 'countTillGuess')
      this.facts = { ...this.facts, guessesLeft: this.facts.guessesLeft - 1 }
    if (effect.kind === 'setHears' && this.facts.who.role === 'customer')
      this.facts = {
        ...this.facts,
        who: { role: 'customer', customer: { ...this.facts.who.customer, hears: effect.hears } },
      }
    if (effect.kind === 'setLanguage') chat({ language: effect.language })
    if (effect.kind === 'stop') chat({ stopped: true })
    if (effect.kind === 'resume') chat({ stopped: false })
    if (effect.kind === 'markReachable') chat({ reachable: true })
    if (effect.kind === 'markUnreachable') chat({ reachable: false })
  }
}

const NOTHING_AT_TILL: AtTill = { guest: null, recentCards: [], card: null }

export const foundCustomer = (customer: CustomerFacts, language = 'en'): FoundByToken & { kind: 'customer' } => ({
  kind: 'customer',
  customer,
  language,
  stopped: false,
  otherChats: [],
})

/** `[picture: alt text]` above the text, buttons and the phone button below it; the menu is only named. */
const show = (message: WordedMessage): string =>
  [
    ...(message.altText ? [`[picture: ${message.altText}]`] : []),
    message.text,
    ...(message.buttons ?? []).map((row) => row.map((button) => `[${button.label}]`).join(' ')),
    ...(message.phoneButton ? [`[${message.phoneButton}]`] : []),
    ...(message.menu ? ['(menu)'] : []),
  ].join('\n')
