import { deliveryId, PRIORITY } from '../deliveries/delivery.js'
import type { Ledger, PlannedDelivery } from '../deliveries/ledger.js'
import type { HeraldDecision } from '../events/applying.js'
import type { JournaledEvent } from '../events/journaled-event.js'
import type { News } from '../loyalty/transition.js'
import type { PlannedMessage } from './event-messages.js'
import type { MessageFacts } from './message-facts.js'

/** An event that is being told. */
export interface Telling {
  readonly event: JournaledEvent
  readonly news: News
  readonly facts: MessageFacts
  readonly now: number
  readonly ledger: Ledger
}

/** Whom a delivery goes to, and where. */
export type To = Pick<PlannedDelivery, 'recipientKind' | 'recipientId' | 'lane' | 'chatId'>

/** One event says at most this many things to one person; their order is the deliveries' `position`. */
const POSITIONS_PER_EVENT = 8

export const NOTHING: HeraldDecision = { writes: [], wakes: [] }

/** All of them as one decision; what several wake is woken once. */
export const combine = (decisions: readonly HeraldDecision[]): HeraldDecision => ({
  writes: decisions.flatMap(({ writes }) => writes),
  wakes: [...new Map(decisions.flatMap(({ wakes }) => wakes.map((wake) => [JSON.stringify(wake), wake]))).values()],
})

/** The delivery of one message, due now, but for what identifies it. */
export const draft = (
  { event, news, now }: Telling,
  message: PlannedMessage,
  ordinal: number,
  to: To,
): Omit<PlannedDelivery, 'id' | 'source'> => ({
  ...to,
  businessId: event.businessId,
  purpose: message.purpose,
  class: message.class,
  priority: PRIORITY.event,
  dueAt: now,
  position: event.seq * POSITIONS_PER_EVENT + ordinal,
  voucherId: message.content.picture?.kind === 'voucher' ? message.content.picture.voucherId : null,
  cardId: news.cardId,
  customerId: event.customerId,
  content: message.content,
})

/** The delivery of one message that the event itself is the source of. */
export const deliveryOf = (telling: Telling, message: PlannedMessage, ordinal: number, to: To): PlannedDelivery => ({
  ...draft(telling, message, ordinal, to),
  id: deliveryId(message.purpose, telling.event.id, to.recipientId, 'messengers'),
  source: telling.event.id,
})

/** Notes in the ledger why nobody hears of it. */
export const skipNews = ({ now, ledger }: Telling, delivery: PlannedDelivery, reason: string): HeraldDecision => ({
  writes: [ledger.planSkipped(delivery, reason, now)],
  wakes: [],
})

/** Plans a delivery, or notes that it came too late to be news. */
export const planNews = (telling: Telling, delivery: PlannedDelivery): HeraldDecision => {
  const { news, now, ledger } = telling
  if (news.isStale) return skipNews(telling, delivery, 'stale')
  return { writes: ledger.plan(delivery, now), wakes: [{ lane: delivery.lane, dueAt: delivery.dueAt }] }
}
