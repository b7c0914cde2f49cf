import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SendResult } from '../../bots/messenger.js'
import type { Database } from '../../src/db/database.js'
import { PRIORITY } from '../../src/deliveries/delivery.js'
import { PASS } from '../../src/deliveries/gate.js'
import { createLaneStore } from '../../src/deliveries/lane-store.js'
import { createLedger } from '../../src/deliveries/ledger.js'
import { createResendStore } from '../../src/deliveries/resend-store.js'
import { LANE, openDispatcher, type Provider, planned, scriptedProvider } from '../support/dispatcher.js'

const sent = (messageId: string): SendResult => ({ status: 'sent', messageId })
const SOON = { timeout: 10_000, interval: 10 }
const SAYS_BOTH = { phrases: [{ text: 'both' }] }
const numbered = (count: number, change: Parameters<typeof planned>[1] = {}) =>
  Array.from({ length: count }, (_, n) => planned(`e${n}`, change))
const broadcasts = (count: number) =>
  Array.from({ length: count }, (_, n) => planned(`b${n}`, { priority: PRIORITY.broadcast }))

/** What the ledger and the lanes promise, on any database. */
export const dispatcherContract = (
  name: string,
  openDatabase: () => Promise<{ readonly db: Database; close(): Promise<void> }>,
) => {
  describe(`the dispatcher on ${name}`, () => {
    let database: Awaited<ReturnType<typeof openDatabase>>
    let db: Database
    let stops: (() => Promise<void>)[] = []
    beforeEach(async () => {
      database = await openDatabase()
      db = database.db
      stops = []
    })
    afterEach(async () => {
      for (const stop of stops) await stop()
      await database.close()
    })
    const open = async (provider: Provider, options?: Parameters<typeof openDispatcher>[2]) => {
      const dispatcher = await openDispatcher(db, provider, options)
      stops.push(dispatcher.stop)
      return dispatcher
    }

    test('sends what is due, once, and writes down when and the provider’s id', async () => {
      const provider = scriptedProvider((id) => sent(`m-${id}`))
      const dispatcher = await open(provider)
      const deliveries = numbered(50)
      await dispatcher.plan(deliveries)
      await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 50 }), SOON)
      await dispatcher.plan(deliveries)
      await dispatcher.stop()
      expect(provider.asked).toHaveLength(50)
      const row = await dispatcher.stateOf(planned('e0').id)
      expect(row).toMatchObject({ state: 'sent', attempts: 1, messageId: `m-${planned('e0').id}` })
      expect(row?.sentAt).toBeGreaterThanOrEqual(row?.sendingAt ?? Number.POSITIVE_INFINITY)
    })

    test('what is merged into a message after it was worded is worded again, not lost', async () => {
      const [message, joining] = [planned('e0'), planned('e1')]
      const ledger = createLedger(db)
      const said: (string | undefined)[] = []
      const dispatcher = await open(scriptedProvider(), {
        driver: {
          prepare: async (batch) => {
            // The lane has it in hand; now somebody merges another into it.
            if (said.length === 0)
              await db.write(
                ledger.carry({ id: message.id, carries: 2, now: Date.now() }),
                ledger.putContent({ ...joining, deliveryId: message.id, content: SAYS_BOTH, visit: null }),
              )
            return new Map(
              batch.map(({ id, chatId, content }) => {
                const [phrase] = content.phrases
                const text = phrase && 'text' in phrase ? phrase.text : ''
                said.push(text)
                return [id, { address: chatId, message: { id, text }, warmUp: null }]
              }),
            )
          },
          send: async (_address, { text }) => {
            said.push(`sent: ${text}`)
            return sent('m')
          },
        },
      })
      await dispatcher.plan([{ ...message, content: { phrases: [{ text: 'one' }] } }])
      await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 1 }), SOON)
      expect(said).toEqual(['one', 'both', 'sent: both'])
    })

    test('never has more requests in flight than three quarters of the slots', async () => {
      const provider = scriptedProvider(async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        return sent('m')
      })
      const dispatcher = await open(provider, { limits: { slots: 8 } })
      await dispatcher.plan(numbered(60))
      await vi.waitFor(() => expect(provider.asked).toHaveLength(60), SOON)
      expect(provider.mostInFlight).toBeLessThanOrEqual(6)
      expect(provider.mostInFlight).toBeGreaterThan(1)
    })

    test('a result that somebody was ahead of harms neither those that come with it nor what leaves next', async () => {
      let answers = (): void => undefined
      const answered = new Promise<void>((resolve) => {
        answers = resolve
      })
      const provider = scriptedProvider(async (id) => {
        await answered
        return sent(`m-${id}`)
      })
      const dispatcher = await open(provider, { limits: { slots: 8 } })
      const deliveries = numbered(20)
      await dispatcher.plan(deliveries)
      await vi.waitFor(() => expect(provider.asked).toHaveLength(6), SOON)
      const [first] = deliveries
      if (!first) throw new Error('nothing was planned')
      await db.write(dispatcher.ledger.raise({ id: first.id, state: 'read', now: Date.now() }))
      answers()
      await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ read: 1, sent: 19 }), SOON)
      await dispatcher.stop()
      expect(provider.asked).toHaveLength(20)
      for (const { id } of deliveries.slice(1, 6))
        expect(await dispatcher.stateOf(id)).toMatchObject({ attempts: 1, messageId: `m-${id}` })
    })

    test('a few requests that hang do not hold up the others', async () => {
      const hanging = new Set(numbered(5).map(({ id }) => id))
      let letGo = (): void => undefined
      const hung = new Promise<void>((resolve) => {
        letGo = resolve
      })
      const provider = scriptedProvider(async (id) => {
        if (hanging.has(id)) await hung
        return sent('m')
      })
      const dispatcher = await open(provider, { limits: { slots: 8 } })
      await dispatcher.plan(numbered(25))
      await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 20, sending: 5 }), SOON)
      letGo()
    })

    test('an event’s message goes before the broadcasts, also before those already in hand', async () => {
      const provider = scriptedProvider()
      const dispatcher = await open(provider, { limits: { bulkPerSec: 40, slots: 32 } })
      await dispatcher.plan(broadcasts(200))
      await vi.waitFor(() => expect(provider.asked.length).toBeGreaterThan(5), SOON)
      const before = provider.asked.length
      await dispatcher.plan([planned('event')])
      await vi.waitFor(() => expect(provider.timesAsked(planned('event').id)).toBe(1), SOON)
      const position = provider.asked.findIndex(({ id }) => id === planned('event').id)
      expect(position - before).toBeLessThan(10)
    })

    test('one person’s event messages leave in their order, also when the first must be tried again', async () => {
      const first = planned('e1', { recipientId: 'c_1', position: 1 })
      const second = planned('e2', { recipientId: 'c_1', position: 2 })
      const provider = scriptedProvider((id, sends) =>
        id === first.id && sends === 1 ? { status: 'not_sent', reason: 'refused', retryAfterMs: 50 } : sent('m'),
      )
      const dispatcher = await open(provider)
      await dispatcher.plan([second, first])
      await vi.waitFor(async () => expect((await dispatcher.stateOf(second.id))?.state).toBe('sent'), SOON)
      expect(provider.asked.map(({ id }) => id)).toEqual([first.id, first.id, second.id])
    })

    test('a message that waits on another messenger keeps nobody waiting here', async () => {
      const provider = scriptedProvider()
      const dispatcher = await open(provider)
      await dispatcher.plan([
        planned('elsewhere', { recipientId: 'c_1', position: 1, lane: 'a lane that nobody serves' }),
        planned('here', { recipientId: 'c_1', position: 2 }),
      ])
      await vi.waitFor(() => expect(provider.timesAsked(planned('here', { recipientId: 'c_1' }).id)).toBe(1), SOON)
    })

    test('a message planned for later waits', async () => {
      const provider = scriptedProvider()
      const dispatcher = await open(provider)
      const later = planned('e1', { dueAt: Date.now() + 60_000 })
      await dispatcher.plan([later, planned('e2')])
      await vi.waitFor(() => expect(provider.asked).toHaveLength(1), SOON)
      expect((await dispatcher.stateOf(later.id))?.state).toBe('pending')
    })

    test('the gate’s refusal ends a delivery with its reason, and its neighbour leaves', async () => {
      const provider = scriptedProvider()
      const dispatcher = await open(provider, {
        checks: [
          {
            name: 'no customer 1',
            read: () => createLaneStore(db).all({}),
            judge: () => (delivery) => (delivery.recipientId === 'c_e1' ? { kind: 'skip', reason: 'stopped' } : PASS),
          },
        ],
      })
      await dispatcher.plan([planned('e1'), planned('e2')])
      await vi.waitFor(() => expect(provider.asked).toHaveLength(1), SOON)
      expect(await dispatcher.stateOf(planned('e1').id)).toMatchObject({ state: 'skipped', reason: 'stopped' })
    })

    test('what the gate refuses costs nothing of the rate', async () => {
      const provider = scriptedProvider()
      const dispatcher = await open(provider, {
        limits: { bulkPerSec: 20 },
        checks: [
          {
            name: 'only one agreed',
            read: () => createLaneStore(db).all({}),
            judge: () => (delivery) =>
              delivery.recipientId === 'c_agreed' ? PASS : { kind: 'skip', reason: 'no_consent' },
          },
        ],
      })
      await dispatcher.plan([...broadcasts(100), planned('agreed', { priority: PRIORITY.broadcast, position: 2 })])
      await vi.waitFor(() => expect(provider.asked).toHaveLength(1), { timeout: 4_000, interval: 10 })
    })

    test('a 429 closes the whole lane until its time, and costs no try', async () => {
      const provider = scriptedProvider((_id, sends) =>
        provider.asked.length === 1 ? { status: 'not_sent', reason: '429', pauseLaneMs: 400 } : sent(`m${sends}`),
      )
      const dispatcher = await open(provider, { limits: { slots: 2 } })
      await dispatcher.plan(numbered(5))
      await vi.waitFor(() => expect(provider.asked).toHaveLength(6), SOON)
      const [first, second] = provider.asked
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(380)
      await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 5 }), SOON)
      expect((await dispatcher.stateOf(first?.id ?? ''))?.attempts).toBe(1)
    })

    test('a shorter pause does not end a longer one', async () => {
      const lanes = createLaneStore(db)
      await open(scriptedProvider())
      await db.write(
        lanes.pause({ id: LANE, until: 5_000, downReason: null }),
        lanes.pause({ id: LANE, until: 3_000, downReason: null }),
      )
      expect((await db.read(lanes.all({})))[0]).toMatchObject({ pausedUntil: 5_000 })
    })

    test('while nobody can reach the provider the lane waits, no message uses up its tries, and all leave afterwards', async () => {
      let isAway = true
      const provider = scriptedProvider(() =>
        isAway ? { status: 'not_sent', reason: 'ENOTFOUND', isAway: true } : sent('m'),
      )
      const dispatcher = await open(provider, { limits: { slots: 4 } })
      await dispatcher.plan(numbered(6))
      await vi.waitFor(() => expect(provider.asked.length).toBeGreaterThan(3), SOON)
      expect(provider.asked.length).toBeLessThan(7)
      isAway = false
      await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 6 }), SOON)
      for (const { id } of numbered(6)) expect((await dispatcher.stateOf(id))?.attempts).toBe(1)
    })

    test('after a pause one request goes alone, and the others once it got through', async () => {
      const provider = scriptedProvider(async (_id, sends) => {
        await new Promise((resolve) => setTimeout(resolve, 100))
        return sends === 1 ? { status: 'not_sent', reason: '429', pauseLaneMs: 200 } : sent('m')
      })
      const dispatcher = await open(provider, { limits: { slots: 8 } })
      await dispatcher.plan(numbered(6))
      await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 6 }), SOON)
      const times = provider.asked.map(({ at }) => at)
      expect(times).toHaveLength(12)
      expect((times[7] ?? 0) - (times[6] ?? 0)).toBeGreaterThan(90)
      expect((times[11] ?? 0) - (times[7] ?? 0)).toBeLessThan(90)
    })

    test('an unclear answer is held as unknown and never sent again', async () => {
      const provider = scriptedProvider(() => ({ status: 'unknown', reason: 'reset after writing' }))
      const dispatcher = await open(provider)
      await dispatcher.plan([planned('e1')])
      await vi.waitFor(async () => expect((await dispatcher.stateOf(planned('e1').id))?.state).toBe('unknown'), SOON)
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
      await vi.waitFor(async () => expect((await dispatcher.stateOf(planned('e1').id))?.state).toBe('sent'), SOON)
      expect(await dispatcher.stateOf(planned('e1').id)).toMatchObject({ attempts: 2, messageId: 'm2' })
      expect(await dispatcher.attemptsOf(planned('e1').id)).toMatchObject([
        { attempt: 1, outcome: 'unknown', reason: 'reset' },
        { attempt: 2, outcome: 'sent', reason: null },
      ])
    })

    test('an unclear answer is tried again where the business chose so for its purpose', async () => {
      const provider = scriptedProvider((_id, sends) =>
        sends === 1 ? { status: 'unknown', reason: 'reset' } : sent('m2'),
      )
      const dispatcher = await open(provider)
      await db.write(dispatcher.resends.choose({ businessId: 'b_1', purpose: 'alert' }))
      const [alert, event] = [planned('alert', { purpose: 'alert' }), planned('event')]
      await dispatcher.plan([alert, event])
      await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 1, unknown: 1 }), SOON)
      expect((await dispatcher.stateOf(alert.id))?.state).toBe('sent')
      await db.write(dispatcher.resends.unchoose({ businessId: 'b_1', purpose: 'alert' }))
      const later = planned('later alert', { purpose: 'alert' })
      await dispatcher.plan([later])
      await vi.waitFor(async () => expect((await dispatcher.stateOf(later.id))?.state).toBe('unknown'), SOON)
    })

    test('a refused message fails; one that does not get through is tried again until it gives up', async () => {
      const provider = scriptedProvider((id) =>
        id === planned('bad').id
          ? { status: 'rejected', reason: 'caption too long' }
          : { status: 'not_sent', reason: '500 Internal Server Error', retryAfterMs: 1 },
      )
      const dispatcher = await open(provider)
      await dispatcher.plan([planned('bad'), planned('e1')])
      await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ failed: 2 }), SOON)
      expect(await dispatcher.stateOf(planned('bad').id)).toMatchObject({ attempts: 1, reason: 'caption too long' })
      expect(await dispatcher.stateOf(planned('e1').id)).toMatchObject({
        attempts: 12,
        reason: 'gave up after 12 tries: 500 Internal Server Error',
      })
    })

    test('a person who keeps moving is not followed for ever', async () => {
      const provider = scriptedProvider(() => ({ status: 'unreachable', reason: 'moved', movedTo: 'there' }))
      const dispatcher = await open(provider)
      await dispatcher.plan([planned('e1')])
      await vi.waitFor(async () => expect((await dispatcher.stateOf(planned('e1').id))?.state).toBe('failed'), SOON)
    })

    test('a provider’s words may hold anything', async () => {
      const provider = scriptedProvider(() => ({ status: 'rejected', reason: 'NUL \0 and half a \ud83d character' }))
      const dispatcher = await open(provider)
      await dispatcher.plan([planned('e1')])
      await vi.waitFor(async () => expect((await dispatcher.stateOf(planned('e1').id))?.state).toBe('failed'), SOON)
    })

    test('an edit goes to the message it edits, waits while that is in flight, and is a new message if there is none', async () => {
      let finish: (result: SendResult) => void = () => undefined
      const provider = scriptedProvider((id) =>
        id === planned('message').id ? new Promise((resolve) => (finish = resolve)) : sent('edited'),
      )
      const dispatcher = await open(provider)
      await dispatcher.plan([planned('message')])
      await vi.waitFor(() => expect(provider.asked).toHaveLength(1), SOON)
      const edit = planned('edit', { purpose: 'edit', editsId: planned('message').id })
      const lost = planned('edit-of-nothing', { purpose: 'edit', editsId: planned('never planned').id })
      await dispatcher.plan([edit, lost])
      await vi.waitFor(() => expect(provider.timesAsked(lost.id)).toBe(1), SOON)
      expect(provider.asked.find(({ id }) => id === lost.id)?.edits).toBeNull()
      expect(provider.timesAsked(edit.id)).toBe(0)
      finish(sent('m-1'))
      await vi.waitFor(() => expect(provider.timesAsked(edit.id)).toBe(1), SOON)
      expect(provider.asked.find(({ id }) => id === edit.id)?.edits).toBe('m-1')
    })

    test('a message of which nobody knows is replaced by one new message, which later edits change', async () => {
      const provider = scriptedProvider((id, tries) => {
        if (id === planned('message').id) return { status: 'unknown', reason: 'reset' }
        // Put off once, the first edit does not wait for itself.
        return id === planned('edit 1').id && tries === 1 ? { status: 'not_sent', reason: 'busy' } : sent('m-2')
      })
      const dispatcher = await open(provider)
      await dispatcher.plan([planned('message')])
      await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ unknown: 1 }), SOON)
      for (const name of ['edit 1', 'edit 2', 'edit 3']) {
        const edit = planned(name, { purpose: 'edit', editsId: planned('message').id })
        await dispatcher.plan([edit])
        await vi.waitFor(async () => expect((await dispatcher.stateOf(edit.id))?.state).toBe('sent'), SOON)
      }
      const editedBy = (name: string) => provider.asked.findLast(({ id }) => id === planned(name).id)?.edits
      expect(['edit 1', 'edit 2', 'edit 3'].map(editedBy)).toEqual([null, 'm-2', 'm-2'])
    })

    test('an edit with an unclear answer goes again, but not one that had to be a new message', async () => {
      const provider = scriptedProvider((id) =>
        id === planned('message').id ? sent('m-1') : { status: 'unknown', reason: 'reset' },
      )
      const dispatcher = await open(provider)
      await dispatcher.plan([planned('message')])
      await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 1 }), SOON)
      const edit = planned('edit', { purpose: 'edit', editsId: planned('message').id })
      const asNew = planned('edit as new', { purpose: 'edit', editsId: planned('never planned').id })
      await dispatcher.plan([edit, asNew])
      await vi.waitFor(() => expect(provider.timesAsked(edit.id)).toBeGreaterThan(1), SOON)
      expect(await dispatcher.stateOf(asNew.id)).toMatchObject({ state: 'unknown', attempts: 1 })
    })

    test('stopping finishes what is in flight, records it, and frees the lane', async () => {
      const provider = scriptedProvider(async () => {
        await new Promise((resolve) => setTimeout(resolve, 200))
        return sent('m')
      })
      const dispatcher = await open(provider, { limits: { slots: 4 } })
      await dispatcher.plan(numbered(10))
      await vi.waitFor(() => expect(provider.asked.length).toBeGreaterThan(0), SOON)
      await dispatcher.stop()
      expect(await dispatcher.counts()).toEqual({ sent: provider.asked.length, pending: 10 - provider.asked.length })
      const [lane] = await db.read(dispatcher.lanes.all({}))
      expect(lane).toMatchObject({ owner: null, leaseUntil: 0, fence: 1 })
    })

    test('what a dead owner was sending is unknown; what it had not begun is sent by the next', async () => {
      await leaveBehind('in-flight', 'not begun')
      const provider = scriptedProvider()
      const dispatcher = await open(provider)
      await vi.waitFor(() => expect(provider.asked).toHaveLength(1), SOON)
      await dispatcher.stop()
      expect(await dispatcher.stateOf(planned('in-flight').id)).toMatchObject({ state: 'unknown', attempts: 1 })
      expect(await dispatcher.stateOf(planned('not begun').id)).toMatchObject({ state: 'sent', fence: 7 })
    })

    test('what a dead owner was sending goes again where the business chose so for its purpose', async () => {
      await db.write(createResendStore(db).choose({ businessId: 'b_1', purpose: 'event' }))
      await leaveBehind('in-flight', 'not begun')
      const dispatcher = await open(scriptedProvider())
      await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 2 }), SOON)
      expect(await dispatcher.stateOf(planned('in-flight').id)).toMatchObject({ attempts: 2 })
    })

    const sentAs = (messageId: string | null) => ({
      ...{ fence: 6, state: 'sent' as const, reason: null, messageId, dueAt: null, sentAt: 1, uncounted: 0, now: 1 },
    })

    test('an edit that a dead owner was sending goes again; one that was a new message is unknown', async () => {
      const ledger = createLedger(db)
      await db.write(...ledger.plan(planned('message'), 1))
      await leaveBehind('message', 'other')
      await db.write(
        ledger.recordResult({ ...sentAs('m-1'), id: planned('message').id }),
        ...ledger.plan(planned('edit', { purpose: 'edit', editsId: planned('message').id }), 1),
        ...ledger.plan(planned('as new', { purpose: 'edit', editsId: planned('nothing').id }), 1),
      )
      await leaveBehind('edit', 'other')
      await leaveBehind('as new', 'other')
      // Of a lost message whose place another edit has taken.
      await db.write(
        ...ledger.plan(planned('lost'), 1),
        ...ledger.plan(planned('in its place', { purpose: 'edit', editsId: planned('lost').id }), 1),
        ...ledger.plan(planned('edit of that', { purpose: 'edit', editsId: planned('lost').id }), 1),
      )
      for (const name of ['lost', 'in its place', 'edit of that']) await leaveBehind(name, 'other')
      await db.write(
        ledger.recordResult({ ...sentAs('m-2'), id: planned('in its place').id }),
        ledger.recordResult({ ...sentAs(null), id: planned('lost').id, state: 'unknown' }),
        ledger.replace({ id: planned('lost').id, by: planned('in its place').id }),
      )
      const provider = scriptedProvider()
      const dispatcher = await open(provider)
      await vi.waitFor(async () => expect((await dispatcher.stateOf(planned('edit').id))?.state).toBe('sent'), SOON)
      await vi.waitFor(
        async () => expect((await dispatcher.stateOf(planned('edit of that').id))?.state).toBe('sent'),
        SOON,
      )
      expect(provider.asked.find(({ id }) => id === planned('edit of that').id)?.edits).toBe('m-2')
      expect((await dispatcher.stateOf(planned('as new').id))?.state).toBe('unknown')
      expect(provider.timesAsked(planned('as new').id)).toBe(0)
    })

    test('a result that comes late still says what became of an unknown delivery', async () => {
      let finish: (result: SendResult) => void = () => undefined
      const slow = scriptedProvider(() => new Promise((resolve) => (finish = resolve)))
      const first = await open(slow, { owner: 'elsewhere/1/first' })
      await first.plan([planned('e1')])
      await vi.waitFor(() => expect(slow.asked).toHaveLength(1), SOON)
      await expireLease()
      const next = scriptedProvider()
      const second = await open(next, { owner: 'elsewhere/2/second' })
      await vi.waitFor(async () => expect((await second.stateOf(planned('e1').id))?.state).toBe('unknown'), SOON)
      finish(sent('m-late'))
      await vi.waitFor(async () => expect((await second.stateOf(planned('e1').id))?.state).toBe('sent'), SOON)
      expect(await second.stateOf(planned('e1').id)).toMatchObject({ messageId: 'm-late', attempts: 1 })
      expect(next.asked).toHaveLength(0)
      expect(await second.attemptsOf(planned('e1').id)).toMatchObject([{ attempt: 1, outcome: 'sent' }])
    })

    test('a late result does not touch what the new owner is sending', async () => {
      const finishes: ((result: SendResult) => void)[] = []
      const provider = scriptedProvider(() => new Promise((resolve) => finishes.push(resolve)))
      const first = await open(provider, { owner: 'elsewhere/1/first', idempotent: true })
      await first.plan([planned('e1')])
      await vi.waitFor(() => expect(provider.asked).toHaveLength(1), SOON)
      await expireLease()
      const second = await open(provider, { owner: 'elsewhere/2/second', idempotent: true })
      await vi.waitFor(() => expect(provider.asked).toHaveLength(2), SOON)
      finishes[0]?.({ status: 'rejected', reason: 'too late' })
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect((await second.stateOf(planned('e1').id))?.state).toBe('sending')
      finishes[1]?.(sent('m-2'))
      await vi.waitFor(async () => expect((await second.stateOf(planned('e1').id))?.state).toBe('sent'), SOON)
    })

    test('an owner whose lane was taken sends nothing more', async () => {
      const provider = scriptedProvider()
      const dispatcher = await open(provider)
      await db.write(dispatcher.lanes.take({ id: LANE, owner: 'elsewhere/2/other', fence: 99, leaseMs: 60_000 }))
      await dispatcher.plan([planned('e1')])
      await vi.waitFor(() => expect(dispatcher.keeper.holds(LANE)).toBe(false), SOON)
      expect(provider.asked).toHaveLength(0)
      expect((await dispatcher.stateOf(planned('e1').id))?.state).toBe('pending')
    })

    test('two dispatchers on one database send each message once', async () => {
      const provider = scriptedProvider()
      const first = await open(provider, { owner: 'elsewhere/1/first' })
      const second = await open(provider, { owner: 'elsewhere/2/second' })
      await first.plan(numbered(100))
      await vi.waitFor(() => expect(provider.asked).toHaveLength(100), SOON)
      expect([first.keeper.holds(LANE), second.keeper.holds(LANE)]).toEqual([true, false])
      expect(new Set(provider.asked.map(({ id }) => id)).size).toBe(100)
    })

    test('a lane that was down is no longer so when a message gets through', async () => {
      const lanes = createLaneStore(db)
      await db.write(
        lanes.add({ id: LANE, businessId: 'b_1', messenger: 'test', leaseUntil: 0, fence: 0, pausedUntil: 0 }),
        lanes.pause({ id: LANE, until: 0, downReason: '401 Unauthorized' }),
      )
      const dispatcher = await open(scriptedProvider())
      await dispatcher.plan([planned('e1')])
      await vi.waitFor(async () => expect((await db.read(lanes.all({})))[0]?.downReason).toBeNull(), SOON)
    })

    /** A lane whose owner died: one delivery was being sent, one had not begun. */
    const leaveBehind = async (inFlight: string, notBegun: string): Promise<void> => {
      const [ledger, lanes] = [createLedger(db), createLaneStore(db)]
      await db.write(
        lanes.add({ id: LANE, businessId: 'b_1', messenger: 'test', leaseUntil: 0, fence: 6, pausedUntil: 0 }),
        ...[planned(inFlight), planned(notBegun)].flatMap((delivery) => ledger.plan(delivery, 1)),
        ledger.markSending({ ids: JSON.stringify([planned(inFlight).id]), fence: 6, now: 1 }),
      )
    }

    /** As if its owner had been frozen for longer than its lease. */
    const expireLease = async (): Promise<void> => {
      const lanes = createLaneStore(db)
      const [lane] = await db.read(lanes.all({}))
      await db.write(lanes.take({ id: LANE, owner: lane?.owner ?? '', fence: lane?.fence ?? 0, leaseMs: -1_000 }))
    }
  })
}
