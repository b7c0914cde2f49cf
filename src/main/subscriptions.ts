import type { ChatStore } from '../../bots/chats/chat-store.js'
import type { AuditLog } from '../access/audit-log.js'
import type { BusinessStore } from '../business/business-store.js'
import type { Sealing } from '../business/sealing.js'
import type { Clock } from '../clock.js'
import type { Config } from '../config.js'
import type { Database } from '../db/database.js'
import type { LaneStore } from '../deliveries/lane-store.js'
import type { Ledger } from '../deliveries/ledger.js'
import { createRecipientLog } from '../deliveries/recipient-log.js'
import type { EventLookupStore } from '../events/event-lookup-store.js'
import type { Signals } from '../queue/signals.js'
import { createFailureWatch } from '../subscriptions/failure-watch.js'
import { createFanOut } from '../subscriptions/fan-out.js'
import { createEndIdleLanes } from '../subscriptions/idle-lanes.js'
import { createReplay } from '../subscriptions/replay.js'
import { createSubscriptionStore } from '../subscriptions/subscription-store.js'
import { createSubscriptions } from '../subscriptions/subscriptions.js'

interface SubscriptionsNeeds {
  readonly config: Config
  readonly db: Database
  readonly clock: Clock
  readonly signals: Signals
  readonly sealing: Sealing
  readonly audit: AuditLog
  readonly ledger: Ledger
  readonly eventLookups: EventLookupStore
  readonly lanes: LaneStore
  readonly businesses: BusinessStore
  readonly chats: ChatStore
}

/** Outgoing webhooks: who is sent events, and what every role needs of that. */
export const openSubscriptions = (needs: SubscriptionsNeeds) => {
  const { config, db, clock, signals, sealing, audit, ledger, eventLookups, lanes, businesses, chats } = needs
  const store = createSubscriptionStore(db)
  const wakeLane = (id: string) => signals.publish('lane', id)
  return {
    store,
    log: createRecipientLog(db),
    subscriptions: createSubscriptions({
      db,
      store,
      audit,
      ledger,
      sealing,
      clock,
      allowPrivate: config.webhooks.allowPrivate,
      addLane: (id, businessId, now) =>
        // A lane may end and begin anew: a fence by the clock is above all that its former owners had.
        lanes.add({ id, businessId, messenger: 'webhook', leaseUntil: 0, fence: fenceAt(now), pausedUntil: 0 }),
      lockedLane: lanes.forTaking,
      wakeLane,
    }),
    replay: createReplay({
      db,
      store,
      ledger,
      eventById: eventLookups.appliedById,
      eventsBetween: eventLookups.appliedBetween,
      wakeLane,
    }),
    fanOut: createFanOut(ledger, store),
    endIdleLanes: createEndIdleLanes({
      db,
      store,
      allLanes: lanes.owners,
      lockedLane: lanes.forTaking,
      removeLane: lanes.remove,
    }),
    watchFailures: createFailureWatch({
      db,
      store,
      ledger,
      businessById: businesses.byId,
      staffChatsOf: chats.staffOf,
      wakeLane,
    }),
  }
}

const fenceAt = (now: number): number => Math.floor(now / 1_000)
