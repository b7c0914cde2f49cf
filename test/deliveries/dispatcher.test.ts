import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SendResult } from '../../bots/messenger.js'
import { PASS } from '../../src/deliveries/gate.js'
import { createLaneStore } from '../../src/deliveries/lane-store.js'
import { createLedger } from '../../src/deliveries/ledger.js'
import { LANE, openDispatcher, planned, scriptedProvider } from '../support/dispatcher.js'
import { openTestSqlite, type TestDatabase } from '../support/sqlite.js'

const sent = (messageId: string): SendResult => ({ status: 'sent', messageId })

describe('the dispatcher', () => {
  let file: TestDatabase
  const stops: (() => Promise<void>)[] = []
  beforeEach(async () => {
    file = await openTestSqlite()
  })
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop()
    await file.close()
  })
  const open = async (
    ...[provider, options]: [Parameters<typeof openDispatcher>[1], Parameters<typeof openDispatcher>[2]?]
  ) => {
    const dispatcher = await openDispatcher(file.db, provider, options)
    stops.push(dispatcher.stop)
    return dispatcher
  }

  test('sends what is due, once, and writes down the try and the provider’s id', async () => {
    const provider = scriptedProvider((id) => sent(`m-${id}`))
    const dispatcher = await open(provider)
    const deliveries = Array.from({ length: 50 }, (_, n) => planned(`e${n}`))
    await dispatcher.plan(deliveries)
    await vi.waitFor(async () => expect((await dispatcher.stateOf(deliveries[49]?.id ?? ''))?.state).toBe('sent'))
    await dispatcher.plan(deliveries)
    await dispatcher.stop()
    expect(provider.asked).toHaveLength(50)
    const row = await dispatcher.stateOf(deliveries[0]?.id ?? '')
    expect(row).toMatchObject({ state: 'sent', attempts: 1, messageId: `m-${deliveries[0]?.id}` })
  })

  test('never has more requests in flight than three quarters of the slots', async () => {
    const provider = scriptedProvider(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return sent('m')
    })
    const dispatcher = await open(provider, { limits: { slots: 8 } })
    await dispatcher.plan(Array.from({ length: 60 }, (_, n) => planned(`e${n}`)))
    await vi.waitFor(() => expect(provider.asked).toHaveLength(60))
    expect(provider.mostInFlight).toBeLessThanOrEqual(6)
    expect(provider.mostInFlight).toBeGreaterThan(1)
  })

  test('one person’s event messages leave in their order, also when the first must be tried again', async () => {
    const provider = scriptedProvider((id, sends) =>
      id === first.id && sends === 1 ? { status: 'not_sent', reason: 'refused', retryAfterMs: 50 } : sent('m'),
    )
    const first = planned('e1', { recipientId: 'c_1', position: 1 })
    const second = planned('e2', { recipientId: 'c_1', position: 2 })
    const dispatcher = await open(provider)
    await dispatcher.plan([second, first])
    await vi.waitFor(async () => expect((await dispatcher.stateOf(second.id))?.state).toBe('sent'), { timeout: 5_000 })
    expect(provider.asked.map(({ id }) => id)).toEqual([first.id, first.id, second.id])
  })

  test('a message planned for later waits', async () => {
    const provider = scriptedProvider()
    const dispatcher = await open(provider)
    const later = planned('e1', { dueAt: Date.now() + 60_000 })
    await dispatcher.plan([later, planned('e2')])
    await vi.waitFor(() => expect(provider.asked).toHaveLength(1))
    expect((await dispatcher.stateOf(later.id))?.state).toBe('pending')
  })

  test('the gate’s refusal ends a delivery with its reason, and its neighbour leaves', async () => {
    const provider = scriptedProvider()
    const dispatcher = await open(provider, {
      checks: [
        {
          name: 'no customer 1',
          read: () => createLaneStore(file.db).all({}),
          judge: () => (delivery) => (delivery.recipientId === 'c_e1' ? { kind: 'skip', reason: 'stopped' } : PASS),
        },
      ],
    })
    await dispatcher.plan([planned('e1'), planned('e2')])
    await vi.waitFor(() => expect(provider.asked).toHaveLength(1))
    expect(await dispatcher.stateOf(planned('e1').id)).toMatchObject({ state: 'skipped', reason: 'stopped' })
  })

  test('a 429 closes the whole lane until its time, and costs no try', async () => {
    const provider = scriptedProvider((_id, sends) =>
      provider.asked.length === 1 ? { status: 'not_sent', reason: '429', pauseLaneMs: 400 } : sent(`m${sends}`),
    )
    const dispatcher = await open(provider, { limits: { slots: 2 } })
    await dispatcher.plan(Array.from({ length: 5 }, (_, n) => planned(`e${n}`)))
    await vi.waitFor(() => expect(provider.asked).toHaveLength(6), { timeout: 5_000 })
    const [, second] = provider.asked
    expect((second?.at ?? 0) - (provider.asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(380)
  })

  test('an unclear answer is held as unknown and never sent again', async () => {
    const provider = scriptedProvider(() => ({ status: 'unknown', reason: 'reset after writing' }))
    const dispatcher = await open(provider)
    await dispatcher.plan([planned('e1')])
    await vi.waitFor(async () => expect((await dispatcher.stateOf(planned('e1').id))?.state).toBe('unknown'))
    await dispatcher.plan([planned('e1')])
    await dispatcher.stop()
    expect(provider.asked).toHaveLength(1)
  })

  test('where a message sent twice is shown once, an unclear answer is simply tried again', async () => {
    const provider = scriptedProvider((_id, sends) =>
      sends === 1 ? { status: 'unknown', reason: 'reset' } : sent('m2'),
    )
    const dispatcher = await open(provider, { idempotent: true })
    await dispatcher.plan([planned('e1')])
    await vi.waitFor(async () => expect((await dispatcher.stateOf(planned('e1').id))?.state).toBe('sent'), {
      timeout: 5_000,
    })
    expect(await dispatcher.stateOf(planned('e1').id)).toMatchObject({ attempts: 2, messageId: 'm2' })
  })

  test('a refused message fails; a refused connection is tried again until it gives up', async () => {
    const provider = scriptedProvider((id) =>
      id === planned('bad').id
        ? { status: 'rejected', reason: 'caption too long' }
        : { status: 'not_sent', reason: 'refused', retryAfterMs: 1 },
    )
    const dispatcher = await open(provider)
    await dispatcher.plan([planned('bad'), planned('e1')])
    await vi.waitFor(async () => expect((await dispatcher.stateOf(planned('bad').id))?.state).toBe('failed'))
    await vi.waitFor(() => expect(provider.timesAsked(planned('e1').id)).toBe(8), { timeout: 15_000, interval: 50 })
    await vi.waitFor(async () =>
      expect(await dispatcher.stateOf(planned('e1').id)).toMatchObject({
        state: 'failed',
        reason: 'gave up after 8 tries: refused',
      }),
    )
  })

  test('an edit goes to the message it edits, waits while that is in flight, and is a new message if there is none', async () => {
    let finish: (result: SendResult) => void = () => undefined
    const provider = scriptedProvider((id) =>
      id === planned('message').id ? new Promise((resolve) => (finish = resolve)) : sent('edited'),
    )
    const dispatcher = await open(provider)
    await dispatcher.plan([planned('message')])
    await vi.waitFor(() => expect(provider.asked).toHaveLength(1))
    const edit = planned('edit', { purpose: 'edit', editsId: planned('message').id })
    const lost = planned('edit-of-nothing', { purpose: 'edit', editsId: planned('never planned').id })
    await dispatcher.plan([edit, lost])
    await vi.waitFor(() => expect(provider.timesAsked(lost.id)).toBe(1))
    expect(provider.asked.find(({ id }) => id === lost.id)?.edits).toBeNull()
    expect(provider.timesAsked(edit.id)).toBe(0)
    finish(sent('m-1'))
    await vi.waitFor(() => expect(provider.timesAsked(edit.id)).toBe(1), { timeout: 5_000 })
    expect(provider.asked.find(({ id }) => id === edit.id)?.edits).toBe('m-1')
  })

  test('stopping finishes what is in flight, records it, and frees the lane', async () => {
    const provider = scriptedProvider(async () => {
      await new Promise((resolve) => setTimeout(resolve, 200))
      return sent('m')
    })
    const dispatcher = await open(provider, { limits: { slots: 4 } })
    await dispatcher.plan(Array.from({ length: 10 }, (_, n) => planned(`e${n}`)))
    await vi.waitFor(() => expect(provider.asked.length).toBeGreaterThan(0))
    await dispatcher.stop()
    const counts = Object.fromEntries(
      (await file.db.read(dispatcher.ledger.countByState({}))).map(({ state, count }) => [state, count]),
    )
    expect(counts).toEqual({ sent: provider.asked.length, pending: 10 - provider.asked.length })
    const [lane] = await file.db.read(dispatcher.lanes.all({}))
    expect(lane).toMatchObject({ owner: null, leaseUntil: 0, fence: 1 })
  })

  test('what a dead owner was sending is unknown; what it had only claimed is sent by the next', async () => {
    const ledger = createLedger(file.db)
    const lanes = createLaneStore(file.db)
    await file.db.write(
      lanes.add({ id: LANE, businessId: 'b_1', messenger: 'test', leaseUntil: 0, fence: 6, pausedUntil: 0 }),
      ...[planned('in-flight'), planned('claimed')].flatMap((delivery) => ledger.plan(delivery, 1)),
      ledger.markClaimed({ ids: JSON.stringify([planned('in-flight').id, planned('claimed').id]), fence: 6, now: 1 }),
      ledger.markSending({ ids: JSON.stringify([planned('in-flight').id]), now: 1 }),
    )
    const provider = scriptedProvider()
    const dispatcher = await open(provider)
    await vi.waitFor(() => expect(provider.asked).toHaveLength(1))
    await dispatcher.stop()
    expect(await dispatcher.stateOf(planned('in-flight').id)).toMatchObject({ state: 'unknown', attempts: 1 })
    expect(await dispatcher.stateOf(planned('claimed').id)).toMatchObject({ state: 'sent', fence: 7 })
  })

  test('an owner whose lane was taken sends nothing more', async () => {
    const provider = scriptedProvider()
    const dispatcher = await open(provider)
    await file.db.write(dispatcher.lanes.take({ id: LANE, owner: 'elsewhere/2/other', fence: 99, leaseMs: 60_000 }))
    await dispatcher.plan([planned('e1')])
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(provider.asked).toHaveLength(0)
    expect((await dispatcher.stateOf(planned('e1').id))?.state).toBe('pending')
  })

  test('two dispatchers on one database send each message once', async () => {
    const provider = scriptedProvider()
    const first = await open(provider, { owner: 'elsewhere/1/first' })
    const second = await open(provider, { owner: 'elsewhere/2/second' })
    await first.plan(Array.from({ length: 100 }, (_, n) => planned(`e${n}`)))
    await vi.waitFor(() => expect(provider.asked).toHaveLength(100))
    expect([first.keeper.holds(LANE), second.keeper.holds(LANE)]).toEqual([true, false])
    expect(new Set(provider.asked.map(({ id }) => id)).size).toBe(100)
  })
})
