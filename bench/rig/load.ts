import { Pool } from 'undici'
import { monotonicMs } from './clock.js'
import { type FrameKind, frameOf } from './frames.js'
import { serve } from './helper.js'

/** Posts webhooks, each another event, as one client process. */

interface Aim {
  readonly port: number
  readonly path: string
  readonly kind: FrameKind
  /** Events are spread over so many customers, from `firstCustomer` on. */
  readonly customers: number
  readonly firstCustomer?: number
  readonly connections: number
}

export interface Posted {
  /** By HTTP status. */
  readonly answers: Readonly<Record<string, number>>
  readonly seconds: number
  /** Of each request, from when it was due (open loop) or posted (closed loop) to its answer. */
  readonly latenciesMs: readonly number[]
  /** When the request about this customer was due, on the clock that all processes share. */
  readonly dueMs: readonly (readonly [customer: number, atMs: number])[]
}

const run = `${process.pid}_${Date.now()}`
let posted = 0

const openClient = ({ port, path, kind, customers, firstCustomer = 0, connections }: Aim) => {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 })
  const answers: Record<string, number> = {}
  const latenciesMs: number[] = []
  const dueMs: [number, number][] = []
  const startedMs = monotonicMs()
  return {
    startedMs,
    post: async (atMs: number): Promise<void> => {
      const number = posted++
      const customer = firstCustomer + (number % customers)
      dueMs.push([customer, atMs])
      const { statusCode, body } = await pool.request({
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: frameOf(kind, customer, `${run}_${number}`),
      })
      await body.dump()
      answers[statusCode] = (answers[statusCode] ?? 0) + 1
      latenciesMs.push(monotonicMs() - atMs)
    },
    end: async (): Promise<Posted> => {
      const seconds = (monotonicMs() - startedMs) / 1_000
      await pool.close()
      return { answers, seconds, latenciesMs, dueMs }
    },
  }
}

export type Load = typeof commands

const commands = serve({
  /** Each connection posts again as soon as it has its answer. */
  closedLoop: async (aim: Aim, forMs: number): Promise<Posted> => {
    const client = openClient(aim)
    const postUntilEnd = async (): Promise<void> => {
      for (let now = monotonicMs(); now < client.startedMs + forMs; now = monotonicMs()) await client.post(now)
    }
    await Promise.all(Array.from({ length: aim.connections }, postUntilEnd))
    return client.end()
  },
  /** Posts at a fixed pace, however slowly answers come; a late answer counts from when its request was due. */
  openLoop: async (aim: Aim, perSec: number, count: number): Promise<Posted> => {
    const client = openClient(aim)
    const open: Promise<void>[] = []
    for (let number = 0; number < count; number++) {
      const atMs = client.startedMs + (number * 1_000) / perSec
      const waitMs = atMs - monotonicMs()
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
      open.push(client.post(atMs))
    }
    await Promise.all(open)
    return client.end()
  },
})
