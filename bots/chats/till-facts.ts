import { randomInt } from 'node:crypto'
import type { Database } from '../../src/db/database.js'
import type { FoundByPhone } from '../conversation/customer-facts.js'
import type { TillLookup } from '../conversation/lookups.js'
import type { AtTill, RecentCard } from '../conversation/staff/staff-facts.js'
import type { ChatRow } from './chat-store.js'
import type { CustomerBook } from './customer-book.js'
import { type TillStore, tillGuessesLeft } from './till-store.js'

interface TillSources {
  readonly db: Database
  readonly till: TillStore
  readonly customers: CustomerBook
  readonly business: { readonly id: string }
}

/** What was looked up for a staff chat before the batch. */
export interface TillPreparation {
  readonly code: string | null
  /** The chat that showed the code, or is being linked. */
  readonly guestId: string | null
  readonly recentCards: readonly RecentCard[]
  /** Whose card was chosen; undefined if none was. */
  readonly ownerId: string | null | undefined
}

const CODES = 10_000
/** A code that is mistyped may be somebody else's: with more open ones oftener than once in 200 times. */
const MOST_OPEN_CODES = 50
/** No messenger takes the other ones' share: visitors of the web chat are as many as somebody likes. */
const MOST_ON_A_LANE = 25
const STAMPED_WITHIN_MS = 10 * 60_000

/** A code for a chat that no chat of the business shows now; null if too many others show one. A chat has one at a time. */
export const freshTillCode = async (
  { db, till, business, laneId }: TillSources & { readonly laneId: string },
  chatId: string,
  now: number,
): Promise<string | null> => {
  const codes = await db.read(till.openCodes({ businessId: business.id, now }))
  const others = codes.filter((each) => each.chatId !== chatId)
  const onThisLane = others.filter(({ lane }) => lane === laneId)
  if (others.length >= MOST_OPEN_CODES || onThisLane.length >= MOST_ON_A_LANE) return null
  const open = new Set(codes.map(({ code }) => code))
  let code: string
  do code = String(randomInt(CODES)).padStart(4, '0')
  while (open.has(code))
  return code
}

/** `mayGuess`: whether the chat has tries left. If not, what it names is read, and taken for nobody's all the same. */
export const prepareTill = async (
  { db, till, customers, business }: TillSources,
  { code, chatId, card }: TillLookup,
  mayGuess: boolean,
  now: number,
): Promise<TillPreparation> => {
  const open = code === undefined ? [] : await shownNow(db, till, business.id, code, now)
  const shown = mayGuess ? open : []
  const ownerId = card === undefined ? undefined : await customers.ownerOfCard(business.id, card)
  return {
    code: code ?? null,
    guestId: chatId ?? shown[0]?.chatId ?? null,
    recentCards: shown.length === 0 ? [] : await customers.recentlyStamped(business.id, now - STAMPED_WITHIN_MS),
    ownerId: ownerId === undefined || mayGuess ? ownerId : null,
  }
}

/** A code that is over, or one guess too many, is read as if it were nobody's. */
const shownNow = async (db: Database, till: TillStore, businessId: string, code: string, now: number) => {
  const [guesses] = await db.read(till.guesses({ businessId }))
  const shown = await db.read(till.byCode({ businessId, code }))
  return tillGuessesLeft(guesses, now) > 0 ? shown.filter(({ expiresAt }) => expiresAt > now) : []
}

interface TillRows {
  readonly others: readonly ChatRow[]
  readonly tillCode: readonly { readonly chatId: string; readonly expiresAt: number }[]
  readonly tillGuesses: readonly { readonly guesses: number; readonly since: number }[]
}

/** How a guest's chat is read: whom it would find in a customer, and what it speaks. */
interface GuestReading {
  found(customerId: string, guest: ChatRow): FoundByPhone
  languageOf(guest: ChatRow): string
}

/** Pure. A code that is wrong, late, used, or one guess too many leads to no guest: the four cannot be told apart. */
export const tillFacts = (
  { code, guestId, recentCards, ownerId }: TillPreparation,
  rows: TillRows,
  now: number,
  { found, languageOf }: GuestReading,
): AtTill => {
  const [shown] = rows.tillCode
  const isRightCode = shown !== undefined && shown.chatId === guestId && shown.expiresAt > now
  const mayGuess = tillGuessesLeft(rows.tillGuesses[0], now) > 0
  const chat = rows.others.find(({ id, role }) => id === guestId && role !== 'staff')
  const isThere = chat !== undefined && (code === null || (isRightCode && mayGuess))
  return {
    guest: isThere
      ? { chatId: chat.id, language: languageOf(chat), stopped: chat.stoppedAt !== null, customerId: chat.customerId }
      : null,
    recentCards,
    card: ownerId === undefined || !chat ? null : ownerId === null ? { kind: 'nobody' } : found(ownerId, chat),
  }
}
