import type { Found, Reads } from '../../src/db/database.js'
import { foundOf, prefixed } from '../../src/events/applying.js'
import type { Incoming } from '../messenger.js'
import type { CardDesk, CardOffer, CardPlan } from './card-desk.js'

/** What the facts of a card for a guest are read from. */
export interface CardSources {
  readonly cardDesk: CardDesk
  readonly business: { readonly id: string }
}

const PREFIX = 'new card '

/** The reads of the batch that gives the card. */
export const cardReads = ({ cardDesk, business }: CardSources, offer: CardOffer | null): Reads =>
  offer === null ? {} : prefixed(PREFIX, cardDesk.reads(business.id, offer))

/** What giving the offered card comes to now; null if nothing is offered any more. */
export const planCard = (
  { cardDesk, business }: CardSources,
  offer: CardOffer | null,
  speaker: Incoming['speaker'],
  rows: Found<Reads>,
  now: number,
): CardPlan | null =>
  offer && cardDesk.give(foundOf(PREFIX, cardDesk.reads(business.id, offer), rows), offer, speaker?.name ?? null, now)
