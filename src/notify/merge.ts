import { rankOf } from './visit.js'
import type { VisitNews } from './visit-news.js'

/** News that waits to be told, with the delivery it was planned as and when. */
export interface HeldNews {
  readonly deliveryId: string
  /** Unix ms */
  readonly plannedAt: number
  readonly news: VisitNews
}

/** A pending delivery that tells of a visit. */
export interface OpenVisit {
  readonly id: string
  readonly lane: string
  readonly chatId: string
  /** In the order it was heard of. */
  readonly visit: readonly HeldNews[] | null
}

/** How long a message of a visit is held, so that what comes with it can join. */
export const HOLD_MS = 2_000
/** What comes later than this after a visit's first news is another visit. */
export const VISIT_MS = 10_000

/** `visit` is what the message says then, in the order it was heard of. */
export type Merge<Open extends OpenVisit> =
  /** Nothing waits that it belongs to. */
  | { readonly kind: 'none' }
  /** It is said by what waits. */
  | { readonly kind: 'fold'; readonly into: Open; readonly visit: readonly HeldNews[] }
  /** It is richer than what waits, and says that too. */
  | { readonly kind: 'lead'; readonly over: Open; readonly visit: readonly HeldNews[] }

/**
 * Decides which message tells of `fresh` news to a chat, given the messages about the same card that wait. A message shows one
 * voucher at most: its picture is what is scanned, and what is edited when the voucher is redeemed.
 */
export const planMerge = <Open extends OpenVisit>(
  fresh: HeldNews,
  to: { readonly lane: string; readonly chatId: string },
  open: readonly Open[],
): Merge<Open> => {
  const waiting = open.findLast((each) => each.lane === to.lane && each.chatId === to.chatId && mayJoin(fresh, each))
  if (!waiting?.visit) return { kind: 'none' }
  const visit = [...waiting.visit, fresh]
  return leaderOf(visit).deliveryId === fresh.deliveryId
    ? { kind: 'lead', over: waiting, visit }
    : { kind: 'fold', into: waiting, visit }
}

/** The news whose delivery carries the visit: the richest, and of two as rich the first. */
export const leaderOf = (visit: readonly HeldNews[]): HeldNews =>
  visit.reduce((richest, held) => (rankOf(held.news) < rankOf(richest.news) ? held : richest))

const mayJoin = ({ news, plannedAt }: HeldNews, { visit }: OpenVisit): boolean => {
  const [first] = visit ?? []
  if (!visit || !first || plannedAt - first.plannedAt > VISIT_MS) return false
  return !(isVoucher(news) && visit.some((held) => isVoucher(held.news)))
}

const isVoucher = ({ event }: VisitNews): boolean => event === 'voucher_issued'
