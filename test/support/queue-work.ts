import { setTimeout as delay } from 'node:timers/promises'
import { test as base, expect, vi } from 'vitest'
import type { Queue } from '../../src/queue/queue.js'

/** Opens one more queue on the same server, as another process does. */
export type OpenQueue = () => Promise<Queue>

/** Long enough for a busy machine; what is asked comes within milliseconds. */
export const SOON = { timeout: 10_000, interval: 5 }

interface Fixtures {
  readonly queue: Queue
  /** One more process on the same server. */
  readonly another: OpenQueue
}

/** Tests that get their own queue, closed when they end. */
export const testOn = (open: OpenQueue) =>
  base.extend<Fixtures>({
    another: async ({ onTestFinished }, use) => {
      await use(async () => {
        const queue = await open()
        onTestFinished(() => queue.close())
        return queue
      })
    },
    queue: async ({ another }, use) => {
      await use(await another())
    },
  })

export interface Runs {
  readonly topic: string
  /** In the order of their starts. */
  readonly ids: string[]
  readonly startedAt: number[]
  readonly atOnce: number
  readonly mostAtOnce: number
  readonly worker: { close(): Promise<void> }
  /** Waits until exactly these ids have started to run, in any order. */
  reach(ids: readonly string[]): Promise<void>
  /** The same, and that no more follow. */
  staysAt(ids: readonly string[]): Promise<void>
}

/** Works a topic and keeps record of what runs. */
export const recordRuns = async (
  queue: Queue,
  topicName: string,
  { concurrency = 10, run }: { concurrency?: number; run?: (id: string) => Promise<void> } = {},
): Promise<Runs> => {
  const ids: string[] = []
  const startedAt: number[] = []
  let [atOnce, mostAtOnce] = [0, 0]
  const worker = await queue.work(topicName, { concurrency }, async (id) => {
    ids.push(id)
    startedAt.push(Date.now())
    atOnce += 1
    mostAtOnce = Math.max(mostAtOnce, atOnce)
    try {
      await run?.(id)
    } finally {
      atOnce -= 1
    }
  })
  const reach = async (expected: readonly string[]): Promise<void> => {
    await vi.waitFor(() => expect([...ids].sort()).toEqual([...expected].sort()), SOON)
  }
  return {
    topic: topicName,
    ids,
    startedAt,
    get atOnce() {
      return atOnce
    },
    get mostAtOnce() {
      return mostAtOnce
    },
    worker,
    reach,
    staysAt: async (expected) => {
      await reach(expected)
      await delay(250)
      expect(ids).toHaveLength(expected.length)
    },
  }
}

let topics = 0
/** A topic of this test alone. */
export const topic = (): string => `topic-${++topics}`
