import type { CardRow } from '../loyalty-tables.js'
import { shortNumberOf } from '../numbers.js'
import { cardIn, type NamedCard } from '../subjects.js'
import { isGivenBack } from './given-back.js'
import { type Happened, momentIn } from './own-voucher.js'

/** A card of our own after an event; undefined for one that is 7stamp's again. */
export const ownCardAfter = (event: Happened, known: CardRow | undefined): CardRow | undefined => {
  const named = cardIn(event.payload)
  if (!named) return known
  switch (event.payload.event) {
    case 'card_issued':
      return isGivenBack(event) ? undefined : newCard(event, named)
    case 'stamp_added':
      return known && { ...known, ...countOf(event, named), touchedAt: touchedAt(event, known) }
    default:
      return known
  }
}

/** A mistake that is taken back is no use of the card, nor are the stamps that it is taken over with. */
const touchedAt = ({ payload, occurredAt }: Happened, known: CardRow): number =>
  payload.undoes === undefined && payload.adoption === undefined ? occurredAt : known.touchedAt

const countOf = ({ occurredAt }: Happened, named: NamedCard) => ({
  stamps: named.stamps ?? 0,
  goalIndex: named.goal_index ?? null,
  stampsTotal: named.stamps_total ?? 0,
  carriedAmount: named.carried_amount ?? 0,
  countsAt: occurredAt,
})

/** The card that `card_issued` brings into the world. */
export const issuedCard = (event: Happened): CardRow => {
  const named = cardIn(event.payload)
  if (!named) throw new Error(`${event.id} issues no card`)
  return newCard(event, named)
}

const newCard = (event: Happened, named: NamedCard): CardRow => ({
  id: named.id,
  businessId: event.businessId,
  customerId: event.customerId,
  externalId: named.external_id ?? null,
  master: 'own',
  templateExternalId: null,
  title: named.title ?? null,
  stampsGoal: named.stamps_goal ?? null,
  goals: named.goals ?? [],
  platform: named.platform ?? null,
  templateId: named.template_id ?? null,
  templateVersion: named.template_version ?? null,
  number: shortNumberOf(named.id),
  goalRewards: named.rewards ?? [],
  factTimes: {},
  increments: [],
  ...countOf(event, named),
  createdAt: momentIn(named.issued_at) ?? event.occurredAt,
  touchedAt: momentIn(named.last_used_at) ?? event.occurredAt,
})
