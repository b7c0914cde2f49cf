import type { Database } from '../../src/db/database.js'
import { hashToken } from '../../src/ids.js'
import type { CounterLookup } from '../conversation/conversation.js'
import type { Cashier, TypedPin } from '../conversation/facts.js'
import { isShownCode, type VoucherMention } from '../conversation/voucher-code.js'
import type { Incoming, Messenger } from '../messenger.js'
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
  /** None, one, or two of many. */
  readonly places: readonly VoucherPlace[]
  /** Hash of the link that the customer showed; null if the voucher was named otherwise. */
  readonly shown: string | null
  readonly redeems: boolean
  /** On a shared device: for whom it was opened last, and whose PIN was typed now. */
  readonly cashier: Cashier | null
  readonly typed: TypedPin | null
  /** Whom the very person who asks is known as. */
  readonly theirCustomerIds: readonly string[]
}

export const prepareCounter = async (
  sources: CounterSources,
  { mention, redeems, pin }: CounterLookup,
  chat: ChatRow,
  speaker: Incoming['speaker'],
  now: number,
): Promise<CounterPreparation> => {
  const { cashiers, business } = sources
  const { sharedLocationId, cashierId } = chat
  // One try too many is not even looked up: what it would find cannot be told by the time it takes.
  const mayLookUp = mention.kind === 'button' || (await hasLookups(sources, chat, now))
  const shown = mayLookUp ? await findShown(sources, mention) : null
  const asksWho = sharedLocationId !== null
  return {
    chatId: chat.id,
    places: mayLookUp ? await placesOf(sources, mention, shown?.voucherId ?? null) : [],
    shown: shown?.tokenHash ?? null,
    redeems,
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
const findShown = async ({ db, counter, business }: CounterSources, mention: VoucherMention) => {
  const businessId = business.id
  if (mention.kind === 'scanned') {
    const [shown] = await db.read(counter.showingByToken({ businessId, tokenHash: hashToken(mention.token) }))
    return shown ?? null
  }
  if (mention.kind === 'button' || !isShownCode(mention.text)) return null
  const [shown] = await db.read(counter.showingByCode({ businessId, code: mention.text }))
  return shown ?? null
}

const placesOf = async (
  { vouchers, business }: CounterSources,
  mention: VoucherMention,
  shownVoucherId: string | null,
): Promise<readonly VoucherPlace[]> => {
  if (mention.kind === 'typed' && shownVoucherId === null) return vouchers.named(business.id, mention.text)
  const voucherId = mention.kind === 'button' ? mention.voucherId : shownVoucherId
  const place = voucherId === null ? null : await vouchers.place(business.id, voucherId)
  return place === null ? [] : [place]
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
