import { assertNever } from '../errors.js'
import type { EventName, EventOf } from '../events/glossary.js'
import type { JournaledEvent } from '../events/journaled-event.js'
import { cardAfter } from './card.js'
import { customerAfter } from './customer.js'
import { cardFacts, voucherFacts } from './facts.js'
import { lotteryResultOf } from './lottery.js'
import type { CardRow, CustomerRow, VoucherRow } from './loyalty-tables.js'
import { masterOf } from './master.js'
import { cardThen, voucherThen } from './own/own-news.js'
import type { Lottery, News, Transition, VoucherState } from './transition.js'
import { voucherAfter } from './voucher.js'

/** What the mirror holds of an event's subjects before it is applied. */
export interface Known {
  readonly customer: CustomerRow | undefined
  readonly card: CardRow | undefined
  readonly voucher: VoucherRow | undefined
  /** The number that the voucher gets if it is new. */
  readonly voucherNumber: string
  readonly locationName: string | null
  /** Somebody with the same external id, phone or email was erased. */
  readonly hasTombstone: boolean
  /** Marks a customer who is new. */
  readonly isDemoPerson: boolean
  /** All their cards of 7stamp's were taken over; false where the event names a card, which tells by itself. */
  readonly isAdopted: boolean
}

/** What an event makes of the mirror. */
export type Applied =
  | ({ readonly kind: 'applied'; readonly news: News | null } & Mirrored)
  /** Nothing changes: what it is about has another master. */
  | { readonly kind: 'ignored'; readonly reason: string }
  /** The person was erased: nothing is stored of them again, and nobody is told. */
  | { readonly kind: 'erased' }

/** The subjects after the event. A row that it does not change is the very row that was known. */
interface Mirrored {
  readonly customer: CustomerRow
  /** Undefined if the event names none. */
  readonly card: CardRow | undefined
  readonly voucher: VoucherRow | undefined
}

const STALE_AFTER_MS = 6 * 3_600_000

/**
 * Applies one event to the mirror. Events may come in any order and more than once: the mirror ends up the same, and each
 * thing that happened is news once.
 */
export const applyEvent = (event: JournaledEvent, known: Known, now: number): Applied => {
  // Whoever is known goes on: only the erased person is not to be created anew under another id.
  const isErased = known.customer ? known.customer.erasedAt !== null : known.hasTombstone
  if (isErased) return { kind: 'erased' }
  const reason = foreignSubject(event, known)
  if (reason !== null) return { kind: 'ignored', reason }
  if (masterOf(event.origin) === 'own') return tellOwn(event, known, now)
  const mirrored = {
    customer: customerAfter(event, known, now),
    card: cardAfter(event, known.card, now),
    voucher: voucherAfter(event, known.voucher, known.voucherNumber, now),
  }
  const news = isNews(event, known, mirrored) ? newsOf(event, known.locationName, mirrored, now) : null
  return { kind: 'applied', ...mirrored, news }
}

/** Why it is not for the sender to say: what is issued here is not changed by 7stamp, nor the other way round. */
const foreignSubject = ({ origin, payload }: JournaledEvent, { card, voucher, isAdopted }: Known): string | null => {
  if (masterOf(origin) === '7stamp') {
    // 7stamp can only mean what was taken over from it: whatever it says of that is told by us now.
    const isOurs = card?.master === 'own' || voucher?.master === 'own' || (isAdopted && voucher === undefined)
    return isOurs ? MANAGED_BY_OWN : null
  }
  return mainSubject(payload.event, { card, voucher })?.master === '7stamp' ? 'managed_by_7stamp' : null
}

/** Why an event of 7stamp's about what was taken over from it changes nothing. */
export const MANAGED_BY_OWN = 'managed_by_own'

const mainSubject = (name: EventName, { card, voucher }: Pick<Known, 'card' | 'voucher'>) => {
  switch (name) {
    case 'card_issued':
    case 'card_saved':
    case 'card_opened':
    case 'stamp_added':
    case 'goal_reached':
      return card
    case 'voucher_issued':
    case 'voucher_redeemed':
    case 'voucher_expired':
      return voucher
    case 'reward_issued':
    case 'lottery_played':
    case 'birthday_reached':
    case 'inactivity_trigger':
    case 'campaign_sent':
      return undefined
    default:
      return assertNever(name)
  }
}

/** Ours has changed the rows already, in the batch that put it into the journal: now it is told. */
const tellOwn = (event: JournaledEvent, known: Known, now: number): Applied => {
  const { customer, card, voucher } = known
  if (!customer) return { kind: 'ignored', reason: 'customer_gone' }
  const then = { customer, card: card && cardThen(event, card), voucher: voucher && voucherThen(event, voucher) }
  return { kind: 'applied', customer, card, voucher, news: newsOf(event, known.locationName, then, now) }
}

const newsOf = (event: JournaledEvent, locationName: string | null, subjects: Mirrored, now: number): News | null => {
  const transition = transitionOf(event, subjects)
  if (!transition) return null
  const { customer, card } = subjects
  return {
    transition,
    isStale: now - event.occurredAt > STALE_AFTER_MS,
    customer: { id: customer.id, name: customer.name, language: customer.language, isDemo: customer.isDemo },
    cardId: card?.id ?? null,
    locationName,
  }
}

/** Whether the event changed something in truth, or only repeats, or comes after something that outdates it. */
const isNews = ({ payload: { event } }: JournaledEvent, known: Known, { card, voucher }: Mirrored): boolean => {
  switch (event) {
    case 'card_issued':
      return !known.card
    case 'stamp_added':
      return card !== undefined && isCountedAnew(card, known.card)
    case 'voucher_issued':
      return voucher !== undefined && isIssuedNow(voucher, known.voucher)
    case 'voucher_redeemed':
      return voucher !== undefined && isNowIn('redeemed', voucher, known.voucher)
    case 'voucher_expired':
      return voucher !== undefined && isNowIn('expired', voucher, known.voucher)
    case 'card_saved':
    case 'card_opened':
    case 'goal_reached':
    case 'reward_issued':
    case 'lottery_played':
    case 'birthday_reached':
    case 'inactivity_trigger':
    case 'campaign_sent':
      return true
    default:
      return assertNever(event)
  }
}

/** What happened, with the subjects as they are after it; null if what it is about is not known. */
const transitionOf = (event: JournaledEvent, { card, voucher }: Mirrored): Transition | null => {
  const { payload } = event
  switch (payload.event) {
    case 'card_issued':
    case 'card_saved':
    case 'card_opened':
      return card ? { event: payload.event, card: cardFacts(card) } : null
    case 'stamp_added':
      return card ? { event: payload.event, card: cardFacts(card), added: payload.stamp?.count ?? null } : null
    case 'goal_reached':
      return card ? { event: payload.event, card: cardFacts(card), reward: rewardTitle(payload) } : null
    case 'reward_issued':
      return { event: payload.event, reward: { type: payload.reward?.type ?? 'unknown', title: rewardTitle(payload) } }
    case 'voucher_issued':
    case 'voucher_redeemed':
    case 'voucher_expired':
      return voucher ? { event: payload.event, voucher: voucherFacts(voucher) } : null
    case 'lottery_played':
      return { event: payload.event, lottery: lotteryOf(payload, voucher !== undefined) }
    case 'birthday_reached':
      return { event: payload.event }
    case 'inactivity_trigger':
      return { event: payload.event, card: card ? cardFacts(card) : null }
    case 'campaign_sent':
      return {
        event: payload.event,
        origin: event.origin,
        text: payload.campaign?.text ?? payload.campaign?.push_text ?? null,
      }
    default:
      return assertNever(payload)
  }
}

/** A count that was outdated before it arrived is no news: whatever outdated it has been told. */
const isCountedAnew = (card: CardRow, known: CardRow | undefined): boolean =>
  card.stamps !== known?.stamps ||
  card.countsAt !== known.countsAt ||
  card.increments.length !== known.increments.length

/** The first time its own event is heard, unless it is over already. */
const isIssuedNow = ({ state }: VoucherRow, known: VoucherRow | undefined): boolean =>
  (known?.issuedAt ?? null) === null && (state === 'issued' || state === 'active')

const isNowIn = (state: VoucherState, voucher: VoucherRow, known: VoucherRow | undefined): boolean =>
  voucher.state === state && known?.state !== state

const rewardTitle = (payload: EventOf<'goal_reached' | 'reward_issued'>): string | null =>
  payload.reward?.title ?? payload.voucher?.title ?? null

const lotteryOf = ({ lottery }: EventOf<'lottery_played'>, hasVoucher: boolean): Lottery => ({
  result: lotteryResultOf(lottery?.result, hasVoucher),
  title: lottery?.variant ?? null,
  greeting: lottery?.greeting ?? null,
})
