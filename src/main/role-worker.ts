import { createWebCopies } from '../../bots/web/web-forget.js'
import { createWebStore } from '../../bots/web/web-store.js'
import { createAnswerStore } from '../api/answer-store.js'
import { forgetOldAnswers } from '../api/idempotency.js'
import { createContentForgetter } from '../deliveries/forget.js'
import { LaneKeeper } from '../deliveries/lane-keeper.js'
import { LaneWakes } from '../deliveries/lane-wakes.js'
import { isDemoPerson } from '../demo/demo-people.js'
import { AppError } from '../errors.js'
import { createApply } from '../events/apply.js'
import { createErasedLetters } from '../events/erased-letters.js'
import { createProcessing, type Processing } from '../events/processing.js'
import { createSilenceWatch } from '../events/silence-watch.js'
import { createWaker } from '../events/waker.js'
import { createBackfill } from '../loyalty/backfill.js'
import { createMirror } from '../loyalty/mirror-shell.js'
import { subjectsOf } from '../loyalty/subjects.js'
import { createHerald } from '../notify/herald.js'
import { createSilenceAlert } from '../notify/silence-alert.js'
import { type Chore, startReconciler } from '../queue/reconciler.js'
import { keepTouching } from './alive-file.js'
import type { Foundation } from './foundation.js'
import { forgetIdleGuests } from './idle-guests.js'
import type { MessengerLanes } from './messenger-lanes.js'
import { openClockwork } from './own-commands.js'
import { DROPPED_AT_ONCE, KEPT_MS, retentionChores } from './retention.js'
import { openWebhookLanes } from './webhook-lanes.js'

/** Applies events, owns lanes, and finds what was forgotten: everything that works without being asked by HTTP. */
export const startWorker = async (foundation: Foundation, lanes: MessengerLanes) => {
  const hooks = openWebhookLanes(foundation)
  const isIdempotent = (laneId: string) => hooks.isIdempotent(laneId) ?? lanes.isIdempotent(laneId)
  const { db, queue, log, owner, holdLease, ledger, signals } = foundation
  const wakes = new LaneWakes(signals, foundation.clock)
  const processing = createEventProcessing(foundation, wakes)
  const events = await processing.start()
  const silenceWatch = createSilenceWatch({
    db,
    queue,
    clock: foundation.clock,
    listBusinesses: foundation.adopting.businessesOf7stamp,
    tell: createSilenceAlert(foundation),
  })
  const silence = await silenceWatch.start()
  const clockwork = openClockwork(foundation)
  const ticking = await clockwork.start()
  const erasures = await foundation.erasing.job.start()
  const keeper = new LaneKeeper({
    db,
    ledger,
    signals,
    log,
    owner,
    lanes: foundation.lanes,
    resends: foundation.resends,
    isIdempotent,
    furnish: (holding) => (hooks.isIdempotent(holding.laneId) === null ? lanes : hooks).furnish(holding),
  })
  await keeper.start()
  const chores = choresOf(foundation, processing, [silenceWatch, clockwork])
  const reconciler = startReconciler({ chores, holdLease, owner, queue, log })
  const { aliveFile } = foundation.config
  const alive = aliveFile === null ? null : await keepTouching(aliveFile, log)
  return {
    /** Rejects while a messenger's lane has no living owner; the hosts of webhooks come and go. */
    checkLanes: async () => {
      const owners = await db.read(foundation.lanes.owners({}))
      const orphan = owners.find(({ id, isFree }) => isFree && lanes.isIdempotent(id) !== null)
      if (orphan) throw new AppError('unavailable', `lane ${orphan.id} has no owner`)
    },
    /** Takes no new work, and resolves when what was begun is finished and recorded. */
    stop: async () => {
      await Promise.all([
        reconciler.stop(),
        events.close(),
        silence.close(),
        ticking.close(),
        erasures.close(),
        keeper.stop(),
      ])
      wakes.stop()
      await alive?.stop()
    },
  }
}

export const createEventProcessing = (foundation: Foundation, wakes: LaneWakes) => {
  const { db, journal, queue, log, clock, ledger, alerts, messageSettings, hears } = foundation
  const { loyalty, businesses, chats, sealing } = foundation
  const apply = createApply({
    db,
    journal,
    log,
    mirror: createMirror({ store: loyalty, locations: businesses, isDemoPerson, fingerprint: sealing.fingerprint }),
    herald: createHerald({
      ledger,
      clock,
      alerts,
      messageSettings,
      businessById: businesses.byId,
      chatsOf: chats.ofCustomer,
      staffChatsOf: chats.staffOf,
      hearsOf: hears.hearsOf,
      subjectsOf,
    }),
    fanOut: foundation.webhooks.fanOut,
    wakeLane: (lane, dueAt) => wakes.wake(lane, dueAt),
  })
  return createProcessing({ db, journal, apply, queue, waker: createWaker(queue, log), clock, log })
}

const choresOf = (
  { db, queue, clock, receipts, chats, erasing, journal, loyalty, webhooks }: Foundation,
  processing: Processing,
  byTheClock: readonly { schedule(): Promise<void> }[],
): Chore[] => [
  {
    name: 'events',
    run: async () => {
      const shards = await processing.pendingWork()
      for (const shard of shards) await queue.wake('events', shard)
      return shards.length
    },
  },
  {
    name: 'what comes by the clock',
    run: async () => {
      for (const { schedule } of byTheClock) await schedule()
      return 0
    },
  },
  { name: 'failing webhooks', run: webhooks.watchFailures },
  {
    name: 'lanes without webhooks',
    run: async () => {
      await webhooks.endIdleLanes()
      return 0
    },
  },
  { name: 'erasures', run: () => erasing.job.wakeDue() },
  {
    name: 'letters about erased people',
    run: createErasedLetters({
      db,
      journal,
      erasedAmong: async (ids) =>
        new Set((await db.read(loyalty.erasedAmong({ ids: JSON.stringify(ids) }))).map(({ id }) => id)),
    }),
  },
  { name: 'receipts', run: () => receipts.matchParked(clock() - KEPT_MS.parkedReceipts) },
  {
    name: 'old updates and links',
    run: async () => {
      const now = clock()
      const old = await db.read(chats.oldUpdates({ before: now - KEPT_MS.updates, limit: DROPPED_AT_ONCE }))
      await db.write(...old.map(chats.dropUpdate), chats.dropOldLinks({ before: now - KEPT_MS.links }))
      return old.length
    },
  },
  {
    name: 'old API answers',
    run: () => forgetOldAnswers({ db, store: createAnswerStore(db) }, clock()),
  },
  {
    name: 'idle guests',
    run: () =>
      forgetIdleGuests(
        { db, chats, web: createWebStore(db), contents: createContentForgetter(db, createWebCopies(db)) },
        clock() - KEPT_MS.guests,
      ),
  },
  { name: 'rows older than their columns', run: createBackfill(db) },
  ...retentionChores({ db, clock }),
]
