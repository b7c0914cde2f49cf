import { onTestFinished } from 'vitest'
import { createAdmissions } from '../../src/business/webhook-admissions.js'
import type { Clock } from '../../src/clock.js'
import { LaneKeeper } from '../../src/deliveries/lane-keeper.js'
import { LaneWakes } from '../../src/deliveries/lane-wakes.js'
import { createInbox } from '../../src/events/inbox.js'
import { SHARDS } from '../../src/events/journaled-event.js'
import { createEventProcessing } from '../../src/main/role-worker.js'
import { openWebhookLanes } from '../../src/main/webhook-lanes.js'
import { type LogEntry, logEntryOf } from '../../src/subscriptions/delivery-log.js'
import { openCommandLine } from './command-line.js'

const TOKEN = 'a-token-of-16-chars'

export type Hooks = Awaited<ReturnType<typeof openHooks>>

/** A business that sends webhooks to this machine: what 7stamp posts is applied, and what is due leaves. */
export const openHooks = async (clock?: Clock, env: Readonly<Record<string, string>> = {}) => {
  const line = await openCommandLine(clock, { ALLOW_PRIVATE_WEBHOOKS: '1', SEVENSTAMP_WEBHOOK_TOKEN: TOKEN, ...env })
  const { foundation, businessId } = line
  const { db, journal, businesses, sealing, signals, webhooks } = foundation
  const hooks = openWebhookLanes(foundation)
  const newKeeper = () =>
    new LaneKeeper({
      ...foundation,
      owner: 'elsewhere/1/test',
      isIdempotent: (laneId) => hooks.isIdempotent(laneId),
      furnish: (holding) => hooks.furnish(holding),
    })
  let keeper = newKeeper()
  await keeper.start()
  const wakes = new LaneWakes(signals, foundation.clock)
  onTestFinished(async () => {
    wakes.stop()
    await keeper.stop()
  })
  const processing = createEventProcessing(foundation, wakes)
  const inbox = createInbox({
    db,
    journal,
    clock: foundation.clock,
    admissions: createAdmissions({ db, store: businesses, sealing, signals, standIns: [] }),
    wake: () => undefined,
  })
  const logOf = async (id: string): Promise<readonly LogEntry[]> => {
    const newest = { beforeAt: Number.MAX_SAFE_INTEGER, beforeId: '' }
    const rows = await db.read(webhooks.log.page({ recipientId: id, ...newest, limit: 100 }))
    const tries = await db.read(webhooks.log.triesOf({ ids: JSON.stringify(rows.map((row) => row.id)) }))
    return rows.map((row) => logEntryOf(row, tries))
  }
  return {
    ...line,
    db,
    subscribe: (input: unknown) => webhooks.subscriptions.add({ businessId, actor: 'cli' }, input),
    /** 7stamp posts frames, and they are applied. Resolves with our ids of them. */
    post: async (...frames: readonly object[]): Promise<readonly string[]> => {
      const admission = await inbox.admit(TOKEN)
      if (!admission) throw new Error('the webhook address is not known')
      const headers = { 'webhook-id': undefined, 'webhook-timestamp': undefined, 'webhook-signature': undefined }
      const receipts = await Promise.all(
        frames.map((frame) => inbox.receive(admission, headers, Buffer.from(JSON.stringify(frame)))),
      )
      for (const shard of SHARDS) await processing.run(String(shard))
      return receipts.map(({ id }) => id)
    },
    logOf,
    heldLanes: () => keeper.heldLanes,
    /** Ends this process's lanes, as a stop of the program does. */
    stop: () => keeper.stop(),
    /** Another process takes the lanes. */
    start: async () => {
      keeper = newKeeper()
      await keeper.start()
    },
    /** Something became due, by the test's clock. */
    wake: async () => {
      for (const { id } of await db.read(foundation.lanes.all({}))) signals.publish('lane', id)
    },
  }
}

/** What 7stamp says of a stamp of customer number `index`. */
export const stampAdded = (index = 0, at = new Date().toISOString()) => ({
  event: 'stamp_added',
  id: `stamp_${index}`,
  timestamp: at,
  business_id: 'b_cafe',
  customer: {
    id: `guest_${index}`,
    language: 'uk',
    name: 'Olena',
    phone: '+380501112233',
    email: 'olena@example.com',
    birthday: '1991-03-08',
    nickname: 'Lena',
  },
  card: { id: `card_${index}`, stamps: 3, stamps_goal: 8 },
  stamp: { count: 1 },
  notes_of_the_sender: 'likes oat milk',
})
