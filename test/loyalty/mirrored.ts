import type { LoyaltyEvent } from '../../src/events/glossary.js'
import { customerIdOf, type EventOrigin, type JournaledEvent } from '../../src/events/journaled-event.js'
import { type Applied, applyEvent, type Known } from '../../src/loyalty/mirror.js'
import type { News } from '../../src/loyalty/transition.js'
import { type Frame, frame } from '../events/frames.js'
import { parse } from '../events/parsed-event.js'

const BUSINESS_ID = 'b_root'
export const NOW = Date.parse('2026-05-11T13:00:00Z')

/** `12:34:56` of the day on which the tests play. */
export const at = (time: string): string => `2026-05-11T${time}Z`

let events = 0

/** An event of the journal from a documented frame with changes to its blocks. */
export const event = (
  name: string,
  timestamp: string,
  blocks: Readonly<Record<string, unknown>> = {},
  origin: EventOrigin = '7stamp',
): JournaledEvent => journaled({ ...frame(name), timestamp, ...blocks }, origin)

/** The same without anything that the documented frame would bring along. */
export const bare = (name: string, timestamp: string, blocks: Readonly<Record<string, unknown>>): JournaledEvent =>
  journaled({ event: name, timestamp, business_id: 'b_123', customer: { id: 'c_789' }, ...blocks }, '7stamp')

const journaled = (json: Frame, origin: EventOrigin): JournaledEvent => {
  const payload: LoyaltyEvent = parse(json).event
  const occurredAt = Date.parse(payload.timestamp)
  return {
    id: `evt_${events++}`,
    seq: events,
    businessId: BUSINESS_ID,
    rootId: BUSINESS_ID,
    customerId: customerIdOf(BUSINESS_ID, payload.customer.id),
    origin,
    occurredAt,
    receivedAt: occurredAt + 500,
    payload,
  }
}

const NOBODY: Known = {
  customer: undefined,
  card: undefined,
  voucher: undefined,
  voucherNumber: 'AAAA-0000',
  locationName: null,
  hasTombstone: false,
  isDemoPerson: false,
  isAdopted: false,
}

/** A mirror of one customer with one card and one voucher, kept in memory. */
export const openMirror = (known: Partial<Known> = {}, now = NOW) => {
  let state: Known = { ...NOBODY, ...known }
  const news: News[] = []
  const apply = (one: JournaledEvent): Applied => {
    const applied = applyEvent(one, state, now)
    if (applied.kind !== 'applied') return applied
    const { customer, card = state.card, voucher = state.voucher } = applied
    state = { ...state, customer, card, voucher }
    if (applied.news) news.push(applied.news)
    return applied
  }
  return {
    apply,
    applyAll: (all: readonly JournaledEvent[]) => all.map(apply),
    news,
    transitions: () => news.map(({ transition }) => transition),
    get customer() {
      return state.customer
    },
    get card() {
      return state.card
    },
    get voucher() {
      return state.voucher
    },
  }
}
