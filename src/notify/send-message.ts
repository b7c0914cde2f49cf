import type { Bound, Database } from '../db/database.js'
import { deliveryId, PRIORITY } from '../deliveries/delivery.js'
import type { Ledger } from '../deliveries/ledger.js'
import type { Signals } from '../queue/signals.js'
import type { ConsentClass } from './consent-tables.js'

export interface MessageNeeds {
  readonly db: Database
  readonly ledger: Ledger
  readonly signals: Signals
  /** The customer's chats, the one they used last first. */
  readonly chatsOf: (values: {
    customerId: string
  }) => Bound<readonly { readonly id: string; readonly lane: string; readonly unreachable: string | null }[]>
}

export interface Message {
  readonly businessId: string
  readonly customerId: string
  readonly class: ConsentClass
  readonly text: string
  /** What it is known by: the same id is sent once. */
  readonly id: string
  /** Unix ms */
  readonly now: number
}

export type SentMessage =
  /** It leaves as soon as the gate lets it: somebody who said STOP, or no to marketing, does not hear it. */
  { readonly kind: 'planned'; readonly deliveryId: string } | { readonly kind: 'not_linked' }

/** Says one thing to one customer, through the ledger and the gate. */
export const createSendMessage =
  ({ db, ledger, signals, chatsOf }: MessageNeeds) =>
  async ({ businessId, customerId, class: consentClass, text, id, now }: Message): Promise<SentMessage> => {
    const chats = await db.read(chatsOf({ customerId }))
    const chat = chats.find(({ unreachable }) => unreachable === null)
    if (!chat) return { kind: 'not_linked' }
    const delivery = deliveryId('message', id, customerId, 'messengers')
    await db.write(
      ...ledger.plan(
        {
          id: delivery,
          businessId,
          purpose: 'message',
          source: id,
          recipientKind: 'customer',
          recipientId: customerId,
          class: consentClass,
          lane: chat.lane,
          chatId: chat.id,
          priority: PRIORITY.event,
          dueAt: now,
          position: now,
          customerId,
          content: { phrases: [{ text }] },
        },
        now,
      ),
    )
    signals.publish('lane', chat.lane)
    return { kind: 'planned', deliveryId: delivery }
  }
