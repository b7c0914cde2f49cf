import type { Bound, Found, Reads } from '../../src/db/database.js'
import type { Master } from '../../src/loyalty/master.js'
import type { CardChange, StampedCard } from '../conversation/staff/staff-facts.js'

/** A card as the loyalty core knows it. */
export interface KnownCard extends StampedCard {
  readonly master: Master
  readonly customerId: string
  readonly customerName: string | null
}

/** What a turn is to do at a card. */
export type CardDeed =
  | { readonly kind: 'look'; readonly cardId: string }
  /** The same key stamps once, whatever the count. */
  | { readonly kind: 'stamp'; readonly cardId: string; readonly count: number; readonly key: string }
  | { readonly kind: 'undo'; readonly stampId: string }

/** Who stamps, where and when. */
export interface Stamping {
  readonly businessId: string
  /** Null in a chat of one's own, which is the owner's. */
  readonly staffId: string | null
  /** Whom the very person who stamps is known as: their own cards somebody else stamps. */
  readonly theirCustomerIds: readonly string[]
  readonly locationId: string | null
  /** Unix ms */
  readonly now: number
}

/** What the deed comes to; the writes do it, in the batch that read the rows. */
export interface CardPlan {
  readonly change: CardChange
  readonly writes: readonly Bound<unknown>[]
}

/** A deed of which everything is looked up that other commands do not change. */
export interface PreparedCard<R extends Reads = Reads> {
  readonly customerId: string
  /** They lock the card, unless it is only looked at. */
  readonly reads: R
  /** Null for a card of nobody, or of somebody who is erased. */
  known(found: Found<R>): KnownCard | null
  /** Pure. Null if the card is only looked at, or is not ours to change. */
  plan(found: Found<R>, stamping: Stamping): CardPlan | null
}

/** What the staff chats ask about cards. `main` gives the loyalty core's answers. */
export interface CardBook {
  /** Ids of the cards of this business and its sisters that people know by this number: none, one, or two of many. */
  numbered(businessId: string, text: string): Promise<readonly string[]>
  /** Null for a card or stamp that is not of this business or its sisters. */
  prepare(businessId: string, deed: CardDeed): Promise<PreparedCard | null>
  /** After the commit: those who are to hear of it hear of it at once. Never fails, never waits. */
  changed(customerId: string): void
}
