import type { Bound, Found, Reads } from '../../src/db/database.js'
import { foundOf, prefixed } from '../../src/events/applying.js'
import type { AtCounter, Cashier, FoundCard, FoundVoucher, Till } from '../conversation/staff/staff-facts.js'
import type { CardPlan } from './card-book.js'
import type { ChatRow } from './chat-store.js'
import { lookupsLeft } from './counter-store.js'
import type { CounterPreparation, CounterSources } from './prepare-counter.js'
import type { RedemptionPlan } from './voucher-book.js'

const PREFIX = 'counter '

/** The reads of the batch; they lock the voucher, or the card that is to change. */
export const counterReads = (
  { vouchers, counter, business }: CounterSources,
  prepared: CounterPreparation | null,
): Reads => {
  if (prepared === null) return {}
  const {
    shown,
    places: [place],
    card,
  } = prepared
  return {
    [`${PREFIX}shown`]: shown === null ? null : counter.showingByToken({ businessId: business.id, tokenHash: shown }),
    [`${PREFIX}guesses`]: counter.wrongLookups({ chatId: prepared.chatId }),
    ...(place && prefixed(PREFIX, vouchers.reads(place))),
    ...(card && prefixed(PREFIX, card.reads)),
  }
}

/** Pure. A number that does not exist and one of another business lead to nothing: the two cannot be told apart. */
export const counterFacts = (
  sources: CounterSources,
  prepared: CounterPreparation,
  chat: ChatRow,
  rows: Found<Reads>,
  now: number,
): AtCounter => {
  const [guesses] = (rows[`${PREFIX}guesses`] ?? []) as readonly { guesses: number; since: number }[]
  const over = prepared.shown === null ? null : whyOver(prepared, rows, now)
  return {
    found: over === null ? (foundCard(prepared, rows) ?? foundVoucher(sources, prepared, rows)) : { kind: over },
    isShown: prepared.shown !== null && over === null,
    lookupsLeft: lookupsLeft(guesses, now),
    till: tillOf(sources, prepared, chat, now),
    redemption: prepared.redeems ? (planRedemption(sources, prepared, chat, rows, now)?.redemption ?? null) : null,
    change: planCardChange(sources, prepared, chat, rows, now)?.change ?? null,
  }
}

const tillOf = ({ messenger }: CounterSources, prepared: CounterPreparation, chat: ChatRow, now: number): Till => {
  if (chat.sharedLocationId === null) return { kind: 'own' }
  return {
    kind: 'shared',
    cashier: cashierNow(prepared, chat, now),
    typed: prepared.typed,
    removesPins: messenger.remove !== undefined && chat.isPrivate,
  }
}

/** Whom the locked row of the device names still, if its time is not over. */
const cashierNow = ({ cashier }: CounterPreparation, chat: ChatRow, now: number): Cashier | null =>
  cashier !== null && cashier.staffId === chat.cashierId && (chat.cashierUntil ?? 0) > now ? cashier : null

/** What a customer shows is found for two minutes, and in one staff chat. */
const whyOver = ({ chatId }: CounterPreparation, rows: Found<Reads>, now: number): 'late' | 'used' | null => {
  const [shown] = (rows[`${PREFIX}shown`] ?? []) as readonly { expiresAt: number; takenBy: string | null }[]
  if (shown && shown.takenBy !== null && shown.takenBy !== chatId) return 'used'
  return shown && shown.expiresAt > now ? null : 'late'
}

/** The writes that use up what a customer shows. */
export const takeShown = ({ counter, business }: CounterSources, prepared: CounterPreparation | null, now: number) => {
  const writes: readonly Bound<unknown>[] =
    prepared === null || prepared.shown === null
      ? []
      : counter.change(
          { kind: 'take', tokenHash: prepared.shown },
          { businessId: business.id, chatId: prepared.chatId },
          now,
        )
  return writes
}

const foundVoucher = (
  { vouchers }: CounterSources,
  { places: [place, another], theirCustomerIds }: CounterPreparation,
  rows: Found<Reads>,
): FoundVoucher => {
  if (another) return { kind: 'shared_code' }
  const known = place && vouchers.known(foundOf(PREFIX, vouchers.reads(place), rows))
  if (!known) return { kind: 'nothing' }
  const { facts, stateAt, customerId, customerName } = known
  return {
    kind: 'voucher',
    voucher: { ...facts, stateAt, customerName, isTheirOwn: theirCustomerIds.includes(customerId) },
  }
}

/** Null if no card was named, or one that is not there any more. */
const foundCard = ({ card, isSharedNumber }: CounterPreparation, rows: Found<Reads>): FoundCard | null => {
  if (isSharedNumber) return { kind: 'shared_number' }
  const known = card?.known(foundOf(PREFIX, card.reads, rows)) ?? null
  return known && { kind: 'card', card: known }
}

/** What giving the card stamps, or taking them back, comes to now; null if that was not asked for. */
export const planCardChange = (
  { business }: CounterSources,
  prepared: CounterPreparation,
  chat: ChatRow,
  rows: Found<Reads>,
  now: number,
): CardPlan | null => {
  const { card, theirCustomerIds } = prepared
  if (card === null) return null
  return card.plan(foundOf(PREFIX, card.reads, rows), {
    businessId: business.id,
    staffId: cashierNow(prepared, chat, now)?.staffId ?? null,
    theirCustomerIds,
    locationId: chat.sharedLocationId,
    now,
  })
}

/** What redeeming the one voucher that was named comes to now; null if there is none. */
export const planRedemption = (
  { vouchers, business }: CounterSources,
  prepared: CounterPreparation,
  chat: ChatRow,
  rows: Found<Reads>,
  now: number,
): RedemptionPlan | null => {
  const {
    places: [place, another],
    theirCustomerIds,
  } = prepared
  if (place === undefined || another !== undefined) return null
  return vouchers.redeem(foundOf(PREFIX, vouchers.reads(place), rows), {
    businessId: business.id,
    staffId: cashierNow(prepared, chat, now)?.staffId ?? null,
    theirCustomerIds,
    locationId: chat.sharedLocationId,
    now,
  })
}
