import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { describe, expect, test, vi } from 'vitest'
import { openReceiver, type Received } from '../doubles/webhook-receiver.js'
import { type Hooks, openHooks, stampAdded } from '../support/hooks.js'

const SOON = { timeout: 10_000, interval: 20 }
const MIN_MS = 60_000
const HOUR_MS = 60 * MIN_MS
const DAY_MS = 24 * HOUR_MS

/** What a subscriber may count on, on every database. */
export const subscriptionsContract = (name: string, environment: () => Promise<Readonly<Record<string, string>>>) => {
  describe(`outgoing webhooks on ${name}`, () => {
    /** A clock that stands still until the test moves it. */
    const standingClock = () => {
      const clock = { now: Date.now(), read: () => clock.now }
      return clock
    }
    const open = async (clock?: () => number) => openHooks(clock, await environment())

    const verified = ({ headers, body }: Received, secret: string): unknown => {
      const signed = {
        'webhook-id': String(headers['webhook-id']),
        'webhook-timestamp': String(headers['webhook-timestamp']),
        'webhook-signature': String(headers['webhook-signature']),
      }
      const bySvix = new SvixWebhook(secret).verify(body, signed)
      expect(new StandardWebhook(secret).verify(body, signed)).toEqual(bySvix)
      return bySvix
    }
    const onlyEntry = async (hooks: Hooks, id: string) => {
      const [entry, ...more] = await hooks.logOf(id)
      if (!entry || more.length > 0) throw new Error(`${more.length + 1} deliveries`)
      return entry
    }

    test('an applied event reaches who subscribed, signed, in its frame with our id, without contact data', async () => {
      const hooks = await open()
      const receiver = await openReceiver()
      const { subscription, secret } = await hooks.subscribe({ url: receiver.url })
      expect(Buffer.from(secret.replace('whsec_', ''), 'base64').length).toBeGreaterThanOrEqual(24)
      const [eventId = ''] = await hooks.post(stampAdded())
      await vi.waitFor(() => expect(receiver.received).toHaveLength(1), SOON)
      const [request] = receiver.received
      if (!request) throw new Error('nothing came')
      expect(request.headers).toMatchObject({ 'webhook-id': eventId, 'content-type': 'application/json' })
      expect(verified(request, secret)).toEqual({
        id: eventId,
        event: 'stamp_added',
        timestamp: expect.any(String),
        business_id: 'b_cafe',
        customer: { id: 'guest_0', language: 'uk' },
        card: { id: 'card_0', stamps: 3, stamps_goal: 8 },
        stamp: { count: 1 },
      })
      await vi.waitFor(async () => expect((await onlyEntry(hooks, subscription.id)).state).toBe('sent'), SOON)
      const entry = await onlyEntry(hooks, subscription.id)
      expect(entry).toMatchObject({ eventId, nextTryAt: null, tries: [{ number: 1, statusCode: 204, reason: null }] })
      expect(entry.tries[0]?.durationMs).toBeGreaterThanOrEqual(0)
    })

    test('contact data go along where that was asked for, and only wanted events', async () => {
      const hooks = await open()
      const [all, goals] = [await openReceiver(), await openReceiver()]
      await hooks.subscribe({ url: all.url, include_contact: true })
      await hooks.subscribe({ url: goals.url, events: ['goal_reached', 'goal_reached'] })
      await hooks.post(stampAdded())
      await hooks.post({ ...stampAdded(), id: 'goal_0', event: 'goal_reached', stamp: undefined })
      await vi.waitFor(() => expect([all.received, goals.received].map(({ length }) => length)).toEqual([2, 1]), SOON)
      const { name: said, phone, email, birthday } = stampAdded().customer
      expect(all.frames()[0]).toMatchObject({ customer: { name: said, phone, email, birthday } })
      expect(goals.frames()).toMatchObject([{ event: 'goal_reached' }])
    })

    test('the same event again is sent to nobody twice', async () => {
      const hooks = await open()
      const receiver = await openReceiver()
      const { subscription } = await hooks.subscribe({ url: receiver.url })
      await hooks.post(stampAdded())
      await hooks.post(stampAdded())
      await vi.waitFor(async () => expect((await onlyEntry(hooks, subscription.id)).state).toBe('sent'), SOON)
      expect(receiver.received).toHaveLength(1)
    })

    test('ten tries over more than 75 hours, each signed at its own time under the same id, then it fails', async () => {
      const clock = standingClock()
      const hooks = await open(clock.read)
      const receiver = await openReceiver()
      receiver.answerWith({ status: 503 })
      const { subscription } = await hooks.subscribe({ url: receiver.url })
      const beganAt = clock.now
      await hooks.post(stampAdded())
      for (let tries = 1; tries <= 10; tries++) {
        await hooks.wake()
        await vi.waitFor(async () => expect((await onlyEntry(hooks, subscription.id)).tries).toHaveLength(tries), SOON)
        const { nextTryAt } = await onlyEntry(hooks, subscription.id)
        if (nextTryAt !== null) clock.now = nextTryAt
      }
      const entry = await onlyEntry(hooks, subscription.id)
      expect(entry).toMatchObject({ state: 'failed', reason: 'gave up after 10 tries: HTTP 503', nextTryAt: null })
      expect(entry.tries.every(({ statusCode }) => statusCode === 503)).toBe(true)
      const lastedMs = clock.now - beganAt
      expect(lastedMs).toBeGreaterThanOrEqual(75 * HOUR_MS + 35 * MIN_MS + 5_000)
      expect(lastedMs).toBeLessThan(84 * HOUR_MS)
      expect(receiver.received).toHaveLength(10)
      expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
      expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10)
    })

    test('a receiver that asks to wait is not asked before, and not put off for more than a day', async () => {
      for (const [asked, atLeastMs, atMostMs] of [
        ['600', 600_000, 600_000],
        ['9999999', DAY_MS, DAY_MS],
        ['0', 5_000, 5_500],
      ] as const) {
        const clock = standingClock()
        const hooks = await open(clock.read)
        const receiver = await openReceiver()
        receiver.answerWith({ status: 429, headers: { 'retry-after': asked } })
        const { subscription } = await hooks.subscribe({ url: receiver.url })
        await hooks.post(stampAdded())
        await vi.waitFor(async () => expect((await onlyEntry(hooks, subscription.id)).tries).toHaveLength(1), SOON)
        const waitMs = ((await onlyEntry(hooks, subscription.id)).nextTryAt ?? 0) - clock.now
        expect(waitMs).toBeGreaterThanOrEqual(atLeastMs)
        expect(waitMs).toBeLessThanOrEqual(atMostMs)
      }
    })

    test('a redirect is a failure, and is not followed', async () => {
      const hooks = await open()
      const [receiver, elsewhere] = [await openReceiver(), await openReceiver()]
      receiver.answerWith({ status: 307, headers: { location: elsewhere.url } })
      const { subscription } = await hooks.subscribe({ url: receiver.url })
      await hooks.post(stampAdded())
      await vi.waitFor(async () => expect((await onlyEntry(hooks, subscription.id)).tries).toHaveLength(1), SOON)
      expect(await onlyEntry(hooks, subscription.id)).toMatchObject({ state: 'pending', tries: [{ statusCode: 307 }] })
      expect(elsewhere.received).toHaveLength(0)
    })

    test('410 turns it off at once; what waits is skipped, the staff is told once, and it can be turned on again', async () => {
      const hooks = await open()
      await addStaffChat(hooks)
      const { webhooks } = hooks.foundation
      const receiver = await openReceiver()
      receiver.answerWith({ status: 410 })
      const { subscription } = await hooks.subscribe({ url: receiver.url })
      await hooks.post(stampAdded())
      const now = () => webhooks.subscriptions.get(hooks.businessId, subscription.id)
      await vi.waitFor(
        async () => expect(await now()).toMatchObject({ state: 'disabled', disabledReason: 'gone' }),
        SOON,
      )
      await hooks.post(stampAdded(1))
      expect(await hooks.logOf(subscription.id)).toHaveLength(1)
      await expect(
        webhooks.replay(hooks.businessId, subscription.id, { from: 0, to: Date.now() + 1 }, 'again'),
      ).rejects.toMatchObject({ code: 'conflict' })
      await webhooks.watchFailures()
      await webhooks.watchFailures()
      expect(await alertsOf(hooks)).toEqual(['alerts.webhookGone'])
      receiver.answerWith({ status: 200 })
      expect(await webhooks.subscriptions.enable(by(hooks), subscription.id)).toMatchObject({ state: 'enabled' })
      await hooks.post(stampAdded(2))
      await vi.waitFor(() => expect(receiver.received).toHaveLength(2), SOON)
    })

    test('what waits for another try when a webhook is turned off is skipped, and can be replayed later', async () => {
      const clock = standingClock()
      const hooks = await open(clock.read)
      const { webhooks } = hooks.foundation
      const receiver = await openReceiver()
      receiver.answerWith({ status: 503 })
      const { subscription } = await hooks.subscribe({ url: receiver.url })
      const [waiting = ''] = await hooks.post(stampAdded(0))
      await vi.waitFor(async () => expect((await onlyEntry(hooks, subscription.id)).tries).toHaveLength(1), SOON)
      receiver.answerWith({ status: 410 })
      await hooks.post(stampAdded(1))
      await vi.waitFor(() => expect(receiver.received).toHaveLength(2), SOON)
      clock.now += HOUR_MS
      await vi.waitFor(async () => {
        await hooks.wake()
        const first = (await hooks.logOf(subscription.id)).find(({ eventId }) => eventId === waiting)
        expect(first).toMatchObject({ state: 'skipped', reason: 'subscription_disabled' })
      }, SOON)
      receiver.answerWith({ status: 200 })
      await webhooks.subscriptions.enable(by(hooks), subscription.id)
      expect(await webhooks.replay(hooks.businessId, subscription.id, { eventId: waiting }, 'later')).toBe(1)
      await vi.waitFor(() => expect(receiver.received.at(-1)?.headers['webhook-id']).toBe(waiting), SOON)
    })

    test('five days of nothing but failure turn it off, and the staff is told once', async () => {
      const clock = standingClock()
      const hooks = await open(clock.read)
      await addStaffChat(hooks)
      const { webhooks } = hooks.foundation
      const receiver = await openReceiver()
      receiver.answerWith({ status: 500 })
      const { subscription } = await hooks.subscribe({ url: receiver.url })
      const failOnce = async (index: number) => {
        await hooks.post(stampAdded(index, new Date(clock.now).toISOString()))
        await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(index), SOON)
        await vi.waitFor(async () => {
          const entries = await hooks.logOf(subscription.id)
          expect(entries.filter(({ tries }) => tries.length > 0)).toHaveLength(index + 1)
        }, SOON)
      }
      const state = async () => (await webhooks.subscriptions.get(hooks.businessId, subscription.id)).disabledReason
      await failOnce(0)
      clock.now += 5 * DAY_MS - MIN_MS
      await hooks.wake()
      await failOnce(1)
      await webhooks.watchFailures()
      expect(await state()).toBeNull()
      clock.now += 2 * MIN_MS
      await failOnce(2)
      await webhooks.watchFailures()
      await webhooks.watchFailures()
      expect(await state()).toBe('failing')
      expect(await alertsOf(hooks)).toEqual(['alerts.webhookFailing'])
    })

    test('one success among the failures begins the five days anew', async () => {
      const clock = standingClock()
      const hooks = await open(clock.read)
      const { webhooks } = hooks.foundation
      const receiver = await openReceiver()
      const { subscription } = await hooks.subscribe({ url: receiver.url })
      const failingSince = async () =>
        (await webhooks.subscriptions.get(hooks.businessId, subscription.id)).failingSince
      receiver.answerWith({ status: 500 })
      await hooks.post(stampAdded(0))
      await vi.waitFor(async () => expect(await failingSince()).not.toBeNull(), SOON)
      receiver.answerWith({ status: 200 })
      await hooks.post(stampAdded(1))
      await vi.waitFor(async () => expect(await failingSince()).toBeNull(), SOON)
    })

    test('a rotated secret signs beside the former one for a day', async () => {
      const clock = standingClock()
      const hooks = await open(clock.read)
      const { webhooks } = hooks.foundation
      const receiver = await openReceiver()
      const { subscription, secret: former } = await hooks.subscribe({ url: receiver.url })
      const secret = await webhooks.subscriptions.rotateSecret(by(hooks), subscription.id)
      expect(secret).not.toBe(former)
      await hooks.post(stampAdded(0))
      await vi.waitFor(() => expect(receiver.received).toHaveLength(1), SOON)
      const [both] = receiver.received
      if (!both) throw new Error('nothing came')
      for (const each of [former, secret]) verified(both, each)
      clock.now += DAY_MS
      await hooks.post(stampAdded(1))
      await vi.waitFor(() => expect(receiver.received).toHaveLength(2), SOON)
      expect(String(receiver.received[1]?.headers['webhook-signature']).split(' ')).toHaveLength(1)
    })

    test('no secret is in the database as it is', async () => {
      const hooks = await open()
      const { subscription, secret } = await hooks.subscribe({ url: 'https://hooks.example.com/' })
      const { store } = hooks.foundation.webhooks
      const [row] = await hooks.db.read(store.byId({ businessId: hooks.businessId, id: subscription.id }))
      expect(JSON.stringify(row)).not.toContain(secret.replace('whsec_', ''))
    })

    test('a test is sent once, whatever comes of it, also where the webhook is disabled', async () => {
      const hooks = await open()
      const { webhooks } = hooks.foundation
      const receiver = await openReceiver()
      receiver.answerWith({ status: 410 })
      const { subscription, secret } = await hooks.subscribe({ url: receiver.url })
      await webhooks.subscriptions.test(hooks.businessId, subscription.id)
      await vi.waitFor(async () => expect((await onlyEntry(hooks, subscription.id)).state).toBe('failed'), SOON)
      receiver.answerWith({ status: 500 })
      await webhooks.subscriptions.test(hooks.businessId, subscription.id)
      await vi.waitFor(
        async () =>
          expect((await hooks.logOf(subscription.id)).map(({ state }) => state)).toEqual(['failed', 'failed']),
        SOON,
      )
      const [request] = receiver.received
      if (!request) throw new Error('nothing came')
      expect(verified(request, secret)).toMatchObject({ event: 'test', id: request.headers['webhook-id'] })
    })

    test('an event or a time is replayed under the same ids, and one replay is one, however often it is asked for', async () => {
      const hooks = await open()
      const { webhooks } = hooks.foundation
      const receiver = await openReceiver()
      const before = Date.now()
      const ids = await hooks.post(...[0, 1, 2].map((index) => stampAdded(index)))
      const { subscription } = await hooks.subscribe({ url: receiver.url })
      const replay = (what: Parameters<typeof webhooks.replay>[2], token: string) =>
        webhooks.replay(hooks.businessId, subscription.id, what, token)
      expect(await replay({ from: before, to: Date.now() + 1 }, 'first')).toBe(3)
      await replay({ from: before, to: Date.now() + 1 }, 'first')
      await vi.waitFor(() => expect(receiver.received).toHaveLength(3), SOON)
      const [one = ''] = ids
      expect(await replay({ eventId: one }, 'second')).toBe(1)
      await vi.waitFor(() => expect(receiver.received).toHaveLength(4), SOON)
      expect(receiver.frames().map(({ id }) => id)).toEqual(expect.arrayContaining([...ids, one]))
      expect(await replay({ from: 0, to: before }, 'none')).toBe(0)
      await expect(replay({ eventId: 'evt_none' }, 'none')).rejects.toMatchObject({ code: 'not_found' })
    })

    test('what waits about an erased person does not leave, and cannot be replayed', async () => {
      const clock = standingClock()
      const hooks = await open(clock.read)
      const { webhooks, erasing, journal, eventLookups } = hooks.foundation
      const receiver = await openReceiver()
      receiver.answerWith({ status: 503 })
      const { subscription } = await hooks.subscribe({ url: receiver.url, include_contact: true })
      const [eventId = ''] = await hooks.post(stampAdded())
      await vi.waitFor(async () => expect((await onlyEntry(hooks, subscription.id)).tries).toHaveLength(1), SOON)
      const [event] = await hooks.db.read(journal.byId({ id: eventId }))
      const job = await erasing.job.start()
      await erasing.eraseCustomer(event?.customerId ?? '')
      await vi.waitFor(
        async () =>
          expect(await onlyEntry(hooks, subscription.id)).toMatchObject({ state: 'cancelled', reason: 'erased' }),
        SOON,
      )
      await vi.waitFor(
        async () =>
          expect((await hooks.db.read(eventLookups.bodiesOf({ ids: JSON.stringify([eventId]) }))).length).toBe(0),
        SOON,
      )
      await job.close()
      await expect(webhooks.replay(hooks.businessId, subscription.id, { eventId }, 'again')).rejects.toMatchObject({
        code: 'not_found',
      })
      clock.now += DAY_MS
      await hooks.wake()
      expect(receiver.received).toHaveLength(1)
    })

    test('a removed webhook is sent nothing more, and its waiting deliveries are cancelled', async () => {
      const hooks = await open()
      const { subscriptions } = hooks.foundation.webhooks
      const receiver = await openReceiver()
      receiver.answerWith({ status: 503 })
      const { subscription } = await hooks.subscribe({ url: receiver.url })
      await hooks.post(stampAdded())
      await vi.waitFor(async () => expect((await onlyEntry(hooks, subscription.id)).tries).toHaveLength(1), SOON)
      await expect(
        subscriptions.remove({ ...by(hooks), businessId: 'b_other' }, subscription.id),
      ).rejects.toMatchObject({ code: 'not_found' })
      await subscriptions.remove(by(hooks), subscription.id)
      expect(await onlyEntry(hooks, subscription.id)).toMatchObject({ state: 'cancelled' })
      expect(await subscriptions.list(hooks.businessId)).toEqual([])
      expect(await hooks.foundation.access.audit.verify(hooks.businessId)).toMatchObject({ kind: 'whole', entries: 2 })
    })

    test('a host’s lane ends with its last webhook, once nothing is on its way, and begins anew with the next', async () => {
      const hooks = await open()
      const { webhooks, lanes } = hooks.foundation
      const receiver = await openReceiver()
      receiver.answerWith('hang')
      const [one, other] = [await hooks.subscribe({ url: receiver.url }), await hooks.subscribe({ url: receiver.url })]
      const laneIds = async () => (await hooks.db.read(lanes.all({}))).map(({ id }) => id)
      const lane = `hook:127.0.0.1:${receiver.port}`
      await hooks.post(stampAdded())
      await vi.waitFor(() => expect(receiver.received).toHaveLength(2), SOON)
      await webhooks.subscriptions.remove(by(hooks), one.subscription.id)
      await webhooks.endIdleLanes()
      expect(await laneIds()).toEqual([lane])
      await webhooks.subscriptions.remove(by(hooks), other.subscription.id)
      await webhooks.endIdleLanes()
      expect(await laneIds(), 'two requests are on their way').toEqual([lane])
      receiver.letGo({ status: 204 })
      await vi.waitFor(async () => {
        await webhooks.endIdleLanes()
        expect(await laneIds()).toEqual([])
      }, SOON)
      await vi.waitFor(() => expect(hooks.heldLanes()).toEqual([]), SOON)
      receiver.answerWith({ status: 204 })
      await hooks.subscribe({ url: receiver.url })
      await hooks.post(stampAdded(1))
      await vi.waitFor(() => expect(receiver.received).toHaveLength(3), SOON)
    })

    test('a request that is given up because the program stops costs no try, and the next owner sends it', async () => {
      const hooks = await open()
      const { webhooks } = hooks.foundation
      const receiver = await openReceiver()
      receiver.answerWith('hang')
      const { subscription } = await hooks.subscribe({ url: receiver.url })
      await hooks.post(stampAdded())
      await vi.waitFor(() => expect(receiver.received).toHaveLength(1), SOON)
      await hooks.stop()
      expect(await onlyEntry(hooks, subscription.id)).toMatchObject({ state: 'pending', tries: [] })
      const { failingSince } = await webhooks.subscriptions.get(hooks.businessId, subscription.id)
      expect(failingSince).toBeNull()
      receiver.answerWith({ status: 204 })
      await hooks.start()
      await vi.waitFor(async () => expect((await onlyEntry(hooks, subscription.id)).state).toBe('sent'), SOON)
      expect(receiver.received[1]?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id'])
    })
  })
}

const by = ({ businessId }: Hooks) => ({ businessId, actor: 'cli' })

const addStaffChat = ({ db, foundation: { chats }, businessId }: Hooks) =>
  db.write(
    chats.addChat({
      id: 'chat_staff',
      businessId,
      lane: `web:${businessId}`,
      messenger: 'web',
      address: 'counter',
      isPrivate: true,
      role: 'staff',
      customerId: null,
      linkedAt: 1,
      dialogue: {},
      guesses: 0,
      guessesSince: 0,
      lastSeenAt: 1,
      createdAt: 1,
    }),
  )

/** What the staff chat is told, by the keys of its texts. */
const alertsOf = async ({ db, foundation: { ledger }, businessId }: Hooks): Promise<readonly string[]> => {
  const due = await db.read(
    ledger.dueEvents({ lane: `web:${businessId}`, now: Number.MAX_SAFE_INTEGER, held: '[]', limit: 10 }),
  )
  return due.flatMap(({ content }) => content.phrases.flatMap((phrase) => ('key' in phrase ? phrase.key : [])))
}
