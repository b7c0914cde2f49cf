import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SendResult } from '../../bots/messenger.js'
import { answerTo, openDispatcher, type Provider, planned, scriptedProvider } from '../support/dispatcher.js'
import { openTestSqlite, type TestDatabase } from '../support/sqlite.js'

const sent: SendResult = { status: 'sent', messageId: 'm' }
const SOON = { timeout: 10_000, interval: 10 }
const chats = (count: number) => Array.from({ length: count }, (_, n) => `chat_${n}`)

/** A provider that answers when the test lets it. */
const hangingProvider = () => {
  const waiting: (() => void)[] = []
  let isOpen = false
  const provider = scriptedProvider(async () => {
    if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve))
    return sent
  })
  const letGo = () => {
    isOpen = true
    for (const resolve of waiting.splice(0)) resolve()
  }
  return { provider, letGo }
}

describe('answers to what people just wrote', () => {
  let file: TestDatabase
  let stops: (() => Promise<void>)[] = []
  beforeEach(async () => {
    file = await openTestSqlite()
    stops = []
  })
  afterEach(async () => {
    for (const stop of stops) await stop()
    await file.close()
  })
  const open = async (provider: Provider, options: Parameters<typeof openDispatcher>[2] = {}) => {
    const dispatcher = await openDispatcher(file.db, provider, options)
    stops.push(dispatcher.stop)
    return dispatcher
  }

  test('leave at once, also while bulk messages fill their part of the slots', async () => {
    const { provider, letGo } = hangingProvider()
    const dispatcher = await open(provider, { limits: { slots: 8 } })
    await dispatcher.plan(Array.from({ length: 20 }, (_, n) => planned(`e${n}`)))
    await vi.waitFor(() => expect(provider.asked).toHaveLength(6), SOON)
    await dispatcher.answer(['chat_1'])
    await vi.waitFor(() => expect(provider.timesAsked(answerTo('chat_1').id)).toBe(1), SOON)
    letGo()
  })

  test('are begun a few at a time, so that a crash leaves few unknown; the others wait unanswered', async () => {
    const { provider, letGo } = hangingProvider()
    const dispatcher = await open(provider, { limits: { slots: 8 } })
    const answering = dispatcher.answer(chats(30))
    await vi.waitFor(() => expect(provider.asked).toHaveLength(2), SOON)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(await dispatcher.counts()).toEqual({ sending: 2 })
    letGo()
    await answering
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 30 }), SOON)
  })

  test('wait like everything else while the lane is paused, and leave when it opens', async () => {
    const provider = scriptedProvider(() =>
      provider.asked.length === 1 ? { status: 'not_sent', reason: '429', pauseLaneMs: 700 } : sent,
    )
    const dispatcher = await open(provider)
    await dispatcher.answer(['chat_1'])
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ pending: 1 }), SOON)
    await dispatcher.answer(['chat_2', 'chat_3'])
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ pending: 3 }), SOON)
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 3 }), SOON)
    expect((provider.asked[1]?.at ?? 0) - (provider.asked[0]?.at ?? 0)).toBeGreaterThan(650)
    expect(await dispatcher.stateOf(answerTo('chat_2').id)).toMatchObject({ attempts: 1 })
  })

  test('many of them on a paused lane do not make its pause longer', async () => {
    const provider = scriptedProvider(() =>
      provider.asked.length === 1 ? { status: 'not_sent', reason: '429', pauseLaneMs: 600 } : sent,
    )
    const dispatcher = await open(provider)
    await dispatcher.answer(['first'])
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ pending: 1 }), SOON)
    const [before] = await file.db.read(dispatcher.lanes.all({}))
    for (const chat of chats(20)) await dispatcher.answer([chat])
    const [after] = await file.db.read(dispatcher.lanes.all({}))
    expect(after?.pausedUntil).toBe(before?.pausedUntil)
  })

  test('that have not left when the process stops are left to the next owner', async () => {
    const { provider, letGo } = hangingProvider()
    const first = await openDispatcher(file.db, provider, { limits: { allPerSec: 4, allBurst: 1, slots: 32 } })
    await first.answer(chats(6))
    await vi.waitFor(() => expect(provider.asked).toHaveLength(1), SOON)
    const stopping = first.stop()
    letGo()
    await stopping
    const counts = await first.counts()
    expect(counts.sending).toBeUndefined()
    expect(counts.pending).toBeGreaterThan(3)
    const next = scriptedProvider(() => sent)
    const second = await open(next)
    await vi.waitFor(async () => expect(await second.counts()).toEqual({ sent: 6 }), SOON)
    expect(provider.asked.length + next.asked.length).toBe(6)
  })
})
