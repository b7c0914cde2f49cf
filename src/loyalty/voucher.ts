import type { LoyaltyEvent } from '../events/glossary.js'
import type { JournaledEvent } from '../events/journaled-event.js'
import { AS_A_GUESS, freshest } from './freshness.js'
import type { VoucherRow } from './loyalty-tables.js'
import { masterOf } from './master.js'
import { cardIdOf, type NamedVoucher, voucherIdOf, voucherIn } from './subjects.js'
import type { VoucherState } from './transition.js'

/**
 * The voucher that the event names, after it; the very row that was known if it says nothing new. Undefined if it names none,
 * and for a voucher that is not its to change. `number` is given to a new one.
 */
export const voucherAfter = (
  event: JournaledEvent,
  known: VoucherRow | undefined,
  number: string,
  now: number,
): VoucherRow | undefined => {
  const named = voucherIn(event.payload)
  if (!named || (known && known.master !== masterOf(event.origin))) return undefined
  const before = known ?? newVoucher(event, named, number, now)
  const facts = factsAfter(event, named, before)
  const state = stateAfter(before, stateSaidBy(event.payload, named), event.occurredAt)
  const issuedAt =
    event.payload.event === 'voucher_issued' ? earlier(before.issuedAt, event.occurredAt) : before.issuedAt
  const isSame = facts === before && state === before && issuedAt === before.issuedAt
  return isSame ? before : { ...before, ...factsOf(facts), factTimes: facts.factTimes, ...stateOf(state), issuedAt }
}

const factsAfter = (event: JournaledEvent, named: NamedVoucher, before: VoucherRow): VoucherRow => {
  const sure = freshest(factsOf(before), before.factTimes, saidOf(event, named), event.occurredAt)
  const facts = { ...factsOf(before), ...sure.fields }
  const guessed = freshest(facts, sure.times, guessesOf(event.payload), AS_A_GUESS)
  if (guessed.times === before.factTimes) return before
  return { ...before, ...facts, ...guessed.fields, factTimes: guessed.times }
}

const factsOf = (voucher: VoucherRow) => {
  const { customerId, cardId, title, description, redeemCode, redeemCodeFormats, expiresAt, redeemedVia } = voucher
  return { customerId, cardId, title, description, redeemCode, redeemCodeFormats, expiresAt, redeemedVia }
}

const saidOf = ({ businessId, customerId, payload }: JournaledEvent, named: NamedVoucher) => ({
  customerId,
  cardId: payload.card?.id === undefined ? undefined : cardIdOf(businessId, payload.card.id),
  title: named.title,
  description: named.description,
  redeemCode: named.redeem_code,
  redeemCodeFormats: named.redeem_code_formats,
  expiresAt: named.expires_at === undefined ? undefined : Date.parse(named.expires_at),
  redeemedVia: named.redeemed_via,
})

/** Until its own event names it, a voucher is called what the prize or reward is called. */
const guessesOf = (payload: LoyaltyEvent) => {
  const prize = 'lottery' in payload ? payload.lottery?.variant : undefined
  const reward = 'reward' in payload ? payload.reward?.title : undefined
  return { title: prize ?? reward }
}

/** Later states outrank earlier ones whenever they are heard of. What was redeemed had not expired, whatever a clock says. */
const RANK: Readonly<Record<VoucherState, number>> = { issued: 0, active: 1, expired: 2, redeemed: 3 }

type State = Pick<VoucherRow, 'state' | 'stateAt'>

const stateAfter = (known: State, said: VoucherState, at: number): State => {
  const rise = RANK[said] - RANK[known.state]
  if (rise > 0) return { state: said, stateAt: at }
  return rise === 0 && at < known.stateAt ? { state: said, stateAt: at } : known
}

const stateOf = ({ state, stateAt }: State): State => ({ state, stateAt })

const stateSaidBy = (payload: LoyaltyEvent, named: NamedVoucher): VoucherState => {
  switch (payload.event) {
    case 'voucher_issued':
      return named.status === 'active' ? 'active' : 'issued'
    case 'voucher_redeemed':
      return 'redeemed'
    case 'voucher_expired':
      return 'expired'
    default:
      return named.status ?? 'issued'
  }
}

const earlier = (known: number | null, at: number): number => (known === null ? at : Math.min(known, at))

const newVoucher = (event: JournaledEvent, named: NamedVoucher, number: string, now: number): VoucherRow => ({
  id: voucherIdOf(event.businessId, named.id),
  businessId: event.businessId,
  customerId: event.customerId,
  externalId: named.id,
  master: masterOf(event.origin),
  number,
  cardId: null,
  title: null,
  description: null,
  redeemCode: null,
  redeemCodeFormats: [],
  expiresAt: null,
  redeemedVia: null,
  templateId: null,
  redemption: null,
  factTimes: {},
  state: 'issued',
  stateAt: event.occurredAt,
  issuedAt: null,
  createdAt: now,
})
