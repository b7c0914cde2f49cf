import { type DeliveryState, deliveryId, type Purpose, type RecipientKind } from '../deliveries/delivery.js'
import type { PlannedDelivery } from '../deliveries/ledger.js'
import type { HeraldDecision } from '../events/applying.js'
import type { PlannedMessage } from './event-messages.js'
import { type OpenDelivery, tellWithoutVoucher } from './tell-visit.js'
import { combine, draft, NOTHING, type Telling } from './telling.js'
import { linesBesideLeader } from './visit.js'

/** A message that shows the voucher, perhaps beside other news of a visit. */
export interface VoucherMessage extends OpenDelivery {
  readonly purpose: Purpose
  readonly state: DeliveryState
  readonly recipientKind: RecipientKind
  readonly recipientId: string
}

/** A voucher asked for again and again is edited where it was shown last. */
const MOST_EDITS = 10

/**
 * Brings the messages that show the voucher up to date: one that has not begun is taken back, one that may be in a chat is
 * edited there, however late the news is. What else they say of a visit stays said.
 */
export const editVouchers = (
  telling: Telling,
  message: PlannedMessage,
  ordinal: number,
  shown: readonly VoucherMessage[],
): HeraldDecision => combine(shown.slice(-MOST_EDITS).map((each) => editOne(telling, message, ordinal, each)))

const editOne = (telling: Telling, message: PlannedMessage, ordinal: number, shown: VoucherMessage): HeraldDecision => {
  const { id, state, recipientKind, recipientId, lane, chatId } = shown
  const { event, now, ledger } = telling
  switch (state) {
    case 'pending': {
      const taken = { writes: [ledger.cancel({ id, reason: 'superseded', now })], wakes: [] }
      return combine([taken, tellWithoutVoucher(telling, shown)])
    }
    case 'failed':
    case 'skipped':
    case 'cancelled':
      return NOTHING
    default: {
      const source = `${event.id}/${id}`
      const edit: PlannedDelivery = {
        ...draft(telling, message, ordinal, { recipientKind, recipientId, lane, chatId }),
        id: deliveryId('edit', source, recipientId, 'messengers'),
        source,
        editsId: id,
        content: { ...message.content, phrases: [...message.content.phrases, ...otherLines(shown)] },
      }
      return { writes: ledger.plan(edit, now), wakes: [{ lane, dueAt: now }] }
    }
  }
}

const otherLines = ({ visit }: VoucherMessage) =>
  visit === null || visit.length === 0 ? [] : linesBesideLeader(visit.map(({ news }) => news))
