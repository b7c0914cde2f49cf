import { demand } from '../db/database.js'
import { deliveryId } from '../deliveries/delivery.js'
import type { PlannedDelivery } from '../deliveries/ledger.js'
import { assertNever } from '../errors.js'
import type { HeraldDecision } from '../events/applying.js'
import { type AlertStep, type ChatAlerts, NO_ALERTS, nextAlert } from './alert-pacing.js'
import { type AlertRoute, paceOf } from './alert-routes.js'
import type { AlertStore } from './alert-store.js'
import type { Phrase } from './content.js'
import { combine, NOTHING, planNews, skipNews, type Telling } from './telling.js'

/** What is known of a business's staff chats when an alert is decided on. */
export interface StaffRoom {
  readonly store: AlertStore
  readonly locationId: string | null
  readonly routes: readonly AlertRoute[]
  /** By chat; null if none of them was alerted yet. */
  readonly recent: Readonly<Record<string, ChatAlerts>> | null
}

/** An alert to one chat, and the same in a few words for a message about many. */
export interface StaffAlert {
  readonly delivery: PlannedDelivery
  readonly brief: Phrase
}

/** So often a message that stands for many is brought up to date. */
const EDIT_EVERY_MS = 30_000
/** After its last change, also by the clock of another machine. */
const EDIT_AFTER_MS = 1_000

/** Alerts each staff chat as its routes ask: at once, in one message that is edited when there are many, or gathered. */
export const alertStaff = (telling: Telling, alerts: readonly StaffAlert[], room: StaffRoom): HeraldDecision => {
  if (telling.news.isStale) return combine(alerts.map(({ delivery }) => planNews(telling, delivery)))
  const { now, facts, event } = telling
  // Of chats that are no staff chats any more nothing is remembered.
  const chats: Record<string, ChatAlerts> = {}
  const decisions = alerts.map((alert) => {
    const chatId = alert.delivery.recipientId
    const pace = paceOf(room.routes, 'goal_reached', { locationId: room.locationId, chatId })
    const next = nextAlert(room.recent?.[chatId] ?? NO_ALERTS, pace, now, facts.business.timeZone)
    chats[chatId] = next.alerts
    return takeStep(telling, alert, next.step)
  })
  if (alerts.length === 0) return NOTHING
  const row = { businessId: event.rootId, chats }
  const remember = room.recent === null ? demand(1, room.store.addRecent(row)) : room.store.saveRecent(row)
  return combine([...decisions, { writes: [remember], wakes: [] }])
}

const takeStep = (telling: Telling, alert: StaffAlert, step: AlertStep): HeraldDecision => {
  const { delivery, brief } = alert
  switch (step.kind) {
    case 'instant':
      return planNews(telling, delivery)
    case 'off':
      return skipNews(telling, delivery, 'route')
    case 'summary': {
      const content = { phrases: [{ key: 'alerts.goalsOfHour', params: { count: step.count, latest: brief } }] }
      const summary = gathering(delivery, `alerts/${delivery.recipientId}/${step.at}`, { content })
      const change = step.isFirst ? begin(telling, summary) : editSummary(telling, summary, step.count)
      return combine([gatheredInto(telling, delivery, summary), change])
    }
    case 'digest': {
      const key = step.pace === 'hourly' ? 'alerts.goalsOfHour' : 'alerts.goalsOfDay'
      const digest = gathering(delivery, `${step.pace}/${delivery.recipientId}/${step.dueAt}`, {
        content: { phrases: [{ key, params: { count: step.count, latest: brief } }] },
        dueAt: step.dueAt,
        position: step.dueAt,
        carries: step.count,
      })
      const change = step.isFirst ? begin(telling, digest) : rewrite(telling, digest, step.count)
      return combine([gatheredInto(telling, delivery, digest), change])
    }
    default:
      return assertNever(step)
  }
}

/** A message of its own for many alerts. `position` lies ahead where it waits, so that it keeps nothing waiting. */
const gathering = (delivery: PlannedDelivery, source: string, change: Partial<PlannedDelivery>): PlannedDelivery => ({
  ...delivery,
  ...change,
  source,
  id: deliveryId('alert', source, delivery.recipientId, 'messengers'),
})

const begin = ({ ledger, now }: Telling, delivery: PlannedDelivery): HeraldDecision => ({
  writes: ledger.plan(delivery, now),
  wakes: [{ lane: delivery.lane, dueAt: delivery.dueAt }],
})

/** Many changes of a moment are one edit, which says the last of them. */
const editSummary = (telling: Telling, summary: PlannedDelivery, count: number): HeraldDecision => {
  const { now } = telling
  const slot = Math.floor(now / EDIT_EVERY_MS)
  const source = `${summary.source}/${slot}`
  const dueAt = (slot + 1) * EDIT_EVERY_MS + EDIT_AFTER_MS
  const edit: PlannedDelivery = {
    ...summary,
    id: deliveryId('edit', source, summary.recipientId, 'messengers'),
    purpose: 'edit',
    source,
    editsId: summary.id,
    dueAt,
    position: dueAt,
    carries: count,
  }
  // Planned once, and rewritten from then on.
  return combine([begin(telling, edit), rewrite(telling, edit, count)])
}

const rewrite = (
  { ledger, now }: Telling,
  { id, customerId, content }: PlannedDelivery,
  carries: number,
): HeraldDecision => ({
  writes: [ledger.carry({ id, carries, now }), ledger.putContent({ deliveryId: id, customerId, content, visit: null })],
  wakes: [],
})

const gatheredInto = (telling: Telling, delivery: PlannedDelivery, { id }: PlannedDelivery): HeraldDecision =>
  skipNews(telling, { ...delivery, mergedInto: id }, 'gathered')
