import type { Clock } from '../clock.js'
import type { Bound } from '../db/database.js'
import type { Ledger } from '../deliveries/ledger.js'
import type { Herald, HeraldDecision } from '../events/applying.js'
import type { JournaledEvent } from '../events/journaled-event.js'
import type { News } from '../loyalty/transition.js'
import type { AlertRoute } from './alert-routes.js'
import type { AlertStore } from './alert-store.js'
import { editVouchers, type VoucherMessage } from './edit-vouchers.js'
import { messagesFor, type PlannedMessage } from './event-messages.js'
import { hearingOf, isUntoldByDefault } from './hearing.js'
import { HEARS_UNLESS_CHOSEN, type Hears } from './hears.js'
import { VISIT_MS } from './merge.js'
import type { MessageFacts } from './message-facts.js'
import type { MessageSetting } from './message-settings.js'
import type { MessageSettingsStore } from './message-settings-store.js'
import { alertStaff, type StaffRoom } from './tell-staff.js'
import { type OpenDelivery, tellOfVisit } from './tell-visit.js'
import { combine, deliveryOf, NOTHING, planNews, skipNews, type Telling } from './telling.js'
import { RICHEST_FIRST } from './visit-news.js'

/** A chat that may be written to. */
interface Reader {
  readonly id: string
  readonly lane: string
}

interface HeraldReads {
  readonly [name: string]: Bound<readonly unknown[]> | null
  readonly business: Bound<readonly { readonly name: string; readonly timeZone: string }[]>
  readonly chats: Bound<readonly (Reader & { readonly unreachable: string | null })[]>
  readonly staffChats: Bound<readonly Reader[]>
  readonly voucherMessages: Bound<readonly VoucherMessage[]> | null
  readonly openVisit: Bound<readonly OpenDelivery[]> | null
  readonly settings: Bound<readonly MessageSetting[]>
  readonly hears: Bound<readonly { readonly hears: Hears }[]>
  readonly routes: Bound<readonly AlertRoute[]> | null
  readonly recentAlerts: Bound<readonly { readonly chats: NonNullable<StaffRoom['recent']> }[]> | null
}

export interface HeraldOptions {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly alerts: AlertStore
  readonly messageSettings: Pick<MessageSettingsStore, 'settingsOf'>
  readonly businessById: (values: { id: string }) => HeraldReads['business']
  readonly chatsOf: (values: { customerId: string }) => HeraldReads['chats']
  readonly staffChatsOf: (values: { businessId: string }) => HeraldReads['staffChats']
  readonly hearsOf: (values: { customerId: string }) => HeraldReads['hears']
  /** What an event is about, by our ids. */
  readonly subjectsOf: (event: JournaledEvent) => Subjects
}

interface Subjects {
  readonly cardId: string | null
  readonly voucherId: string | null
  readonly locationId: string | null
}

/** Turns what happened into deliveries: one for each person and cause, planned in the batch that applies the event. */
export const createHerald = (options: HeraldOptions): Herald<HeraldReads, News> => ({
  reads: (event) => {
    const { voucherId } = options.subjectsOf(event)
    return {
      business: options.businessById({ id: event.businessId }),
      chats: options.chatsOf({ customerId: event.customerId }),
      staffChats: options.staffChatsOf({ businessId: event.rootId }),
      voucherMessages: voucherId === null ? null : options.ledger.messagesOfVoucher({ voucherId }),
      openVisit: readOpenVisit(options, event),
      settings: options.messageSettings.settingsOf({ businessId: event.businessId }),
      hears: options.hearsOf({ customerId: event.customerId }),
      ...readAlerts(options, event),
    }
  },
  decide: (event, news, found, now) => {
    const [business] = found.business
    if (!business) return NOTHING
    const facts: MessageFacts = {
      business,
      customerName: news.customer.name,
      locationName: news.locationName,
      at: event.occurredAt,
      settings: found.settings,
    }
    const hears = found.hears[0]?.hears ?? HEARS_UNLESS_CHOSEN
    const reader = found.chats.find((chat) => chat.unreachable === null)
    const room: StaffRoom = {
      store: options.alerts,
      locationId: options.subjectsOf(event).locationId,
      routes: found.routes,
      recent: found.recentAlerts[0]?.chats ?? null,
    }
    const telling = { event, news, facts, now, ledger: options.ledger }
    return combine(
      messagesFor(news.transition, facts).map((message, ordinal) => {
        if (message.purpose === 'edit') return editVouchers(telling, message, ordinal, found.voucherMessages)
        if (message.audience === 'staff')
          return tellStaff(telling, message, ordinal, { staffChats: found.staffChats, room })
        return reader ? tellCustomer(telling, message, ordinal, { reader, hears, open: found.openVisit }) : NOTHING
      }),
    )
  },
})

/** The chat in which somebody got the card has shown it in its answer. */
const isAnswered = ({ origin, payload }: JournaledEvent): boolean =>
  origin === 'chat' && payload.event === 'card_issued'

/** What still waits to be told of the card's visit, for news that could join it. */
const readOpenVisit = ({ ledger, subjectsOf, clock }: HeraldOptions, event: JournaledEvent) => {
  const { cardId } = subjectsOf(event)
  const isOfVisit = RICHEST_FIRST.some((name) => name === event.payload.event)
  if (cardId === null || !isOfVisit) return null
  return ledger.openVisit({ customerId: event.customerId, cardId, since: clock() - VISIT_MS })
}

/** The customer's chat, what they chose to hear, and what still waits to be told there. */
interface Listening {
  readonly reader: Reader
  readonly hears: Hears
  readonly open: readonly OpenDelivery[]
}

const tellCustomer = (
  telling: Telling,
  message: PlannedMessage,
  ordinal: number,
  { reader: { id: chatId, lane }, hears, open }: Listening,
): HeraldDecision => {
  const { event, news, facts } = telling
  if (isAnswered(event)) return NOTHING
  if (isUntoldByDefault(news.transition, facts.settings)) return NOTHING
  const to = { recipientKind: 'customer', recipientId: telling.event.customerId, lane, chatId } as const
  const delivery = deliveryOf(telling, message, ordinal, to)
  const hearing = hearingOf(news.transition, facts.settings, hears)
  if (hearing !== 'told' && !news.isStale) return skipNews(telling, delivery, hearing)
  // What belongs to no card has nothing to wait for.
  return message.purpose === 'event' && message.news !== null && news.cardId !== null
    ? tellOfVisit(telling, delivery, message.news, open)
    : planNews(telling, delivery)
}

/** The row of recent alerts is locked: what is decided for one event counts for the next. */
const readAlerts = ({ alerts }: HeraldOptions, { rootId, payload }: JournaledEvent) => {
  if (payload.event !== 'goal_reached') return { routes: null, recentAlerts: null }
  return { routes: alerts.routesOf({ businessId: rootId }), recentAlerts: alerts.recent({ businessId: rootId }) }
}

const tellStaff = (
  telling: Telling,
  message: PlannedMessage,
  ordinal: number,
  { staffChats, room }: { readonly staffChats: readonly Reader[]; readonly room: StaffRoom },
): HeraldDecision => {
  const deliveries = staffChats.map(({ id, lane }) =>
    deliveryOf(telling, message, ordinal, { recipientKind: 'chat', recipientId: id, lane, chatId: id }),
  )
  const brief = message.purpose === 'alert' ? message.brief : null
  if (brief === null) return combine(deliveries.map((delivery) => planNews(telling, delivery)))
  return alertStaff(
    telling,
    deliveries.map((delivery) => ({ delivery, brief })),
    room,
  )
}
