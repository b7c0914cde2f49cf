import { type GateCheck, PASS } from '../deliveries/gate.js'
import type { DisabledReason } from './subscription.js'
import type { SubscriptionStore } from './subscription-store.js'

/** Nothing leaves for a subscription that was removed or disabled; a test may, to see whether it works again. */
export const createWebhookGate = (
  store: SubscriptionStore,
): GateCheck<{ id: string; disabledReason: DisabledReason | null }[]> => ({
  name: 'subscription',
  read: (batch) => store.forGate({ ids: JSON.stringify(batch.map(({ recipientId }) => recipientId)) }),
  judge: (rows) => {
    const found = new Map(rows.map((row) => [row.id, row]))
    return ({ recipientId, purpose }) => {
      const subscription = found.get(recipientId)
      if (!subscription) return { kind: 'skip', reason: 'subscription_removed' }
      const isOff = subscription.disabledReason !== null && purpose !== 'test'
      return isOff ? { kind: 'skip', reason: 'subscription_disabled' } : PASS
    }
  },
})
