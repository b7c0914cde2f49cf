import type { ChatStore } from '../../bots/chats/chat-store.js'
import type { Clock } from '../clock.js'
import type { Database } from '../db/database.js'
import { deliveryId, PRIORITY } from '../deliveries/delivery.js'
import type { Ledger } from '../deliveries/ledger.js'
import type { Silence } from '../events/silence.js'
import type { Signals } from '../queue/signals.js'
import { sevenstampSilence } from './event-messages.js'

export interface SilenceAlertNeeds {
  readonly db: Database
  readonly ledger: Ledger
  readonly chats: ChatStore
  readonly signals: Signals
  readonly clock: Clock
}

interface SilentBusiness {
  readonly id: string
  readonly name: string
  readonly timeZone: string
}

/** Tells every staff chat of a business that 7stamp's webhooks have stopped; one silence is one message to each. */
export const createSilenceAlert =
  ({ db, ledger, chats, signals, clock }: SilenceAlertNeeds) =>
  async (business: SilentBusiness, { silentSince, usualGapMs }: Silence): Promise<void> => {
    const { content, class: consentClass } = sevenstampSilence(silentSince, usualGapMs, { business })
    const staffChats = await db.read(chats.staffOf({ businessId: business.id }))
    const source = `silence/${business.id}/${silentSince}`
    const now = clock()
    await db.write(
      ...staffChats.flatMap(({ id: chatId, lane }) =>
        ledger.plan(
          {
            id: deliveryId('alert', source, chatId, 'messengers'),
            businessId: business.id,
            purpose: 'alert',
            source,
            recipientKind: 'chat',
            recipientId: chatId,
            class: consentClass,
            lane,
            chatId,
            priority: PRIORITY.event,
            dueAt: now,
            position: now,
            customerId: null,
            content,
          },
          now,
        ),
      ),
    )
    for (const { lane } of staffChats) signals.publish('lane', lane)
  }
