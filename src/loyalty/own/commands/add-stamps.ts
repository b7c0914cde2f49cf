import type { Decision, Found } from '../../../db/database.js'
import type { CardRow } from '../../loyalty-tables.js'
import { shortNumberOf } from '../../numbers.js'
import { type RuledCard, stampAdded, standingOf } from '../card-events.js'
import { promisedTemplates } from '../card-rules.js'
import { earnings, possibleVouchers } from '../earning.js'
import type { Cause, OwnOrigin } from '../own-event.js'
import { newId } from '../own-ids.js'
import { byId, NO_ROWS, type OwnRows, rowsAfter } from '../own-rows.js'
import type { RewardRow, StampRow } from '../own-tables.js'
import { type Asked, type StampRefusal, stamp } from '../stamping.js'
import { type CommandNeeds, isOf, ruledCard, wakeFor, writesOf } from './commands.js'
import { type LastMomentOf, voucherPress } from './voucher-press.js'

export interface AddStamps extends Asked {
  readonly businessId: string
  readonly cardId: string
  /** Counts once in a business, on whatever card, unless that stamp was taken back. */
  readonly receiptId: string | null
  /** Of the caller's request, where there is no receipt: the same key stamps once. */
  readonly key: string | null
  readonly by: { readonly staffId: string | null; readonly source: string }
  /** Who the staff member is as a customer: their own cards somebody else stamps. */
  readonly byCustomerIds: readonly string[]
  readonly locationId: string | null
  readonly origin: OwnOrigin
  /** Unix ms */
  readonly now: number
}

export type Stamping =
  | {
      readonly kind: 'stamped'
      readonly card: CardRow
      readonly stamp: StampRow
      readonly rewards: readonly RewardRow[]
    }
  /** The receipt or key has been counted, perhaps on another card. */
  | { readonly kind: 'stamped_before'; readonly stamp: StampRow }
  | { readonly kind: 'refused'; readonly reason: 'not_found' | 'managed_by_7stamp' | 'own_card' | StampRefusal }

/** Adds stamps to a card of our own; the goals they reach, and what these earn, are in the same batch. */
export const createAddStamps =
  (needs: CommandNeeds) =>
  async (asked: AddStamps): Promise<Stamping> => {
    const { db, loyalty } = needs
    const [known] = await db.read(loyalty.cardById({ id: asked.cardId }))
    if (!known) return { kind: 'refused', reason: 'not_found' }
    const [business] = await db.read(needs.businessById({ id: known.businessId }))
    if (!isOf(asked.businessId, business)) return { kind: 'refused', reason: 'not_found' }
    const card = await ruledCard(needs, known)
    if (!card) return { kind: 'refused', reason: 'managed_by_7stamp' }
    const prepared = await prepareStamps(needs, known, card, asked)
    const stamping = await db.atomically(stampReads(needs, known, prepared), (found) =>
      decideStamps(needs, prepared, asked, found),
    )
    if (stamping.kind === 'stamped') wakeFor(needs, known.customerId)
    return stamping
  }

type What = Pick<AddStamps, 'count' | 'amount' | 'receiptId' | 'key'>

/** What a stamping is decided by that no other command changes. */
export interface PreparedStamps {
  readonly card: RuledCard
  readonly stampId: string
  readonly receiptId: string | null
  /** What the card will get at most. */
  readonly most: number
  readonly lastMomentOf: LastMomentOf
}

/** Looked up before the batch; for whoever stamps as a part of a batch of their own too. */
export const prepareStamps = async (
  needs: CommandNeeds,
  known: CardRow,
  card: RuledCard,
  what: What,
): Promise<PreparedStamps> => {
  const { lastMomentOf } = await import('../validity.js')
  const stampId = await stampIdFor(needs, known.businessId, what)
  return { card, stampId, receiptId: what.receiptId, most: mostStamps(card, known, what), lastMomentOf }
}

/** A receipt whose stamp was taken back may be stamped anew. */
const stampIdFor = async ({ db, own }: CommandNeeds, businessId: string, { receiptId, key }: What): Promise<string> => {
  if (receiptId === null) return newId('stamp', businessId, key && `key ${key}`)
  const before = await db.read(own.stampsOfReceipt({ businessId, receiptId }))
  return newId('stamp', businessId, `receipt ${before.length} ${receiptId}`)
}

/** What the card will get if it is as it was just read; a rest of amounts may make it one more. */
const mostStamps = ({ rules }: RuledCard, known: CardRow, what: What): number => {
  const foreseen = stamp({ ...rules, afterLastGoal: 'start_over' }, standingOf(known), what)
  return foreseen.kind === 'stamped' ? foreseen.count + 1 : 0
}

export type StampReads = ReturnType<typeof stampReads>

/** What `decideStamps` decides on, customer and card locked. */
export const stampReads = (
  { loyalty, own, templates, businessById }: CommandNeeds,
  { businessId, customerId, id }: Pick<CardRow, 'businessId' | 'customerId' | 'id'>,
  { card, stampId, receiptId, most }: PreparedStamps,
) => {
  const promised = promisedTemplates(card.rules)
  const numbers = promised.length === 0 ? [] : possibleVouchers(card, stampId, most).map(shortNumberOf)
  return {
    customer: loyalty.lockedCustomer({ id: customerId }),
    card: loyalty.lockedCard({ id }),
    same: own.stampById({ id: stampId }),
    receipt: receiptId === null ? null : own.stampsOfReceipt({ businessId, receiptId }),
    business: businessById({ id: businessId }),
    offers: promised.length === 0 ? null : templates.voucherTemplates({ ids: JSON.stringify(promised) }),
    taken: numbers.length === 0 ? null : loyalty.numbersTaken({ businessId, numbers: JSON.stringify(numbers) }),
  }
}

/** What stamping comes to on the rows of `stampReads`, with the writes that do it. Pure. */
export const decideStamps = (
  needs: CommandNeeds,
  { card, stampId, lastMomentOf }: PreparedStamps,
  asked: AddStamps,
  found: Found<StampReads>,
): Decision<Stamping> => {
  const [customer] = found.customer
  const [row] = found.card
  const [business] = found.business
  if (!row || !isOf(asked.businessId, business) || !customer || customer.erasedAt !== null) return refuse('not_found')
  const before = found.same[0] ?? found.receipt.find(({ undoneAt }) => undoneAt === null)
  if (before) return { writes: [], result: { kind: 'stamped_before', stamp: before } }
  // It may have been given back to 7stamp since it was looked up.
  if (row.master !== 'own') return refuse('managed_by_7stamp')
  if (asked.byCustomerIds.includes(customer.id)) return refuse('own_card')
  const standing = standingOf(row)
  const stamped = stamp(card.rules, standing, asked)
  if (stamped.kind === 'refused') return refuse(stamped.reason)
  const cause: Cause = {
    business,
    customer,
    origin: asked.origin,
    locationId: asked.locationId,
    at: laterThan(row, asked),
  }
  const { after, count } = stamped
  const events = [
    stampAdded(cause, card, after, {
      id: stampId,
      count,
      amount: asked.amount?.minor ?? null,
      currency: asked.amount?.currency ?? null,
      carriedChange: after.carried - standing.carried,
      receiptId: asked.receiptId,
      source: asked.by.source,
      staffId: asked.by.staffId,
    }),
    ...earnings(
      cause,
      card,
      stampId,
      { before: standing, after },
      voucherPress(found, business, cause.at, lastMomentOf),
    ),
  ]
  const rows: OwnRows = { ...NO_ROWS, cards: byId([row]) }
  return { writes: writesOf(needs, rows, events), result: stampingIn(events.reduce(rowsAfter, rows), row, stampId) }
}

/** Each change of a card is later than the one before, whatever the clocks of several machines say. */
const laterThan = ({ countsAt }: CardRow, { now }: AddStamps): number => Math.max(now, countsAt + 1)

const stampingIn = ({ cards, stamps, rewards }: OwnRows, { id }: CardRow, stampId: string): Stamping => {
  const [card, added] = [cards.get(id), stamps.get(stampId)]
  if (!card || !added) throw new Error(`the stamp ${stampId} is missing`)
  return { kind: 'stamped', card, stamp: added, rewards: [...rewards.values()] }
}

const refuse = (reason: (Stamping & { kind: 'refused' })['reason']): Decision<Stamping> => ({
  writes: [],
  result: { kind: 'refused', reason },
})
