import type { Bound } from '../db/database.js'
import { type DeliveryState, deliveryId, PRIORITY, type Purpose, type RecipientKind } from '../deliveries/delivery.js'
import type { Ledger, PlannedDelivery } from '../deliveries/ledger.js'
import type { Herald, HeraldDecision } from '../events/applying.js'
import type { JournaledEvent } from '../events/journaled-event.js'
import type { News } from '../loyalty/transition.js'
import { type MessageFacts, messagesFor, type PlannedMessage } from './event-messages.js'
import { HEARS_UNLESS_CHOSEN, type Hears, wantsToHear } from './hears.js'

/** A chat that may be written to. */
interface Reader {
  readonly id: string
  readonly lane: string
}

interface VoucherMessage extends Reader {
  readonly purpose: Purpose
  readonly state: DeliveryState
  readonly recipientKind: RecipientKind
  readonly recipientId: string
  readonly chatId: string
}

interface HeraldReads {
  readonly [name: string]: Bound<readonly unknown[]> | null
  readonly business: Bound<readonly { readonly name: string; readonly timeZone: string }[]>
  readonly chats: Bound<readonly (Reader & { readonly unreachable: string | null })[]>
  readonly staffChats: Bound<readonly Reader[]>
  readonly voucherMessages: Bound<readonly VoucherMessage[]> | null
  readonly hears: Bound<readonly { readonly hears: Hears }[]>
}

export interface HeraldOptions {
  readonly ledger: Ledger
  readonly businessById: (values: { id: string }) => HeraldReads['business']
  readonly chatsOf: (values: { customerId: string }) => HeraldReads['chats']
  readonly staffChatsOf: (values: { businessId: string }) => HeraldReads['staffChats']
  readonly hearsOf: (values: { customerId: string }) => HeraldReads['hears']
  readonly voucherIdOf: (event: JournaledEvent) => string | null
}

/** One event says at most this many things to one person; their order is the deliveries' `position`. */
const POSITIONS_PER_EVENT = 8
/** A voucher asked for again and again is edited where it was shown last. */
const MOST_EDITS = 10

/** Turns what happened into deliveries: one for each person and cause, planned in the batch that applies the event. */
export const createHerald = (options: HeraldOptions): Herald<HeraldReads, News> => ({
  reads: (event) => {
    const voucherId = options.voucherIdOf(event)
    return {
      business: options.businessById({ id: event.businessId }),
      chats: options.chatsOf({ customerId: event.customerId }),
      staffChats: options.staffChatsOf({ businessId: event.rootId }),
      hears: options.hearsOf({ customerId: event.customerId }),
      voucherMessages: voucherId === null ? null : options.ledger.messagesOfVoucher({ voucherId }),
    }
  },
  decide: (event, news, found, now) => {
    const [business] = found.business
    if (!business) return { writes: [], lanes: [] }
    const facts: MessageFacts = {
      business,
      customerName: news.customer.name,
      locationName: news.locationName,
      at: event.occurredAt,
    }
    const reader = found.chats.find((chat) => chat.unreachable === null)
    const hears = found.hears[0]?.hears ?? HEARS_UNLESS_CHOSEN
    const telling = { event, news, now, ledger: options.ledger, isWanted: wantsToHear(hears, news.transition.event) }
    return combine(
      messagesFor(news.transition, facts).map((message, ordinal) => {
        if (message.purpose === 'edit') return editAll(telling, message, ordinal, found.voucherMessages)
        if (message.audience === 'staff') return tellStaff(telling, message, ordinal, found.staffChats)
        return reader ? tellCustomer(telling, message, ordinal, reader) : NOTHING
      }),
    )
  },
})

const NOTHING: HeraldDecision = { writes: [], lanes: [] }

const combine = (decisions: readonly HeraldDecision[]): HeraldDecision => ({
  writes: decisions.flatMap(({ writes }) => writes),
  lanes: [...new Set(decisions.flatMap(({ lanes }) => lanes))],
})

interface Telling {
  readonly event: JournaledEvent
  readonly news: News
  readonly now: number
  readonly ledger: Ledger
  /** Whether the customer has chosen to hear of such an event. */
  readonly isWanted: boolean
}

type To = Pick<PlannedDelivery, 'recipientKind' | 'recipientId' | 'lane' | 'chatId'>

const draft = (
  { event, now }: Telling,
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
  customerId: event.customerId,
  content: message.content,
})

/** Plans one message, or notes why it is not told: it came too late to be news, or its reader has chosen so. */
const plan = (telling: Telling, message: PlannedMessage, ordinal: number, to: To): HeraldDecision => {
  const { event, news, now, ledger, isWanted } = telling
  const delivery: PlannedDelivery = {
    ...draft(telling, message, ordinal, to),
    id: deliveryId(message.purpose, event.id, to.recipientId, 'messengers'),
    source: event.id,
  }
  if (news.isStale) return { writes: [ledger.planSkipped(delivery, 'stale', now)], lanes: [] }
  if (message.audience === 'customer' && !isWanted)
    return { writes: [ledger.planSkipped(delivery, 'choice', now)], lanes: [] }
  return { writes: ledger.plan(delivery, now), lanes: [to.lane] }
}

const tellCustomer = (telling: Telling, message: PlannedMessage, ordinal: number, reader: Reader): HeraldDecision =>
  plan(telling, message, ordinal, {
    recipientKind: 'customer',
    recipientId: telling.event.customerId,
    lane: reader.lane,
    chatId: reader.id,
  })

const tellStaff = (
  telling: Telling,
  message: PlannedMessage,
  ordinal: number,
  staffChats: readonly Reader[],
): HeraldDecision =>
  combine(
    staffChats.map(({ id, lane }) =>
      plan(telling, message, ordinal, { recipientKind: 'chat', recipientId: id, lane, chatId: id }),
    ),
  )

/**
 * Brings the messages that show the voucher up to date: one that has not begun is taken back, one that may be in a chat is
 * edited there, however late the news is.
 */
const editAll = (
  telling: Telling,
  message: PlannedMessage,
  ordinal: number,
  shown: readonly VoucherMessage[],
): HeraldDecision => combine(shown.slice(-MOST_EDITS).map((each) => editOne(telling, message, ordinal, each)))

const editOne = (
  telling: Telling,
  message: PlannedMessage,
  ordinal: number,
  { id, state, recipientKind, recipientId, lane, chatId }: VoucherMessage,
): HeraldDecision => {
  const { event, now, ledger } = telling
  switch (state) {
    case 'pending':
      return { writes: [ledger.cancel({ id, reason: 'superseded', now })], lanes: [] }
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
      }
      return { writes: ledger.plan(edit, now), lanes: [lane] }
    }
  }
}
