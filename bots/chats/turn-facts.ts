import type { Found, Reads } from '../../src/db/database.js'
import { foundOf, prefixed } from '../../src/events/applying.js'
import { chooseLanguage } from '../../src/languages.js'
import { HEARS_UNLESS_CHOSEN, type Hears } from '../../src/notify/hears.js'
import type { CustomerFacts, FoundByPhone, FoundByToken, FoundCustomer } from '../conversation/customer-facts.js'
import type { Facts, NewerChat, OtherChats } from '../conversation/facts.js'
import type { StaffChat } from '../conversation/staff/staff-facts.js'
import type { Incoming } from '../messenger.js'
import { cardReads, planCard } from './card-facts.js'
import type { ChatRow } from './chat-store.js'
import { counterFacts, counterReads } from './counter-facts.js'
import type { KnownCustomer } from './customer-book.js'
import { type FactSources, isOpen, type Preparation } from './prepare-turn.js'
import { ASKED_WITHIN_MS, questionFacts, teamFacts } from './team-facts.js'
import type { QuestionRow } from './team-store.js'
import { tillFacts } from './till-facts.js'
import { guessesLeft } from './turn-effects.js'

/** The reads of the batch that `factsOf` needs; the chat is locked by them. */
export const factReads = (options: FactSources, prepared: Preparation, now: number) => {
  const { chats, customers, consents, hears, till, team, eraser, laneId, business } = options
  const { tokenHash, address, otherChats, erasure, customerIds } = prepared
  const known = customerIds.map((id) => ({
    ...prefixed(id, customers.reads(id)),
    [hearsRead(id)]: hears.hearsOf({ customerId: id }),
  }))
  return {
    ...(Object.assign({}, ...known) as Reads),
    ...counterReads(options, prepared.counter),
    ...cardReads(options, prepared.takesCard ? prepared.offer : null),
    chat: chats.byAddress({ lane: laneId, address }),
    others: otherChats.length === 0 ? null : chats.byIds({ ids: JSON.stringify(otherChats) }),
    // After the chat: whatever is done to a customer from a chat locks the two in this order.
    ...(erasure && eraser.reads(erasure.customerId, erasure.chats, now)),
    tillCode: prepared.till?.code ? till.byCode({ businessId: business.id, code: prepared.till.code }) : null,
    tillGuesses: prepared.till ? till.guesses({ businessId: business.id }) : null,
    asked: prepared.team?.chatId ? team.askedBy({ chatId: prepared.team.chatId, since: now - ASKED_WITHIN_MS }) : null,
    question: prepared.question ? team.byId({ id: prepared.question.id }) : null,
    link: tokenHash === null ? null : chats.linkByHash({ tokenHash }),
    consents: consents.ofCustomers({ customerIds: JSON.stringify(customerIds) }),
  }
}

const hearsRead = (customerId: string) => `hears ${customerId}`

interface TurnRows {
  readonly chat: readonly ChatRow[]
  readonly others: readonly ChatRow[]
  readonly tillCode: readonly { readonly chatId: string; readonly expiresAt: number }[]
  readonly tillGuesses: readonly { readonly guesses: number; readonly since: number }[]
  readonly asked: readonly unknown[]
  readonly question: readonly QuestionRow[]
  readonly link: readonly {
    readonly kind: 'customer' | 'staff'
    readonly customerId: string | null
    readonly sharedLocationId: string | null
    readonly businessId: string
    readonly expiresAt: number
    readonly usedAt: number | null
  }[]
  readonly consents: readonly {
    readonly customerId: string
    readonly channel: string
    readonly class: string
    readonly state: string
  }[]
}

/** What a turn is decided on. */
export interface Situation {
  readonly incoming: Incoming
  readonly prepared: Preparation
  readonly chat: ChatRow
  readonly found: TurnRows & Found<Reads>
  /** Unix ms */
  readonly now: number
}

/** All that the conversation may look at, from the rows of the batch. Pure. */
export const factsOf = (options: FactSources, situation: Situation): Facts => {
  const { business } = options
  const { incoming, now } = situation
  const { till, counter, freshTillCode, freshShowing, team, question } = situation.prepared
  const chat = { ...situation.chat, languageHint: incoming.languageHint ?? situation.chat.languageHint }
  const own = chat.customerId === null ? null : customerOf(options, situation, chat.customerId)
  const found = (customerId: string) => foundIn(options, situation, customerId, chat)
  return {
    business: business.facts,
    chat: {
      id: chat.id,
      language: languageIn(options, chat, own?.known ?? null),
      isPrivate: incoming.isPrivate,
      canSharePhone: options.messengerName === 'telegram' && incoming.isPrivate,
      stopped: chat.stoppedAt !== null || (own !== null && isStopped(situation.found, own.facts.id)),
      reachable: chat.unreachable === null,
    },
    who: own
      ? { role: 'customer', customer: own.facts }
      : chat.role === 'staff'
        ? { role: 'staff' }
        : { role: 'guest' },
    found: {
      linkToken: foundByToken(options, situation, found),
      phone: foundByPhone(situation, found),
      newerChat: newerChat(situation),
      otherChats: otherChats(situation),
      freshTillCode,
      freshShowing,
      staffChats: staffChats(situation),
      till:
        till &&
        tillFacts(till, situation.found, now, {
          found: (customerId, guest) => foundIn(options, situation, customerId, guest),
          languageOf: (guest) => languageIn(options, guest, null),
        }),
      offeredCard: situation.prepared.offer?.card ?? null,
      newCard: newCard(options, situation, chat),
      counter: counter && counterFacts(options, counter, chat, situation.found, now),
      team: team && teamFacts(team, situation.found.others, situation.found.asked),
      question:
        question &&
        questionFacts(
          question,
          situation.found,
          chat.id,
          (customerId) => customerOf(options, situation, customerId)?.facts ?? null,
        ),
    },
    speaker: incoming.speaker ?? null,
    guessesLeft: guessesLeft(chat, now),
  }
}

/** A chat that is to be removed is locked: one that has left the team meanwhile is not in it. */
const staffChats = ({ prepared: { staffChats }, found: { others } }: Situation): readonly StaffChat[] | null =>
  staffChats
    ?.filter(({ id }) => others.every((other) => other.id !== id || other.role === 'staff'))
    .map(({ id, messenger, isPrivate, sharedLocationId, linkedAt, createdAt }) => ({
      id,
      messenger,
      isPrivate,
      isShared: sharedLocationId !== null,
      since: linkedAt ?? createdAt,
    })) ?? null

const NOBODY = { kind: 'nobody' } as const

const languageIn = ({ languages, business }: FactSources, chat: ChatRow, customer: KnownCustomer | null): string =>
  chooseLanguage(languages, {
    chosen: chat.language,
    payload: customer?.language,
    hint: chat.languageHint,
    business: business.language,
  })

/** A customer as a chat finds them that may be linked to them. */
const foundIn = (options: FactSources, situation: Situation, customerId: string, chat: ChatRow): FoundByPhone => {
  // Who was not looked up is found by nobody: the chat may not try any more.
  if (!situation.prepared.customerIds.includes(customerId)) return NOBODY
  const customer = customerOf(options, situation, customerId)
  if (customer === null) return NOBODY
  return {
    kind: 'customer',
    customer: customer.facts,
    language: languageIn(options, chat, customer.known),
    stopped: isStopped(situation.found, customerId),
    otherChats: situation.found.others.flatMap((other) =>
      other.customerId === customerId && other.id !== chat.id && other.unreachable === null ? other.id : [],
    ),
  }
}

/** Whom a guest becomes by taking the card that is offered; whoever had it in this chat before has it again. */
const newCard = (options: FactSources, situation: Situation, chat: ChatRow): FoundCustomer | null => {
  const { prepared, incoming, found, now } = situation
  const plan = planCard(options, prepared.takesCard ? prepared.offer : null, incoming.speaker, found, now)
  if (plan === null) return null
  const before = foundIn(options, situation, plan.customer.id, chat)
  if (before.kind === 'customer') return before
  return {
    kind: 'customer',
    customer: { ...plan.customer, newsConsent: 'never_asked', hears: HEARS_UNLESS_CHOSEN },
    language: languageIn(options, chat, plan.customer),
    stopped: false,
    otherChats: [],
  }
}

const foundByToken = (
  { business }: FactSources,
  { prepared, found: { link: links }, now }: Situation,
  found: (customerId: string) => FoundByPhone,
): FoundByToken | null => {
  if (prepared.tokenHash === null) return null
  const [link] = links
  if (!link || !isOpen(link, business.id, now)) return NOBODY
  if (link.kind === 'staff')
    return link.sharedLocationId === null
      ? { kind: 'staff' }
      : { kind: 'shared_device', locationId: link.sharedLocationId }
  return link.customerId === null ? NOBODY : found(link.customerId)
}

/** A number that several customers share proves none of them. */
const foundByPhone = (
  { prepared: { byPhone } }: Situation,
  found: (customerId: string) => FoundByPhone,
): FoundByPhone | null => {
  if (byPhone === null) return null
  const [only, another] = byPhone
  return only !== undefined && another === undefined ? found(only) : NOBODY
}

const NOT_ME_WITHIN_MS = 24 * 3_600_000

/** A chat disconnects only one that came to the same customer after it, and within a day. */
const newerChat = ({ prepared, chat, found: { others }, now }: Situation): NewerChat | null => {
  const newer = others.find(({ id }) => id === prepared.notMe)
  if (!newer || newer.customerId === null || newer.customerId !== chat.customerId) return null
  const linkedAt = newer.linkedAt ?? 0
  if (linkedAt <= (chat.linkedAt ?? 0) || now - linkedAt > NOT_ME_WITHIN_MS) return null
  return { chatId: newer.id, staffChats: others.flatMap(({ id, role }) => (role === 'staff' ? id : [])) }
}

/** Chats that are this customer's still: they are locked. */
const otherChats = ({ prepared, chat, found: { others } }: Situation): OtherChats | null => {
  if (!prepared.asksOtherChats || chat.customerId === null) return null
  const theirs = others.filter(({ id, customerId }) => id !== chat.id && customerId === chat.customerId)
  const older = theirs.filter(({ linkedAt }) => (linkedAt ?? 0) < (chat.linkedAt ?? 0))
  return { older: older.map(({ id }) => id), hasNewer: older.length < theirs.length }
}

const customerOf = (
  { customers }: FactSources,
  { found }: Situation,
  customerId: string,
): { known: KnownCustomer; facts: CustomerFacts } | null => {
  const known = customers.known(foundOf(customerId, customers.reads(customerId), found))
  if (known === null) return null
  const consent = found.consents.find((each) => each.customerId === customerId && each.class === 'marketing')
  const newsConsent = (consent?.state ?? 'never_asked') as CustomerFacts['newsConsent']
  const [choice] = (found[hearsRead(customerId)] ?? []) as readonly { readonly hears: Hears }[]
  return { known, facts: { ...known, newsConsent, hears: choice?.hears ?? HEARS_UNLESS_CHOSEN } }
}

const isStopped = ({ consents }: TurnRows, customerId: string): boolean =>
  consents.some((each) => each.customerId === customerId && each.class === 'service' && each.state === 'refused')
