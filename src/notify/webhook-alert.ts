import { deliveryId, PRIORITY } from '../deliveries/delivery.js'
import type { PlannedDelivery } from '../deliveries/ledger.js'

export interface DisabledWebhook {
  readonly id: string
  readonly business: { readonly id: string; readonly name: string; readonly timeZone: string }
  /** Where it led, as staff know it. */
  readonly host: string
  /** The receiver said that it is gone, or nothing got through since `since` (Unix ms). */
  readonly cause: { readonly kind: 'gone' } | { readonly kind: 'failing'; readonly since: number }
  /** Unix ms */
  readonly disabledAt: number
}

/** Tells every staff chat that nothing is sent to a webhook any more; disabled once, it is told once. */
export const webhookAlert = (
  { id, business, host, cause, disabledAt }: DisabledWebhook,
  staffChats: readonly { readonly id: string; readonly lane: string }[],
): readonly PlannedDelivery[] => {
  const source = `webhook/${id}/${disabledAt}`
  const params = { business: business.name, host }
  const phrase =
    cause.kind === 'gone'
      ? { key: 'alerts.webhookGone', params }
      : {
          key: 'alerts.webhookFailing',
          params: { ...params, since: { date: cause.since, timeZone: business.timeZone, withTime: true } },
        }
  return staffChats.map(({ id: chatId, lane }) => ({
    id: deliveryId('alert', source, chatId, 'messengers'),
    businessId: business.id,
    purpose: 'alert',
    source,
    recipientKind: 'chat',
    recipientId: chatId,
    class: 'service',
    lane,
    chatId,
    priority: PRIORITY.event,
    dueAt: disabledAt,
    position: disabledAt,
    customerId: null,
    content: { phrases: [phrase] },
  }))
}
