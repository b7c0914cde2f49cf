import type { Database } from '../../src/db/database.js'
import { assertNever } from '../../src/errors.js'
import { hashToken } from '../../src/ids.js'
import type { CounterLookup } from '../conversation/lookups.js'
import type { Cashier, TypedPin } from '../conversation/staff/staff-facts.js'
import { isShownCode } from '../conversation/voucher-code.js'
import type { Incoming, Messenger } from '../messenger.js'
import type { CardBook, CardDeed, PreparedCard } from './card-book.js'
import type { Cashiers } from './cashiers.js'
import type { ChatRow, ChatStore } from './chat-store.js'
import { type CounterStore, lookupsLeft } from './counter-store.js'
import type { VoucherBook, VoucherPlace } from './voucher-book.js'

/** What the facts of a counter are read from. */
export interface CounterSources {
  readonly db: Database
  readonly chats: ChatStore
  readonly counter: CounterStore
  readonly vouchers: VoucherBook
  readonly cards: CardBook
  readonly cashiers: Cashiers
  readonly messenger: Pick<Messenger, 'remove'>
  readonly laneId: string
  readonly business: { readonly id: string }
  /** Where a link leads that opens this messenger's chat with a payload; null if it is not known yet. */
  startLink(payload: string): string | null
}

/** What was looked up for a staff chat before the batch. */
export interface CounterPreparation {
  readonly chatId: string
  /** Of the vouchers that were named: none, one, or two of many. */
  readonly places: readonly VoucherPlace[]
  /** Hash of the link that the customer showed; null if the voucher was named otherwise. */
  readonly shown: string | null
  readonly redeems: boolean
  /** The card that was named, if no voucher was. */
  readonly card: PreparedCard | null
  /** Several cards have the number that was typed. */
  readonly isSharedNumber: boolean
  /** On a shared device: for whom it was opened last, and whose PIN was typed now. */
  readonly cashier: Cashier | null
  readonly typed: TypedPin | null
  /** Whom the very person who asks is known as. */
  readonly theirCustomerIds: readonly string[]
}

export const prepareCounter = async (
  sources: CounterSources,
  lookup: CounterLookup,
  chat: ChatRow,
  speaker: Incoming['speaker'],
  now: number,
): Promise<CounterPreparation> => {
  const { cashiers, business } = sources
  const { mention, redeems, pin } = lookup
  const { sharedLocationId, cashierId } = chat
  // One try too many is not even looked up: what it would find cannot be told by the time it takes.
  const isGuess = mention.kind === 'typed' || mention.kind === 'scanned'
  const mayLookUp = !isGuess || (await hasLookups(sources, chat, now))
  const shown = mayLookUp ? await findShown(sources, mention) : null
  const places = mayLookUp ? await placesOf(sources, mention, shown?.voucherId ?? null) : []
  const [deed, another] = mayLookUp && places.length === 0 ? await deedsOf(sources, lookup, chat) : []
  const asksWho = sharedLocationId !== null
  return {
    chatId: chat.id,
    places,
    shown: shown?.tokenHash ?? null,
    redeems,
    card: deed && !another ? await sources.cards.prepare(business.id, deed) : null,
    isSharedNumber: another !== undefined,
    cashier: asksWho && cashierId !== null ? await cashiers.byId(business.id, sharedLocationId, cashierId) : null,
    typed:
      asksWho && pin !== undefined
        ? await cashiers.byPin({ businessId: business.id, locationId: sharedLocationId, chatId: chat.id, pin, now })
        : null,
    theirCustomerIds: await customersBehind(sources, chat, speaker),
  }
}

const hasLookups = async ({ db, counter }: CounterSources, { id }: ChatRow, now: number): Promise<boolean> => {
  const [guesses] = await db.read(counter.wrongLookups({ chatId: id }))
  return lookupsLeft(guesses, now) > 0
}

/** What a customer shows or has shown, by its link or its code. */
const findShown = async ({ db, counter, business }: CounterSources, mention: CounterLookup['mention']) => {
  const businessId = business.id
  if (mention.kind === 'scanned') {
    const [shown] = await db.read(counter.showingByToken({ businessId, tokenHash: hashToken(mention.token) }))
    return shown ?? null
  }
  if (mention.kind !== 'typed' || !isShownCode(mention.text)) return null
  const [shown] = await db.read(counter.showingByCode({ businessId, code: mention.text }))
  return shown ?? null
}

const placesOf = async (
  { vouchers, business }: CounterSources,
  mention: CounterLookup['mention'],
  shownVoucherId: string | null,
): Promise<readonly VoucherPlace[]> => {
  if (mention.kind === 'typed' && shownVoucherId === null) return vouchers.named(business.id, mention.text)
  const voucherId = mention.kind === 'button' ? mention.voucherId : shownVoucherId
  const place = voucherId === null ? null : await vouchers.place(business.id, voucherId)
  return place === null ? [] : [place]
}

/** What is to be done at the card that was named: none, one, or two of many with the same number. */
const deedsOf = async (
  { cards, business }: CounterSources,
  { mention, gives }: CounterLookup,
  chat: ChatRow,
): Promise<readonly CardDeed[]> => {
  switch (mention.kind) {
    case 'typed':
      return (await cards.numbered(business.id, mention.text)).map((cardId) => ({ kind: 'look', cardId }))
    case 'card': {
      const { cardId } = mention
      if (gives === undefined) return [{ kind: 'look', cardId }]
      return [{ kind: 'stamp', cardId, count: gives.count, key: `${chat.id} ${cardId} ${gives.shownAt}` }]
    }
    case 'stamp':
      return [{ kind: 'undo', stampId: mention.stampId }]
    case 'scanned':
    case 'button':
      return []
    default:
      return assertNever(mention)
  }
}

/** In a group who presses counts: a person's private chat has their own id as its address. */
const customersBehind = async (
  { db, chats, laneId }: CounterSources,
  chat: ChatRow,
  speaker: Incoming['speaker'],
): Promise<readonly string[]> => {
  const own = speaker === undefined ? [] : await db.read(chats.byAddress({ lane: laneId, address: speaker.id }))
  const ids = [chat, ...own].flatMap(({ customerId, formerCustomerId }) => [customerId, formerCustomerId])
  return [...new Set(ids.filter((id) => id !== null))]
}
