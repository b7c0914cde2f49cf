import parsePhoneNumber from 'libphonenumber-js/min'
import type { Database } from '../../src/db/database.js'
import type { ChatPlace } from '../../src/erasure/forgetter.js'
import { derivedId, hashToken } from '../../src/ids.js'
import type { ConsentStore } from '../../src/notify/consent-store.js'
import type { HearsStore } from '../../src/notify/hears-store.js'
import type { Conversation } from '../conversation/conversation.js'
import type { BusinessFacts, FreshShowing } from '../conversation/facts.js'
import { parseState } from '../conversation/state.js'
import type { Incoming, MessengerName } from '../messenger.js'
import type { CardOffer } from './card-desk.js'
import type { CardSources } from './card-facts.js'
import type { ChatRow, ChatStore } from './chat-store.js'
import type { CustomerBook } from './customer-book.js'
import type { Eraser } from './eraser.js'
import { freshShowing } from './fresh-showing.js'
import { type CounterPreparation, type CounterSources, prepareCounter } from './prepare-counter.js'
import { prepareQuestion, prepareTeam, type QuestionPreparation, type TeamPreparation } from './team-facts.js'
import type { TeamStore } from './team-store.js'
import { freshTillCode, prepareTill, type TillPreparation } from './till-facts.js'
import type { TillStore } from './till-store.js'
import { guessesLeft } from './turn-effects.js'

/** What the facts of a turn are read from. */
export interface FactSources extends CounterSources, CardSources {
  readonly db: Database
  readonly chats: ChatStore
  readonly customers: CustomerBook
  readonly hears: HearsStore
  readonly till: TillStore
  readonly team: TeamStore
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
  /** Whether the other chats of this chat's customer are asked for. */
  readonly asksOtherChats: boolean
  readonly freshTillCode: string | null
  /** What a cashier typed or pressed in a staff chat. */
  readonly till: TillPreparation | null
  /** Who reads a message to the team. */
  readonly team: TeamPreparation | null
  /** What a staff chat replies to. */
  readonly question: QuestionPreparation | null
  /** The voucher that staff name. */
  readonly counter: CounterPreparation | null
  /** The chats of the team, if a chat of it asks for them. */
  readonly staffChats: readonly ChatRow[] | null
  /** The card that a guest may have. */
  readonly offer: CardOffer | null
  /** Whether they take it. */
  readonly takesCard: boolean
  /** What this chat may show to staff. */
  readonly freshShowing: FreshShowing | null
  /** Whom the answer may erase, with all their chats. */
  readonly erasure: ToErase | null
  /** Everybody whose facts the answer may need. */
  readonly customerIds: readonly string[]
}

export interface ToErase {
  readonly customerId: string
  readonly chats: readonly ChatPlace[]
}

/**
 * Looks up whose facts the turn needs. What will be answered alike is read alike: a try that leads to nobody, and one of a chat
 * that has tried too often, are followed by the same statements, so that not even their time tells them apart.
 */
export const prepareTurn = async (
  options: FactSources,
  { address, isPrivate, input, speaker }: Incoming,
  now: number,
): Promise<Preparation> => {
  const { db, chats, conversation, laneId } = options
  const [chat] = await db.read(chats.byAddress({ lane: laneId, address }))
  const lookups = conversation.lookupsFor(parseState(chat?.dialogue), input, now)
  const tokenHash = lookups.linkToken === undefined ? null : hashToken(lookups.linkToken)
  const mayGuess = chat === undefined || guessesLeft(chat, now) > 0
  const links = tokenHash === null ? [] : await db.read(chats.linkByHash({ tokenHash }))
  const byPhone = lookups.phone === undefined ? null : await findByPhone(options, lookups.phone)
  const customerId = chat?.customerId ?? null
  const erasure =
    lookups.erasure && customerId !== null ? { customerId, chats: await options.eraser.chatsOf(customerId) } : null
  const till = lookups.till && chat?.role === 'staff' ? await prepareTill(options, lookups.till, mayGuess, now) : null
  const team = lookups.team && chat?.role !== 'staff' ? await prepareTeam(options, chat?.id ?? null) : null
  const question =
    lookups.question !== undefined && chat?.role === 'staff' ? await prepareQuestion(options, lookups.question) : null
  const counter =
    lookups.counter && chat?.role === 'staff'
      ? await prepareCounter(options, lookups.counter, chat, speaker, now)
      : null
  const isGuest = isPrivate && (chat?.role ?? 'guest') === 'guest'
  const chatId = chat?.id ?? derivedId('chat', laneId, address)
  const offer = isGuest ? await options.cardDesk.offer(options.business.id, chatId) : null
  const takesCard = lookups.takesCard === true && offer !== null
  const mayLink = [
    ...(takesCard ? [offer.customerId] : []),
    ...(mayGuess
      ? links.flatMap((link) => (isOpen(link, options.business.id, now) ? (link.customerId ?? []) : []))
      : []),
    ...(mayGuess && byPhone?.length === 1 ? byPhone : []),
    ...(till?.ownerId ? [till.ownerId] : []),
  ]
  const notMe = lookups.notMe ?? null
  const asksOtherChats = lookups.otherChats === true && customerId !== null
  const otherChats = [
    ...(await chatsOf(options, mayLink)),
    ...(asksOtherChats ? await chatsOf(options, [customerId]) : []),
    ...(till?.guestId ? [till.guestId] : []),
    ...(lookups.staffChats?.removes ? [lookups.staffChats.removes] : []),
    ...(notMe === null ? [] : [notMe, ...(await staffChatsOf(options))]),
    ...(team?.staffChats ?? []),
    ...(question ? [question.chatId, ...question.staffChats] : []),
  ]
  const ids = [chat?.customerId, question?.customerId, ...mayLink]
  return {
    tokenHash,
    address,
    byPhone,
    otherChats,
    notMe,
    asksOtherChats,
    freshTillCode: lookups.freshTillCode ? await freshTillCode(options, chatId, now) : null,
    till,
    team,
    question,
    counter,
    offer,
    takesCard,
    staffChats:
      lookups.staffChats && chat?.role === 'staff'
        ? await db.read(chats.teamOf({ businessId: options.business.id }))
        : null,
    freshShowing: lookups.freshShowing && customerId !== null ? await freshShowing(options) : null,
    erasure,
    customerIds: [...new Set(ids.filter((id) => typeof id === 'string'))],
  }
}

/** Whether a link still leads anywhere in this business. */
export const isOpen = (
  link: { readonly usedAt: number | null; readonly expiresAt: number; readonly businessId: string },
  businessId: string,
  now: number,
): boolean => link.usedAt === null && link.expiresAt > now && link.businessId === businessId

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
