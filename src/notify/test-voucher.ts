import type { ChatStore } from '../../bots/chats/chat-store.js'
import type { Clock } from '../clock.js'
import type { Database } from '../db/database.js'
import { deliveryId, PRIORITY } from '../deliveries/delivery.js'
import type { Ledger } from '../deliveries/ledger.js'
import { uuidV5 } from '../ids.js'
import type { Signals } from '../queue/signals.js'
import type { MessageContent } from './content.js'

export interface TestVoucherNeeds {
  readonly db: Database
  readonly ledger: Ledger
  readonly chats: ChatStore
  readonly signals: Signals
  readonly clock: Clock
}

/** `planned`: it leaves within a second, and the ledger tells under this id what became of it. */
export type TestVoucher =
  | { readonly kind: 'planned'; readonly deliveryId: string }
  | { readonly kind: 'no_staff_chat' }
  /** Somebody said STOP there. */
  | { readonly kind: 'silenced' }

/**
 * Sends a voucher of nobody, told to be a test, into the staff chat that was used last: the way that a customer's takes,
 * through the ledger, the gate and the lane, but without an event, a customer or a voucher, so that nothing counts it.
 * `freshId` tells one test from the next.
 */
export const createTestVoucher =
  ({ db, ledger, chats, signals, clock }: TestVoucherNeeds) =>
  async (business: { readonly id: string; readonly name: string }, freshId: string): Promise<TestVoucher> => {
    const [chat] = await db.read(chats.latestStaffOf({ businessId: business.id }))
    if (!chat) return { kind: 'no_staff_chat' }
    if (chat.isStopped) return { kind: 'silenced' }
    const now = clock()
    const source = `test/${uuidV5(business.id, freshId)}`
    const id = deliveryId('test', source, chat.id, 'messengers')
    const planned = ledger.plan(
      {
        id,
        businessId: business.id,
        purpose: 'test',
        source,
        recipientKind: 'chat',
        recipientId: chat.id,
        class: 'service',
        lane: chat.lane,
        chatId: chat.id,
        priority: PRIORITY.event,
        dueAt: now,
        position: now,
        customerId: null,
        content: contentOf(business.name),
      },
      now,
    )
    await db.write(...planned)
    signals.publish('lane', chat.lane)
    return { kind: 'planned', deliveryId: id }
  }

const contentOf = (business: string): MessageContent => ({
  phrases: [{ key: 'sample.voucher', params: { business } }],
  picture: { kind: 'sample' },
  buttons: [[{ kind: 'copy', label: 'buttons.copyCode', text: 'TEST' }]],
})
