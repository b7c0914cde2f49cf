import type { Bound, Found, Reads } from '../../src/db/database.js'
import type { OfferedCard } from '../conversation/customer-facts.js'
import type { KnownCustomer } from './customer-book.js'

/** A card that a guest may have, and who they become by it. */
export interface CardOffer {
  readonly card: OfferedCard
  readonly customerId: string
  readonly cardId: string
  readonly templateId: string
}

/** What giving the card comes to; the writes do it, in the batch that read the rows. */
export interface CardPlan {
  readonly customer: KnownCustomer
  readonly writes: readonly Bound<unknown>[]
}

/** Gives guests a card of the business's own. `main` gives the loyalty core's answers. */
export interface CardDesk<R extends Reads = Reads> {
  /** Null where a business has no cards of its own to give. The same chat is always offered the same card. */
  offer(businessId: string, chatId: string): Promise<CardOffer | null>
  /** The reads that together hold everything `give` needs. */
  reads(businessId: string, offer: CardOffer): R
  /** Pure. Null if the offer stands no longer. `name` is what the messenger calls the guest; `now` is Unix ms. */
  give(found: Found<R>, offer: CardOffer, name: string | null, now: number): CardPlan | null
  /** After the commit: those who are to hear of it hear of it at once. Never fails, never waits. */
  given(offer: CardOffer): void
}
