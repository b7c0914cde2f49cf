import type { CustomerBook } from '../../bots/chats/customer-book.js'
import type { HistoryEvent, HistoryLine } from '../../bots/conversation/customer-facts.js'
import type { Clock } from '../clock.js'
import type { Bound } from '../db/database.js'
import { canonical } from '../events/aliases.js'
import type { EventLookupStore } from '../events/event-lookup-store.js'
import type { LoyaltyEvent } from '../events/glossary.js'
import { parseEvent } from '../events/parse-event.js'
import { parseJson } from '../http/json-boundary.js'
import { cardFacts, voucherFacts } from './facts.js'
import { type FamilyNeeds, familyIds } from './family.js'
import type { LookupStore } from './lookup-store.js'
import type { LoyaltyStore } from './loyalty-store.js'
import type { CardRow, CustomerRow, VoucherRow } from './loyalty-tables.js'

interface JournaledBody {
  readonly occurredAt: number
  readonly receivedAt: number
  readonly body: Buffer
}

interface BookReads {
  readonly [name: string]: Bound<readonly unknown[]>
  readonly customer: Bound<readonly CustomerRow[]>
  readonly cards: Bound<readonly CardRow[]>
  readonly vouchers: Bound<readonly VoucherRow[]>
  readonly history: Bound<readonly JournaledBody[]>
}

export interface CustomerBookOptions extends FamilyNeeds {
  readonly loyalty: LoyaltyStore
  readonly lookups: LookupStore
  readonly events: EventLookupStore
  readonly clock: Clock
}

const HISTORY_EVENTS: readonly HistoryEvent[] = [
  'card_issued',
  'stamp_added',
  'goal_reached',
  'reward_issued',
  'voucher_issued',
  'voucher_redeemed',
  'voucher_expired',
  'lottery_played',
]
const HISTORY_LINES = 10
/** What a cashier may have to choose from. */
const RECENT_STAMPS = 30
const RECENT_CARDS = 8

/** The mirror and the journal as a chat asks about them: one person, their cards, vouchers and history. */
export const createCustomerBook = (options: CustomerBookOptions): CustomerBook<BookReads> => {
  const { db, loyalty, lookups, events, clock } = options
  return {
    reads: (customerId) => ({
      customer: loyalty.customerById({ id: customerId }),
      cards: loyalty.cardsOf({ customerId }),
      vouchers: loyalty.vouchersOf({ customerId, now: clock() }),
      history: events.ofCustomer({ customerId, names: JSON.stringify(HISTORY_EVENTS), limit: HISTORY_LINES }),
    }),
    known: ({ customer: [customer], cards, vouchers, history }) =>
      !customer || customer.erasedAt !== null
        ? null
        : {
            id: customer.id,
            name: customer.name,
            language: customer.language,
            cards: cards.map(cardFacts),
            vouchers: vouchers.map(voucherFacts),
            history: historyOf(history),
          },
    findByPhone: async (businessId, phone) => {
      const businessIds = await familyIds(options, businessId)
      return (await db.read(lookups.customersByPhone({ businessIds, phone }))).map(({ id }) => id)
    },
    recentlyStamped: async (businessId, since) => {
      const businessIds = await familyIds(options, businessId)
      const stamped = await db.read(events.stampedSince({ businessIds, since, limit: RECENT_STAMPS }))
      const customerIds = JSON.stringify([...new Set(stamped.map(({ customerId }) => customerId))])
      const used = await db.read(lookups.cardsUsedSince({ customerIds, since, limit: RECENT_CARDS }))
      return used.map(({ card, customerName }) => ({
        cardId: card.id,
        number: cardFacts(card).number,
        customerName,
        at: card.touchedAt,
      }))
    },
    ownerOfCard: async (businessId, card) => {
      const businessIds = await familyIds(options, businessId)
      const owners = await db.read(
        'id' in card
          ? lookups.cardOwner({ businessIds, id: card.id })
          : lookups.ownersOfNumber({ businessIds, number: card.number }),
      )
      return owners.length === 1 ? (owners[0]?.customerId ?? null) : null
    },
  }
}

/**
 * What was taken back is not told, nor that it was; it is newer than what it takes back, so both are here or neither. Nor is
 * what a card was taken over with: its stamps were told one by one.
 */
const historyOf = (bodies: readonly JournaledBody[]): readonly HistoryLine[] => {
  const told = bodies.flatMap(readable)
  const undone = new Set<string | null>(told.flatMap(({ event }) => event.undoes ?? []))
  return told.flatMap(({ at, event }) =>
    event.undoes !== undefined || event.adoption !== undefined || undone.has(doneBy(event))
      ? []
      : historyLine(at, event),
  )
}

/** The journal holds the bytes as they came; it was readable when it was applied. */
const readable = ({ occurredAt, receivedAt, body }: JournaledBody) => {
  const parsed = parseEvent(canonical(parseJson(body)), receivedAt)
  return parsed.kind === 'event' ? [{ at: occurredAt, event: parsed.event }] : []
}

/** What may be taken back of it. */
const doneBy = (event: LoyaltyEvent): string | null => {
  if (event.event === 'stamp_added') return event.stamp?.id ?? null
  return event.event === 'voucher_redeemed' ? (event.redemption?.id ?? null) : null
}

const historyLine = (at: number, event: LoyaltyEvent): HistoryLine[] => {
  const name = HISTORY_EVENTS.find((known) => known === event.event)
  return name ? [{ at, event: name, ...details(event) }] : []
}

const details = (event: LoyaltyEvent): Pick<HistoryLine, 'count' | 'title'> => ({
  count: event.event === 'stamp_added' ? (event.stamp?.count ?? null) : null,
  title:
    ('voucher' in event ? event.voucher?.title : undefined) ??
    ('reward' in event ? event.reward?.title : undefined) ??
    ('lottery' in event ? event.lottery?.variant : undefined) ??
    null,
})
