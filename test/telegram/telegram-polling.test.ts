import { describe, expect, onTestFinished, test } from 'vitest'
import { type Polling, pollUpdates } from '../../bots/telegram/telegram-polling.js'
import type { TelegramUpdate } from '../../bots/telegram/telegram-updates.js'
import { sleep } from '../../src/clock.js'
import { BAD_GATEWAY, SERVER_ERROR, tooManyRequests, UNAUTHORIZED } from '../doubles/telegram-faults.js'
import type { NewUpdate } from '../doubles/telegram-inbox.js'
import { openTelegramForTest } from './open-telegram.js'

/** A bot that polls until the test ends, with waits that the test sees and does not wait for. */
const openPoller = async (options: Partial<Polling> = {}) => {
  const { double, telegram, log, logged } = await openTelegramForTest()
  const stored: TelegramUpdate[] = []
  const delaysMs: number[] = []
  const refusals: string[] = []
  const abort = new AbortController()
  const start = (fields: Partial<Polling> = {}) =>
    pollUpdates({
      telegram,
      store: async (updates) => void stored.push(...updates),
      onRefused: (reason) => void refusals.push(reason),
      signal: abort.signal,
      log,
      async sleep(delayMs, signal) {
        delaysMs.push(delayMs)
        await sleep(1, signal)
      },
      random: () => 1,
      longPollSec: 5,
      ...options,
      ...fields,
    })
  const polling = start()
  onTestFinished(async () => {
    abort.abort()
    await polling
  })
  return { double, stored, delaysMs, refusals, abort, polling, start, logged, user: double.user(501) }
}

const until = (check: () => unknown) => expect.poll(check, { timeout: 5_000, interval: 5 })
const ids = (updates: readonly TelegramUpdate[]) => updates.map(({ updateId }) => Number(updateId))

describe('polling', () => {
  test('stores what people did, in order, with its chat, and confirms it afterwards', async () => {
    const { double, stored, user } = await openPoller()
    user.says('/start')
    user.says('card')
    user.blocks()
    await until(() => stored.length).toBe(3)
    expect(stored.map(({ address }) => address)).toEqual(['501', '501', '501'])
    expect(stored[1]?.body).toMatchObject({ message: { text: 'card' } })
    expect(ids(stored)).toEqual([...ids(stored)].sort((a, b) => a - b))
    await until(double.pendingUpdates).toBe(0)
  })

  test('asks only for what the bot reads', async () => {
    const { double } = await openPoller()
    await until(double.isPolled).toBe(true)
    const { params } = double.calls.find(({ method }) => method === 'getUpdates') ?? {}
    expect(params).toMatchObject({ allowed_updates: ['message', 'callback_query', 'my_chat_member'] })
    expect(params).not.toHaveProperty('offset')
  })

  test('confirms nothing that is not committed: what could not be stored comes again', async () => {
    let isAway = true
    const committed: TelegramUpdate[] = []
    const { double, user, delaysMs, logged } = await openPoller({
      async store(updates) {
        if (isAway) throw new Error('disk full: my secret text')
        committed.push(...updates)
      },
    })
    user.says('my secret text')
    await until(() => delaysMs.length).toBeGreaterThan(2)
    expect(double.pendingUpdates()).toBe(1)
    isAway = false
    await until(() => committed.length).toBe(1)
    await until(double.pendingUpdates).toBe(0)
    expect(logged()).not.toContain('secret')
  })

  test('killed after the commit and before the confirmation, it gets the update again', async () => {
    const { double, user, stored, start, abort, polling } = await openPoller()
    await until(double.isPolled).toBe(true)
    abort.abort()
    await polling
    user.says('hello')
    const killed = new AbortController()
    await start({
      signal: killed.signal,
      async store(updates) {
        stored.push(...updates)
        killed.abort()
      },
    })
    const next = new AbortController()
    await start({
      signal: next.signal,
      async store(updates) {
        stored.push(...updates)
        next.abort()
      },
    })
    const [first, second] = ids(stored)
    expect(first).toBe(second)
  })

  test('forgets an offset once it is confirmed, since ids start anew after a quiet week', async () => {
    const { double, user, stored } = await openPoller({ longPollSec: 0 })
    user.says('hello')
    await until(() => stored.length).toBe(1)
    const offsets = () =>
      double.calls.filter(({ method }) => method === 'getUpdates').map(({ params }) => params.offset)
    await until(offsets).toContain(Number(stored[0]?.updateId) + 1)
    await until(() => offsets().at(-1)).toBeUndefined()
    expect(new Set(offsets())).toEqual(new Set([undefined, Number(stored[0]?.updateId) + 1]))
  })

  test('removes a webhook that was set, at the start and when somebody sets one meanwhile', async () => {
    const { double, user, stored } = await openPoller()
    await until(double.isPolled).toBe(true)
    const setUrl = `${double.apiRoot}/bot${double.token}/setWebhook`
    const body = JSON.stringify({ url: 'https://elsewhere.example/hook' })
    await fetch(setUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    user.says('hello')
    await until(() => stored.length).toBe(1)
    expect(double.calls.filter(({ method }) => method === 'deleteWebhook').length).toBeGreaterThanOrEqual(2)
  })

  test('stops within moments, in the middle of a long poll', async () => {
    const { double, abort, polling } = await openPoller({ longPollSec: 30 })
    await until(double.isPolled).toBe(true)
    abort.abort()
    await polling
    await until(double.isPolled).toBe(false)
  })

  test('stores nothing of an update that names no chat, or none at all, and goes on', async () => {
    const { double, user, stored, logged } = await openPoller()
    const press = { id: '1', from: { id: 1 }, chat_instance: '1', inline_message_id: 'x', data: 'card' }
    double.push({ callback_query: press } as NewUpdate)
    double.push({ message: 'nonsense' } as unknown as NewUpdate)
    user.says('hello')
    await until(() => stored.length).toBe(1)
    await until(double.pendingUpdates).toBe(0)
    expect(logged()).toContain('telegram.update_unreadable')
  })
})

describe('when Telegram does not answer well', () => {
  test.each([
    ['is away', (double: Double) => double.goAway(), (double: Double) => double.comeBack()],
    ['is broken', async (double: Double) => double.fault(SERVER_ERROR), heal],
    ['is hidden behind a broken proxy', async (double: Double) => double.fault(BAD_GATEWAY), heal],
  ])('it %s, polling waits longer each time up to half a minute, and recovers', async (_, breakIt, mend) => {
    const { double, user, stored, delaysMs } = await openPoller()
    await until(double.isPolled).toBe(true)
    await breakIt(double)
    user.says('hello')
    await until(() => delaysMs.length).toBeGreaterThan(6)
    expect(delaysMs.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    await mend(double)
    await until(double.isPolled).toBe(true)
    expect(stored).toHaveLength(1)
    const failures = delaysMs.length
    double.fault(SERVER_ERROR, { times: 1 })
    user.says('again')
    await until(() => delaysMs.length).toBe(failures + 1)
    expect(delaysMs.at(-1)).toBe(1_000)
  })

  test('the waits differ between bots', async () => {
    const { double, delaysMs } = await openPoller({ random: () => 0 })
    double.fault(SERVER_ERROR)
    await until(() => delaysMs.slice(0, 3)).toEqual([500, 1_000, 2_000])
  })

  test('asked to wait, polling waits as long as it is told', async () => {
    const { double, delaysMs } = await openPoller()
    double.fault(tooManyRequests(17), { times: 1 })
    await until(() => delaysMs).toContain(17_000)
  })

  test('polled by another, it says so and insists only slowly', async () => {
    const { double, delaysMs, logged } = await openPoller()
    await until(double.isPolled).toBe(true)
    await fetch(`${double.apiRoot}/bot${double.token}/getUpdates`, { method: 'POST' })
    await until(() => delaysMs).toContain(15_000)
    expect(logged()).toContain('telegram.polled_by_another')
    expect(logged()).toContain('make sure that only one bot instance is running')
    expect(logged()).not.toContain(double.token)
  })

  test('refused for good, it ends and reports the lane down', async () => {
    const { double, polling, refusals } = await openPoller()
    double.fault(UNAUTHORIZED)
    double.user(501).says('wakes the long poll')
    await polling
    expect(refusals).toEqual(['401 Unauthorized'])
  })
})

const heal = async (double: Double) => double.clearFaults()

type Double = Awaited<ReturnType<typeof openPoller>>['double']
