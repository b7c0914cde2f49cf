import { createSecretKey } from 'node:crypto'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { SendResult } from '../../bots/messenger.js'
import { createSealing } from '../../src/business/sealing.js'
import { PRIORITY } from '../../src/deliveries/delivery.js'
import { createSubscriptionStore } from '../../src/subscriptions/subscription-store.js'
import { createWebhookGate } from '../../src/subscriptions/webhook-gate.js'
import { createWebhookLane } from '../../src/subscriptions/webhook-lane.js'
import { LANE, openDispatcher, planned, scriptedProvider } from '../support/dispatcher.js'
import { openTestSqlite } from '../support/sqlite.js'

const SOON = { timeout: 10_000, interval: 10 }
const sent: SendResult = { status: 'sent', messageId: '' }
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const openFile = async () => {
  const file = await openTestSqlite()
  onTestFinished(file.close)
  return file.db
}

/** A promise that a test keeps when it likes. */
const gate = () => {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

test('a lane that stops rests while its last request hangs, however much waits', async () => {
  const { open, opened } = gate()
  const provider = scriptedProvider(async () => {
    await (provider.asked.length === 1 ? opened : pause(100))
    return sent
  })
  const dispatcher = await openDispatcher(await openFile(), provider, { limits: { slots: 8 } })
  await dispatcher.plan(Array.from({ length: 100 }, (_, n) => planned(`e${n}`)))
  await vi.waitFor(() => expect(provider.asked.length).toBeGreaterThan(3), SOON)
  const stopped = dispatcher.stop()
  const timers = vi.spyOn(globalThis, 'setTimeout')
  await pause(300)
  expect(timers.mock.calls.length).toBeLessThan(20)
  timers.mockRestore()
  open()
  await stopped
})

const SUBSCRIPTION = {
  ...{ id: 's_1', businessId: 'b_1', url: 'https://x.example/', lane: LANE, events: null, includeContact: false },
  ...{ secret: 's', formerSecret: null, formerUntil: null, disabledReason: null, disabledAt: null, isAlerted: false },
  ...{ failingSince: null, lastFailedAt: null, createdAt: 0 },
}
const hook = (source: string) =>
  planned(source, {
    ...{ recipientId: SUBSCRIPTION.id, recipientKind: 'subscription', chatId: `${SUBSCRIPTION.id}/${source}` },
    priority: PRIORITY.broadcast,
  })

const openHookLane = async (answer: () => Promise<SendResult>, slots: number) => {
  const db = await openFile()
  const store = createSubscriptionStore(db)
  await db.write(store.add(SUBSCRIPTION))
  const { beside, unreachable } = createWebhookLane({
    ...{ db, store, sealing: createSealing(createSecretKey(Buffer.alloc(32, 7))), clock: Date.now, random: () => 0 },
    eventsOf: async () => new Map(),
    post: answer,
  })
  const provider = scriptedProvider(answer)
  const dispatcher = await openDispatcher(db, provider, {
    limits: { slots },
    checks: [createWebhookGate(store)],
    driver: { unreachable, ...(beside && { beside }) },
  })
  const subscription = async () => (await db.read(store.byId({ businessId: 'b_1', id: SUBSCRIPTION.id })))[0]
  return { provider, dispatcher, subscription }
}

test('nothing follows to a subscription that has said it is gone', async () => {
  const { provider, dispatcher } = await openHookLane(async () => {
    await pause(50)
    return { status: 'unreachable', reason: '410' }
  }, 2)
  await dispatcher.plan(['a', 'b', 'c'].map(hook))
  await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ failed: 1, skipped: 2 }), SOON)
  await dispatcher.stop()
  expect(provider.asked).toHaveLength(1)
})

test('a subscription that has failed and answers again is not failing, also when both come at once', async () => {
  const { open, opened } = gate()
  const results: SendResult[] = [{ status: 'rejected', reason: 'no' }, sent]
  const { dispatcher, subscription, provider } = await openHookLane(async () => {
    const result = results.shift() ?? sent
    await opened
    return result
  }, 8)
  await dispatcher.plan(['a', 'b'].map(hook))
  await vi.waitFor(() => expect(provider.asked).toHaveLength(2), SOON)
  open()
  await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ failed: 1, sent: 1 }), SOON)
  expect(await subscription()).toMatchObject({ failingSince: null })
  await dispatcher.stop()
})
