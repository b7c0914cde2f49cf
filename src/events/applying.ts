import type { Bound, Found, Reads } from '../db/database.js'
import type { JournaledEvent } from './journaled-event.js'

/**
 * What applying an event consists of. One `atomically` holds all of it: the mirror's changes, the messages they cause and the
 * event's own state. Both parts are pure; `decide` may run again after a conflict.
 */

/** Keeps what is known of customers, cards and vouchers in step with the events. `News` is what is worth telling. */
export interface Mirror<R extends Reads, News> {
  /** The first read locks the customer, so that one customer's events apply one at a time in all processes. */
  reads(event: JournaledEvent): R
  decide(event: JournaledEvent, found: Found<R>, now: number): MirrorDecision<News>
}

export type MirrorDecision<News> =
  /** `news` is null when nobody needs to hear of it. */
  | { readonly kind: 'applied'; readonly writes: readonly Bound<unknown>[]; readonly news: News | null }
  /** Nothing is changed, on purpose. */
  | { readonly kind: 'ignored'; readonly reason: string }
  /** The person was erased: what the event says of them is forgotten as well. */
  | { readonly kind: 'erased' }

/** Writes the messages that news cause into the ledger. */
export interface Herald<R extends Reads, News> {
  reads(event: JournaledEvent): R
  decide(event: JournaledEvent, news: News, found: Found<R>, now: number): HeraldDecision
}

/** Sends applied events on to whoever asked for them, whether a person hears of them or not. */
export interface FanOut<R extends Reads> {
  reads(event: JournaledEvent): R
  decide(event: JournaledEvent, found: Found<R>, now: number): HeraldDecision
}

export interface HeraldDecision {
  readonly writes: readonly Bound<unknown>[]
  /** The lanes that have something new to send, woken after the commit when it is due. */
  readonly wakes: readonly LaneWake[]
}

export interface LaneWake {
  readonly lane: string
  /** Unix ms */
  readonly dueAt: number
}

/** The reads of two parts under one roof: each name gets its part's prefix, so that they cannot meet. */
export const prefixed = (prefix: string, reads: Reads): Reads =>
  Object.fromEntries(Object.entries(reads).map(([name, read]) => [prefix + name, read]))

/** The rows of one part out of all that was found. They answer `reads`, one by one, so they have the types of these. */
export const foundOf = <R extends Reads>(prefix: string, reads: R, found: Found<Reads>): Found<R> =>
  Object.fromEntries(Object.keys(reads).map((name) => [name, found[prefix + name]])) as Found<R>
