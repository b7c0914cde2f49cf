import parsePhoneNumber from 'libphonenumber-js/min'
import type { Clock } from '../../src/clock.js'
import { type Bound, type Database, demand, type Found, type Reads } from '../../src/db/database.js'
import { deliveryId, PRIORITY } from '../../src/deliveries/delivery.js'
import type { ClaimedContent } from '../../src/deliveries/lane-driver.js'
import type { Ledger } from '../../src/deliveries/ledger.js'
import { foundOf, prefixed } from '../../src/events/applying.js'
import { derivedId, hashToken } from '../../src/ids.js'
import { chooseLanguage } from '../../src/languages.js'
import type { ConsentStore } from '../../src/notify/consent-store.js'
import type { MessageContent } from '../../src/notify/content.js'
import type { Wording } from '../../src/notify/wording.js'
import type { Conversation } from '../conversation/conversation.js'
import type { BusinessFacts, CustomerFacts, Facts, FoundByPhone, FoundByToken } from '../conversation/facts.js'
import { parseState } from '../conversation/state.js'
import type { Incoming, Messenger } from '../messenger.js'
import type { ChatRow, ChatStore, UpdateRow } from './chat-store.js'
import type { CustomerBook, KnownCustomer } from './customer-book.js'
import { applyTurn, guessesLeft, type TurnChanges } from './turn-effects.js'

export interface AnswerOptions {
  readonly db: Database
  readonly chats: ChatStore
  readonly customers: CustomerBook
  readonly consents: ConsentStore
  readonly ledger: Ledger
  readonly conversation: Conversation
  readonly wording: Wording
  readonly clock: Clock
  readonly messenger: Messenger
  readonly laneId: string
  readonly business: { readonly id: string; readonly language: string; readonly facts: BusinessFacts }
}

/** Committed answers that may leave now, and what the messenger wants acknowledged. */
export interface Answered {
  readonly answers: readonly ClaimedContent[]
  readonly acknowledge: string | null
}

const NOTHING: Answered = { answers: [], acknowledge: null }

/**
 * Answers one stored update: reads what the conversation needs, and commits in one batch the chat's new state, the effects,
 * the replies as `sending`, and that the update is done. A crash before the commit answers it again; after it, never.
 */
export const answerUpdate = async (options: AnswerOptions, update: UpdateRow, fence: number): Promise<Answered> => {
  const { db, chats, messenger } = options
  const incoming = messenger.readUpdate(update.body)
  if (incoming === null) {
    await db.write(chats.updateDone(update))
    return NOTHING
  }
  const prepared = await prepare(options, incoming)
  return db.atomically(readsOf(options, update, prepared), (found, now) => {
    // Another owner of the lane has answered it meanwhile.
    if (found.update.length === 0) return { writes: [], result: NOTHING }
    const chat = found.chat[0] ?? newChat(options, incoming, now)
    const facts = factsOf(options, { incoming, prepared, chat, found, now })
    const answer = options.conversation.answer(parseState(chat.dialogue), incoming.input, facts, now)
    const changes = applyTurn({ ...chat, languageHint: incoming.languageHint ?? chat.languageHint }, answer, now)
    const replies = answer.replies.map((content, ordinal) => replyOf(options, update, changes.chat, content, ordinal))
    const writes = [
      ...(found.chat[0] ? [] : [chats.addChat(chat)]),
      ...chatWrites(options, changes, prepared.tokenHash, now),
      ...replies.flatMap((reply) =>
        options.ledger.planAnswer(
          { ...reply, source: sourceOf(update), dueAt: now, position: now, customerId: changes.chat.customerId },
          fence,
          now,
        ),
      ),
      demand(1, chats.updateDone(update)),
    ]
    return { writes, result: { answers: replies, acknowledge: incoming.acknowledge ?? null } }
  })
}

/** What was looked up before the batch: only ids, all of which are read again in it. */
interface Preparation {
  readonly tokenHash: string | null
  readonly address: string
  /** Customers with the shared phone number; null if none was shared. */
  readonly byPhone: readonly string[] | null
  /** Everybody whose facts the answer may need. */
  readonly customerIds: readonly string[]
}

const prepare = async (options: AnswerOptions, { address, input }: Incoming): Promise<Preparation> => {
  const { db, chats, conversation, laneId } = options
  const [chat] = await db.read(chats.byAddress({ lane: laneId, address }))
  const lookups = conversation.lookupsFor(parseState(chat?.dialogue), input)
  const tokenHash = lookups.linkToken === undefined ? null : hashToken(lookups.linkToken)
  const links = tokenHash === null ? [] : await db.read(chats.linkByHash({ tokenHash }))
  const byPhone = lookups.phone === undefined ? null : await findByPhone(options, lookups.phone)
  const ids = [chat?.customerId, ...links.map((link) => link.customerId), ...(byPhone ?? [])]
  return { tokenHash, address, byPhone, customerIds: [...new Set(ids.filter((id) => typeof id === 'string'))] }
}

const findByPhone = async ({ customers, business }: AnswerOptions, given: string): Promise<readonly string[]> => {
  const phone = toE164(given)
  return phone === null ? [] : customers.findByPhone(business.id, phone)
}

/** Messengers leave out the plus of an international number. */
const toE164 = (phone: string): string | null => {
  const parsed = parsePhoneNumber(phone.startsWith('+') ? phone : `+${phone}`)
  return parsed?.isValid() ? parsed.number : null
}

const readsOf = (options: AnswerOptions, update: UpdateRow, prepared: Preparation) => {
  const { chats, customers, consents, laneId } = options
  const { tokenHash, address, customerIds } = prepared
  const known = customerIds.map((id) => prefixed(id, customers.reads(id)))
  return {
    ...(Object.assign({}, ...known) as Reads),
    update: chats.pendingUpdate(update),
    chat: chats.byAddress({ lane: laneId, address }),
    link: tokenHash === null ? null : chats.linkByHash({ tokenHash }),
    consents: consents.ofCustomers({ customerIds: JSON.stringify(customerIds) }),
  }
}

interface TurnRows {
  readonly chat: readonly ChatRow[]
  readonly link: readonly {
    readonly kind: 'customer' | 'staff'
    readonly customerId: string | null
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

interface Situation {
  readonly incoming: Incoming
  readonly prepared: Preparation
  readonly chat: ChatRow
  readonly found: TurnRows & Found<Reads>
  readonly now: number
}

const factsOf = (options: AnswerOptions, situation: Situation): Facts => {
  const { wording, business } = options
  const { incoming, chat, now } = situation
  const own = chat.customerId === null ? null : customerOf(options, situation, chat.customerId)
  const languageOf = (customer: KnownCustomer | null) =>
    chooseLanguage(wording.languages, {
      chosen: chat.language,
      payload: customer?.language,
      hint: incoming.languageHint ?? chat.languageHint,
      business: business.language,
    })
  const found = (customerId: string) => {
    const customer = customerOf(options, situation, customerId)
    if (customer === null) return NOBODY
    const stopped = isStopped(situation.found, customerId)
    return { kind: 'customer' as const, customer: customer.facts, language: languageOf(customer.known), stopped }
  }
  return {
    business: business.facts,
    chat: {
      language: languageOf(own?.known ?? null),
      isPrivate: incoming.isPrivate,
      canSharePhone: options.messenger.name === 'telegram' && incoming.isPrivate,
      stopped: chat.stoppedAt !== null || (own !== null && isStopped(situation.found, own.facts.id)),
      reachable: chat.unreachable === null,
    },
    who: own
      ? { role: 'customer', customer: own.facts }
      : chat.role === 'staff'
        ? { role: 'staff' }
        : { role: 'guest' },
    found: { linkToken: foundByToken(options, situation, found), phone: foundByPhone(situation, found) },
    guessesLeft: guessesLeft(chat, now),
  }
}

const NOBODY = { kind: 'nobody' } as const

const foundByToken = (
  { business }: AnswerOptions,
  { prepared, found: { link: links }, now }: Situation,
  found: (customerId: string) => FoundByPhone,
): FoundByToken | null => {
  if (prepared.tokenHash === null) return null
  const [link] = links
  if (!link || link.usedAt !== null || link.expiresAt <= now || link.businessId !== business.id) return NOBODY
  if (link.kind === 'staff') return { kind: 'staff' }
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

const customerOf = (
  { customers }: AnswerOptions,
  { found }: Situation,
  customerId: string,
): { known: KnownCustomer; facts: CustomerFacts } | null => {
  const known = customers.known(foundOf(customerId, customers.reads(customerId), found))
  if (known === null) return null
  const consent = found.consents.find((each) => each.customerId === customerId && each.class === 'marketing')
  const newsConsent = (consent?.state ?? 'never_asked') as CustomerFacts['newsConsent']
  return { known, facts: { ...known, newsConsent } }
}

const isStopped = ({ consents }: TurnRows, customerId: string): boolean =>
  consents.some((each) => each.customerId === customerId && each.class === 'service' && each.state === 'refused')

const newChat = ({ laneId, messenger, business }: AnswerOptions, incoming: Incoming, now: number): ChatRow => ({
  id: derivedId('chat', laneId, incoming.address),
  businessId: business.id,
  lane: laneId,
  messenger: messenger.name,
  address: incoming.address,
  isPrivate: incoming.isPrivate,
  role: 'guest',
  customerId: null,
  language: null,
  languageHint: incoming.languageHint,
  dialogue: null,
  stoppedAt: null,
  unreachable: null,
  guesses: 0,
  guessesSince: 0,
  lastSeenAt: now,
  createdAt: now,
})

const chatWrites = (
  { chats, consents }: AnswerOptions,
  changes: TurnChanges,
  tokenHash: string | null,
  now: number,
): Bound<unknown>[] => [
  chats.saveTurn({ ...changes.chat }),
  ...changes.consents.flatMap((change) => consents.change(change, now)),
  ...(changes.usesLink && tokenHash !== null ? [demand(1, chats.useLink({ tokenHash, now }))] : []),
]

const sourceOf = ({ lane, updateId }: UpdateRow): string => `${lane}/${updateId}`

/** Answers go to the chat that asked; their id follows from the update, so a turn decided twice inserts them once. */
const replyOf = (
  { laneId, business }: AnswerOptions,
  update: UpdateRow,
  chat: ChatRow,
  content: MessageContent,
  ordinal: number,
): ClaimedContent => ({
  id: deliveryId('answer', `${sourceOf(update)}/${ordinal}`, chat.id, 'messengers'),
  businessId: business.id,
  purpose: 'answer',
  recipientKind: 'chat',
  recipientId: chat.id,
  channel: 'messengers',
  class: 'service',
  lane: laneId,
  chatId: chat.id,
  priority: PRIORITY.answer,
  attempts: 1,
  editsId: null,
  voucherId: content.picture?.kind === 'voucher' ? content.picture.voucherId : null,
  content,
})
