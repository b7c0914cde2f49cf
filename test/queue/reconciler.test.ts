import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createLog } from '../../src/log.js'
import type { Queue } from '../../src/queue/queue.js'
import { startReconciler } from '../../src/queue/reconciler.js'

const SOON = { timeout: 5_000, interval: 5 }

/** What a reconciler needs of a queue: to hear that it is back. */
const queueThatReturns = () => {
  const listeners: (() => void)[] = []
  const queue: Queue = {
    wake: async () => undefined,
    repeat: async () => undefined,
    work: async () => ({ close: async () => undefined }),
    onReconnect: (listener) => void listeners.push(listener),
    check: async () => undefined,
    close: async () => undefined,
  }
  const comeBack = () => {
    for (const listener of listeners) listener()
  }
  return { queue, comeBack }
}

const start = (options: { leads?: boolean; found?: number; fails?: boolean } = {}) => {
  const { queue, comeBack } = queueThatReturns()
  let rounds = 0
  const reconciler = startReconciler({
    chores: [
      {
        name: 'counted',
        run: async () => {
          rounds++
          if (options.fails) throw new Error('no database')
          return options.found ?? 0
        },
      },
    ],
    holdLease: async () => options.leads ?? true,
    owner: 'test',
    queue,
    log: createLog('silent'),
  })
  onTestFinished(() => reconciler.stop())
  return { comeBack, rounds: () => rounds }
}

describe('the reconciler', () => {
  test('looks at once when it starts, also while the lease of a process that died lives on', async () => {
    const reconciler = start({ leads: false })
    await vi.waitFor(() => expect(reconciler.rounds()).toBe(1), SOON)
  })

  test('looks at once when the queue is back, in every process', async () => {
    const reconciler = start({ leads: false })
    await vi.waitFor(() => expect(reconciler.rounds()).toBe(1), SOON)
    reconciler.comeBack()
    await vi.waitFor(() => expect(reconciler.rounds()).toBe(2), SOON)
  })

  test.each([
    ['it found something due', { found: 1 }],
    ['it failed', { fails: true }],
  ])('looks again within 5 s when %s', async (_when, options) => {
    const reconciler = start(options)
    await vi.waitFor(() => expect(reconciler.rounds()).toBe(2), { timeout: 7_000, interval: 20 })
  })
})
