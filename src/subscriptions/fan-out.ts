import type { Bound } from '../db/database.js'
import { deliveryId, PRIORITY } from '../deliveries/delivery.js'
import type { Ledger, PlannedDelivery } from '../deliveries/ledger.js'
import type { FanOut } from '../events/applying.js'
import type { EventName } from '../events/glossary.js'
import { isWanted } from './subscription.js'
import type { SubscriptionStore } from './subscription-store.js'

export interface Listener {
  readonly id: string
  readonly lane: string
  readonly events: readonly EventName[] | null
}

interface FanOutReads {
  readonly [name: string]: Bound<readonly unknown[]>
  readonly listeners: Bound<readonly Listener[]>
}

/** Plans one delivery of an applied event for each subscription that wants such events, in the batch that applies it. */
export const createFanOut = (ledger: Ledger, store: SubscriptionStore): FanOut<FanOutReads> => ({
  reads: ({ businessId }) => ({ listeners: store.listening({ businessId }) }),
  decide: ({ id, seq, businessId, customerId, payload }, { listeners }, now) => {
    const wanting = listeners.filter(({ events }) => isWanted(events, payload.event))
    const told = { businessId, customerId, source: id, position: seq, now }
    return {
      writes: wanting.flatMap((listener) => ledger.plan(hookDelivery(listener, told), now)),
      wakes: wanting.map(({ lane }) => ({ lane, dueAt: now })),
    }
  },
})

/** The delivery of an event, a replay or a test. It holds ids; the body is made when it leaves. */
export const hookDelivery = (
  { id: recipientId, lane }: Pick<Listener, 'id' | 'lane'>,
  told: {
    readonly businessId: string
    readonly customerId: string | null
    readonly source: string
    readonly position: number
    readonly now: number
    readonly purpose?: 'event' | 'test'
  },
): PlannedDelivery => {
  const { businessId, customerId, source, position, now, purpose = 'event' } = told
  const id = deliveryId(purpose, source, recipientId, 'webhook')
  return {
    id,
    businessId,
    purpose,
    source,
    recipientKind: 'subscription',
    recipientId,
    channel: 'webhook',
    class: 'service',
    lane,
    // No chat, in which one message would wait for another: receivers put events in order by their time.
    chatId: id,
    // Nor does an event that waits for its next try stand before those that came after it.
    priority: PRIORITY.broadcast,
    dueAt: now,
    position,
    // Erasing the person cancels what has not left.
    customerId,
    content: { phrases: [] },
  }
}
