import { setTimeout as delay } from 'node:timers/promises'
import { test as base, describe, expect, vi } from 'vitest'
import type { Signals } from '../../src/queue/signals.js'

/** Opens the signals of one more process on the same server. */
export type OpenSignals = () => Promise<Signals>

const SOON = { timeout: 10_000, interval: 5 }

interface Fixtures {
  readonly signals: Signals
  readonly another: OpenSignals
}

const testOn = (open: OpenSignals) =>
  base.extend<Fixtures>({
    another: async ({ onTestFinished }, use) => {
      await use(async () => {
        const signals = await open()
        onTestFinished(() => signals.close())
        return signals
      })
    },
    signals: async ({ another }, use) => {
      await use(await another())
    },
  })

/** What all signals promise inside their own process. The suite runs on each adapter. */
export const signalsContract = (open: OpenSignals): void => {
  const test = testOn(open)
  describe('the signals', () => {
    test('reach the listeners of the own process at once', ({ signals }) => {
      const heard = listen(signals, 'lane')
      signals.publish('lane', 'telegram:7')
      expect(heard).toEqual(['telegram:7'])
    })

    test('reach every listener of the topic, and no other', ({ signals }) => {
      const [one, two, other] = [listen(signals, 'lane'), listen(signals, 'lane'), listen(signals, 'business')]
      signals.publish('lane', 'a')
      signals.publish('business', 'b')
      expect([one, two, other]).toEqual([['a'], ['a'], ['b']])
    })

    test('end with the subscription', ({ signals }) => {
      const heard: string[] = []
      const listener = (id: string) => heard.push(id)
      const [endFirst] = [signals.subscribe('lane', listener), signals.subscribe('lane', listener)]
      endFirst()
      endFirst()
      signals.publish('lane', 'a')
      expect(heard).toEqual(['a'])
    })

    test('one listener that throws harms neither the others nor the publisher', ({ signals }) => {
      signals.subscribe('lane', () => {
        throw new Error('a listener failed')
      })
      const heard = listen(signals, 'lane')
      signals.publish('lane', 'a')
      expect(heard).toEqual(['a'])
    })

    test('come once to the own process, also after the server has passed them on', async ({ signals }) => {
      const heard = listen(signals, 'web_chat')
      await delay(150)
      signals.publish('web_chat', 'chat_1')
      await delay(150)
      expect(heard).toEqual(['chat_1'])
    })

    test('are over when closed', async ({ signals }) => {
      const heard = listen(signals, 'lane')
      await signals.close()
      signals.publish('lane', 'a')
      expect(heard).toEqual([])
    })
  })
}

/** What signals promise between the processes on one server. */
export const sharedSignalsContract = (open: OpenSignals): void => {
  const test = testOn(open)
  describe('the signals between processes', { timeout: 20_000 }, () => {
    test('reach the others once, with any id', async ({ signals, another }) => {
      const others = [await another(), await another()]
      const heard = await Promise.all(others.map((other) => listenConnected(signals, other)))
      const ids = ['a', 'Київ ☕', '{"x":[1]}', 'a\u0000b\nc', 'x'.repeat(3_000)]
      for (const id of ids) signals.publish('web_chat', id)
      await vi.waitFor(() => expect(heard).toEqual([ids, ids]), SOON)
      await delay(100)
      expect(heard).toEqual([ids, ids])
    })

    test('of a flood all distinct hints arrive', async ({ signals, another }) => {
      const heard = await listenConnected(signals, await another())
      const ids = Array.from({ length: 3_000 }, (_, index) => `chat_${index}`)
      for (const id of [...ids, ...ids]) signals.publish('web_chat', id)
      await vi.waitFor(() => expect(heard).toHaveLength(ids.length), SOON)
      expect(new Set(heard)).toEqual(new Set(ids))
    })

    test('too long for the server, one is left out and the next arrives', async ({ signals, another }) => {
      const heard = await listenConnected(signals, await another())
      signals.publish('web_chat', 'x'.repeat(100_000))
      signals.publish('web_chat', 'short')
      await vi.waitFor(() => expect(heard).toEqual(['short']), SOON)
    })
  })
}

const listen = (signals: Signals, topic: Parameters<Signals['subscribe']>[0]): string[] => {
  const heard: string[] = []
  signals.subscribe(topic, (id) => heard.push(id))
  return heard
}

/** Listens to `web_chat`, and waits until hints come through from the other process. */
export const listenConnected = async (from: Signals, to: Signals): Promise<string[]> => {
  const probes = listen(to, 'business')
  await vi.waitFor(() => {
    from.publish('business', 'probe')
    expect(probes.length).toBeGreaterThan(0)
  }, SOON)
  return listen(to, 'web_chat')
}
