import type { CardBook, CardDeed, CardPlan, KnownCard, PreparedCard } from '../../bots/chats/card-book.js'
import type { StampedCard } from '../../bots/conversation/staff/staff-facts.js'
import type { Decision, Found } from '../db/database.js'
import { cardFacts } from './facts.js'
import { type FamilyNeeds, familyIds, isFamily } from './family.js'
import type { LookupStore } from './lookup-store.js'
import type { CardRow, CustomerRow } from './loyalty-tables.js'
import { typedNumber } from './numbers.js'
import { type RuledCard, standingOf } from './own/card-events.js'
import { type AddStamps, decideStamps, prepareStamps, type Stamping, stampReads } from './own/commands/add-stamps.js'
import { type CommandNeeds, ruledCard, wakeFor } from './own/commands/commands.js'
import { decideUndo, type StampUndo, undoReads } from './own/commands/undo-stamp.js'
import type { StampRow } from './own/own-tables.js'
import { isComplete } from './own/stamping.js'

export type CardBookOptions = CommandNeeds & FamilyNeeds & { readonly lookups: LookupStore }

type StampDeed = CardDeed & { kind: 'stamp' }

/** Cards as a staff chat asks about them, and stamps them in the batch of its own turn. */
export const createCardBook = (options: CardBookOptions): CardBook => {
  const { db, loyalty, lookups, own } = options
  return {
    numbered: async (businessId, text) => {
      const businessIds = await familyIds(options, businessId)
      const typed = typedNumber(text) ?? text
      return (await db.read(lookups.cardIdsNumbered({ businessIds, number: text, typed }))).map(({ id }) => id)
    },
    prepare: async (businessId, deed) => {
      const [stamp] = deed.kind === 'undo' ? await db.read(own.stampById({ id: deed.stampId })) : []
      const cardId = deed.kind === 'undo' ? stamp?.cardId : deed.cardId
      const [row] = cardId === undefined ? [] : await db.read(loyalty.cardById({ id: cardId }))
      if (!row || !(await isFamily(options, businessId, row.businessId))) return null
      const ruled = await ruledCard(options, row)
      if (ruled !== null && deed.kind === 'stamp') return prepareStamping(options, row, ruled, deed)
      return ruled !== null && stamp ? prepareUndo(options, stamp, ruled) : prepareLook(options, row, ruled)
    },
    changed: (customerId) => wakeFor(options, customerId),
  }
}

type LookReads = ReturnType<typeof lookReads>

const lookReads = ({ loyalty }: CardBookOptions, { id, customerId }: CardRow) => ({
  customer: loyalty.customerById({ id: customerId }),
  card: loyalty.cardById({ id }),
})

const prepareLook = (options: CardBookOptions, row: CardRow, ruled: RuledCard | null): PreparedCard<LookReads> => ({
  customerId: row.customerId,
  reads: lookReads(options, row),
  known: (found) => knownCard(found, ruled),
  plan: () => null,
})

const prepareStamping = async (
  options: CardBookOptions,
  row: CardRow,
  ruled: RuledCard,
  { count, key }: StampDeed,
): Promise<PreparedCard<ReturnType<typeof stampReads>>> => {
  const what = { count, amount: null, receiptId: null, key }
  const prepared = await prepareStamps(options, row, ruled, what)
  return {
    customerId: row.customerId,
    reads: stampReads(options, row, prepared),
    known: (found) => knownCard(found, ruled),
    plan: (found, { businessId, staffId, theirCustomerIds, locationId, now }) => {
      const asked: AddStamps = {
        ...what,
        businessId,
        cardId: row.id,
        by: { staffId, source: 'staff_scanner' },
        byCustomerIds: theirCustomerIds,
        locationId,
        origin: 'chat',
        now,
      }
      return stampPlan(decideStamps(options, prepared, asked, found), ruled)
    },
  }
}

const stampPlan = ({ result, writes }: Decision<Stamping>, ruled: RuledCard): CardPlan => {
  switch (result.kind) {
    case 'stamped': {
      const { card, stamp, rewards } = result
      const earned = rewards.map(({ title }) => title)
      return {
        change: { kind: 'stamped', stampId: stamp.id, count: stamp.count, after: stampedCard(card, ruled), earned },
        writes,
      }
    }
    case 'stamped_before': {
      const { id, count, undoneAt } = result.stamp
      return { change: { kind: 'stamped_before', stampId: id, count, isUndone: undoneAt !== null }, writes }
    }
    case 'refused':
      return { change: result, writes }
  }
}

const prepareUndo = (
  options: CardBookOptions,
  stamp: StampRow,
  ruled: RuledCard,
): PreparedCard<ReturnType<typeof undoReads>> => ({
  customerId: stamp.customerId,
  reads: undoReads(options, stamp),
  known: (found) => knownCard(found, ruled),
  plan: (found, { businessId, locationId, now }) => {
    const asked = { businessId, stampId: stamp.id, locationId, origin: 'chat', now } as const
    return undoPlan(decideUndo(options, ruled, asked, found), stamp, ruled)
  },
})

const undoPlan = ({ result, writes }: Decision<StampUndo>, { count }: StampRow, ruled: RuledCard): CardPlan => ({
  change: result.kind === 'refused' ? result : { kind: 'undone', count, after: stampedCard(result.card, ruled) },
  writes,
})

/** An erased person's card is nobody's any more. */
const knownCard = (
  { customer: [customer], card: [card] }: Pick<Found<LookReads>, 'customer' | 'card'>,
  ruled: RuledCard | null,
): KnownCard | null =>
  card && customer && customer.erasedAt === null
    ? { ...stampedCard(card, ruled), master: card.master, ...ownerOf(customer) }
    : null

const ownerOf = ({ id, name }: CustomerRow) => ({ customerId: id, customerName: name })

const stampedCard = (card: CardRow, ruled: RuledCard | null): StampedCard => ({
  ...cardFacts(card),
  isComplete: ruled !== null && isComplete(ruled.rules, standingOf(card)),
})
