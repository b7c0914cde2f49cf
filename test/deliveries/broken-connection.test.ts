import { test as base, describe, expect, vi } from 'vitest'
import type { SendResult } from '../../bots/messenger.js'
import { AppError } from '../../src/errors.js'
import { openDispatcher, type Provider, planned, scriptedProvider } from '../support/dispatcher.js'
import { type FlakyDatabase, flaky } from '../support/flaky-database.js'
import { openTestSqlite } from '../support/sqlite.js'

const sent: SendResult = { status: 'sent', messageId: 'm' }
const WITHIN = { timeout: 15_000, interval: 20 }
const numbered = (count: number) => Array.from({ length: count }, (_, n) => planned(`e${n}`))

interface Rig {
  readonly connection: FlakyDatabase
  readonly open: (
    provider: Provider,
    options?: Parameters<typeof openDispatcher>[2],
  ) => Promise<Awaited<ReturnType<typeof openDispatcher>>>
}

const test = base.extend<{ rig: Rig }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's needs from this pattern
  rig: async ({}, use) => {
    const file = await openTestSqlite()
    const connection = flaky(file.db)
    const stops: (() => Promise<void>)[] = []
    const open: Rig['open'] = async (provider, options) => {
      const dispatcher = await openDispatcher(connection.db, provider, options)
      stops.push(dispatcher.stop)
      return dispatcher
    }
    await use({ connection, open })
    connection.mend()
    for (const stop of stops) await stop()
    await file.close()
  },
})

describe.concurrent('a database whose connection breaks', () => {
  test('before it can say that deliveries passed the gate: they leave all the same, once, and without a lost try', async ({
    rig: { connection, open },
  }) => {
    const provider = scriptedProvider(() => sent)
    const dispatcher = await open(provider)
    connection.loseAnswer('mark sending', 2)
    await dispatcher.plan(numbered(20))
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 20 }), WITHIN)
    expect(provider.asked).toHaveLength(20)
    for (const { id } of numbered(20)) expect((await dispatcher.stateOf(id))?.attempts).toBe(1)
  })

  test('before it can say that answers are stored: they leave all the same, once', async ({
    rig: { connection, open },
  }) => {
    const provider = scriptedProvider(() => sent)
    const dispatcher = await open(provider)
    connection.loseAnswer('plan delivery')
    await expect(dispatcher.answer(['chat_1'])).rejects.toMatchObject({ code: 'unavailable' })
    await vi.waitFor(() => expect(provider.asked).toHaveLength(1), WITHIN)
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 1 }), WITHIN)
  })

  test('while results come in: each keeps its slot until it is written down, and nothing is sent twice', async ({
    rig: { connection, open },
  }) => {
    const provider = scriptedProvider(() => sent)
    const dispatcher = await open(provider, { limits: { slots: 8 } })
    connection.refuse('record sent', 3)
    connection.refuse('record result', 12)
    await dispatcher.plan(numbered(20))
    await vi.waitFor(() => expect(provider.asked).toHaveLength(6), WITHIN)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(provider.asked).toHaveLength(6)
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 20 }), WITHIN)
    expect(provider.asked).toHaveLength(20)
  })

  test('a result that it takes in no form is written down as unknown', async ({ rig: { connection, open } }) => {
    const provider = scriptedProvider(() => sent)
    const dispatcher = await open(provider)
    // With what leaves next, then by itself.
    connection.refuse('record sent', 1, new Error('a bug'))
    connection.refuse('record result', 10, new Error('a bug'))
    await dispatcher.plan([planned('e1')])
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ unknown: 1 }), WITHIN)
    expect((await dispatcher.stateOf(planned('e1').id))?.reason).toBe('its result could not be written down')
    expect(provider.asked).toHaveLength(1)
  })

  test('right after it has put messages back for another try, for longer than they wait: each is tried again once', async ({
    rig: { connection, open },
  }) => {
    const provider = scriptedProvider(async (_, sends) => {
      if (sends === 1) return { status: 'not_sent', reason: 'not now' }
      // Long enough for a result that is written down late to meet it under way.
      await new Promise((resolve) => setTimeout(resolve, 700))
      return sent
    })
    const dispatcher = await open(provider)
    connection.breakDownAfter('record result')
    await dispatcher.plan(numbered(6))
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    connection.mend()
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 6 }), WITHIN)
    expect(numbered(6).map(({ id }) => provider.timesAsked(id))).toEqual([2, 2, 2, 2, 2, 2])
  })

  test('again and again while messages are worded: what had left before is written down all the same', async ({
    rig: { open },
  }) => {
    let answers = (): void => undefined
    const answered = new Promise<SendResult>((resolve) => {
      answers = () => resolve(sent)
    })
    let isBroken = false
    const dispatcher = await open(
      scriptedProvider(() => answered),
      {
        limits: { slots: 8 },
        driver: {
          prepare: async (batch) => {
            if (isBroken) throw new AppError('unavailable', 'the connection broke')
            return new Map(batch.map(({ id }) => [id, { address: id, message: { id, text: 'hello' }, warmUp: null }]))
          },
        },
      },
    )
    const [first, others] = [numbered(6), numbered(900).slice(6)]
    await dispatcher.plan(first)
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sending: 6 }), WITHIN)
    isBroken = true
    await dispatcher.plan(others)
    answers()
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 6, pending: 894 }), WITHIN)
  })

  test('while messages are worded and it cannot be told to wait with them: they leave when it is mended', async ({
    rig: { connection, open },
  }) => {
    const provider = scriptedProvider(() => sent)
    let isFirst = true
    const dispatcher = await open(provider, {
      driver: {
        prepare: async (batch) => {
          if (isFirst) {
            isFirst = false
            throw new AppError('unavailable', 'the connection broke')
          }
          return new Map(batch.map(({ id }) => [id, { address: id, message: { id, text: 'hello' }, warmUp: null }]))
        },
      },
    })
    connection.refuse('settle pending', 1)
    await dispatcher.plan(numbered(3))
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 3 }), WITHIN)
  })

  test('while a picture is drawn: the message waits for it; a picture that cannot be drawn fails it', async ({
    rig: { open },
  }) => {
    const provider = scriptedProvider(() => sent)
    const failures = new Map<string, Error[]>([
      [planned('e0').id, [new AppError('unavailable', 'the connection broke')]],
      [planned('e1').id, [new Error('the picture could not be drawn')]],
    ])
    const dispatcher = await open(provider, {
      driver: {
        prepare: async (batch) =>
          new Map(
            batch.map(({ id }) => {
              const failure = failures.get(id)?.shift()
              const warmUp = () => (failure ? Promise.reject(failure) : Promise.resolve())
              return [id, { address: id, message: { id, text: 'hello' }, warmUp }]
            }),
          ),
      },
    })
    await dispatcher.plan(numbered(2))
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 1, failed: 1 }), WITHIN)
    expect(await dispatcher.stateOf(planned('e1').id)).toMatchObject({ reason: 'the picture could not be drawn' })
  })

  test('for as long as it is away nothing piles up, and afterwards everything goes on', async ({
    rig: { connection, open },
  }) => {
    const provider = scriptedProvider(() => sent)
    const dispatcher = await open(provider, { limits: { slots: 8 } })
    await dispatcher.plan(numbered(40))
    await vi.waitFor(() => expect(provider.asked.length).toBeGreaterThan(3), WITHIN)
    connection.breakDown()
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    const meanwhile = provider.asked.length
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(provider.asked).toHaveLength(meanwhile)
    connection.mend()
    await vi.waitFor(async () => expect(await dispatcher.counts()).toEqual({ sent: 40 }), WITHIN)
    expect(provider.asked).toHaveLength(40)
  })
})
