import parsePhoneNumber from 'libphonenumber-js/min'
import type { Database, Found, Reads } from '../../src/db/database.js'
import type { ChatPlace } from '../../src/erasure/forgetter.js'
import { foundOf, prefixed } from '../../src/events/applying.js'
import { hashToken } from '../../src/ids.js'
import { chooseLanguage } from '../../src/languages.js'
import type { ConsentStore } from '../../src/notify/consent-store.js'
import { HEARS_UNLESS_CHOSEN, type Hears } from '../../src/notify/hears.js'
import type { HearsStore } from '../../src/notify/hears-store.js'
import type { Conversation } from '../conversation/conversation.js'
import type {
  BusinessFacts,
  CustomerFacts,
  Facts,
  FoundByPhone,
  FoundByToken,
  NewerChat,
} from '../conversation/facts.js'
import { parseState } from '../conversation/state.js'
import type { Incoming, MessengerName } from '../messenger.js'
import type { ChatRow, ChatStore } from './chat-store.js'
import type { CustomerBook, KnownCustomer } from './customer-book.js'
import type { Eraser } from './eraser.js'
import { freshTillCode, prepareTill, type TillPreparation, tillFacts } from './till-facts.js'
import type { TillStore } from './till-store.js'
import { guessesLeft } from './turn-effects.js'

/** What the facts of a turn are read from. */
export interface FactSources {
  readonly db: Database
  readonly chats: ChatStore
  readonly customers: CustomerBook
  readonly hears: HearsStore
  readonly till: TillStore
  readonly eraser: Eraser
  readonly consents: ConsentStore
  readonly conversation: Conversation
  readonly languages: ReadonlySet<string>
  readonly messengerName: MessengerName
  readonly laneId: string
  readonly business: { readonly id: string; readonly language: string; readonly facts: BusinessFacts }
}

/** What was looked up before the batch: only ids, all of which are read again in it. */
export interface Preparation {
  readonly tokenHash: string | null
  readonly address: string
  /** Customers with the shared phone number; null if none was shared. */
  readonly byPhone: readonly string[] | null
  /** Other chats that the answer may change or tell. */
  readonly otherChats: readonly string[]
  /** The chat that somebody says is not theirs. */
  readonly notMe: string | null
  readonly freshTillCode: string | null
  /** What a cashier typed or pressed in a staff chat. */
  readonly till: TillPreparation | null
  /** Whom the answer may erase, with all their chats. */
  readonly erasure: ToErase | null
  /** Everybody whose facts the answer may need. */
  readonly customerIds: readonly string[]
}

export interface ToErase {
  readonly customerId: string
  readonly chats: readonly ChatPlace[]
}

/** Looks up whose facts the turn needs. */
export const prepareTurn = async (
  options: FactSources,
  { address, input }: Incoming,
  now: number,
): Promise<Preparation> => {
  const { db, chats, conversation, laneId } = options
  const [chat] = await db.read(chats.byAddress({ lane: laneId, address }))
  const lookups = conversation.lookupsFor(parseState(chat?.dialogue), input, now)
  const tokenHash = lookups.linkToken === undefined ? null : hashToken(lookups.linkToken)
  const links = tokenHash === null ? [] : await db.read(chats.linkByHash({ tokenHash }))
  const byPhone = lookups.phone === undefined ? null : await findByPhone(options, lookups.phone)
  const customerId = chat?.customerId ?? null
  const erasure =
    lookups.erasure && customerId !== null ? { customerId, chats: await options.eraser.chatsOf(customerId) } : null
  const till = lookups.till && chat?.role === 'staff' ? await prepareTill(options, lookups.till, now) : null
  const mayLink = [
    ...links.flatMap((link) => link.customerId ?? []),
    ...(byPhone ?? []),
    ...(till?.ownerId ? [till.ownerId] : []),
  ]
  const notMe = lookups.notMe ?? null
  const otherChats = [
    ...(await chatsOf(options, mayLink)),
    ...(till?.guestId ? [till.guestId] : []),
    ...(notMe === null ? [] : [notMe, ...(await staffChatsOf(options))]),
  ]
  const ids = [chat?.customerId, ...mayLink]
  return {
    tokenHash,
    address,
    byPhone,
    otherChats,
    notMe,
    freshTillCode: lookups.freshTillCode ? await freshTillCode(options, now) : null,
    till,
    erasure,
    customerIds: [...new Set(ids.filter((id) => typeof id === 'string'))],
  }
}

const chatsOf = async ({ db, chats }: FactSources, customerIds: readonly string[]): Promise<readonly string[]> => {
  const places = await Promise.all(customerIds.map((customerId) => db.read(chats.placesOf({ customerId }))))
  return places.flat().map(({ id }) => id)
}

const staffChatsOf = async ({ db, chats, business }: FactSources): Promise<readonly string[]> =>
  (await db.read(chats.staffOf({ businessId: business.id }))).map(({ id }) => id)

const findByPhone = async ({ customers, business }: FactSources, given: string): Promise<readonly string[]> => {
  const phone = toE164(given)
  return phone === null ? [] : customers.findByPhone(business.id, phone)
}

/** Messengers leave out the plus of an international number. */
const toE164 = (phone: string): string | null => {
  const parsed = parsePhoneNumber(phone.startsWith('+') ? phone : `+${phone}`)
  return parsed?.isValid() ? parsed.number : null
}

/** The reads of the batch that `factsOf` needs; the chat is locked by them. */
export const factReads = (options: FactSources, prepared: Preparation, now: number) => {
  const { chats, customers, consents, hears, till, eraser, laneId, business } = options
  const { tokenHash, address, otherChats, erasure, customerIds } = prepared
  const known = customerIds.map((id) => ({
    ...prefixed(id, customers.reads(id)),
    [hearsRead(id)]: hears.hearsOf({ customerId: id }),
  }))
  return {
    ...(Object.assign({}, ...known) as Reads),
    chat: chats.byAddress({ lane: laneId, address }),
    others: otherChats.length === 0 ? null : chats.byIds({ ids: JSON.stringify(otherChats) }),
    // After the chat: whatever is done to a customer from a chat locks the two in this order.
    ...(erasure && eraser.reads(erasure.customerId, erasure.chats, now)),
    tillCode: prepared.till?.code ? till.byCode({ businessId: business.id, code: prepared.till.code }) : null,
    tillGuesses: prepared.till ? till.guesses({ businessId: business.id }) : null,
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

export interface Situation {
  readonly incoming: Incoming
  readonly prepared: Preparation
  readonly chat: ChatRow
  readonly found: TurnRows & Found<Reads>
  readonly now: number
}

/** All that the conversation may look at, from the rows of the batch. Pure. */
export const factsOf = (options: FactSources, situation: Situation): Facts => {
  const { business } = options
  const { incoming, now } = situation
  const { till, freshTillCode } = situation.prepared
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
      freshTillCode,
      till:
        till &&
        tillFacts(till, situation.found, now, {
          found: (customerId, guest) => foundIn(options, situation, customerId, guest),
          languageOf: (guest) => languageIn(options, guest, null),
        }),
    },
    guessesLeft: guessesLeft(chat, now),
  }
}

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

const foundByToken = (
  { business }: FactSources,
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

const NOT_ME_WITHIN_MS = 24 * 3_600_000

/** A chat disconnects only one that came to the same customer after it, and within a day. */
const newerChat = ({ prepared, chat, found: { others }, now }: Situation): NewerChat | null => {
  const newer = others.find(({ id }) => id === prepared.notMe)
  if (!newer || newer.customerId === null || newer.customerId !== chat.customerId) return null
  const linkedAt = newer.linkedAt ?? 0
  if (linkedAt <= (chat.linkedAt ?? 0) || now - linkedAt > NOT_ME_WITHIN_MS) return null
  return { chatId: newer.id, staffChats: others.flatMap(({ id, role }) => (role === 'staff' ? id : [])) }
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
