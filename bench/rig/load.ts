import { Pool } from 'undici'
import { monotonicMs } from './clock.js'
import { type FrameKind, frameOf } from './frames.js'
import { serve } from './helper.js'

/** Posts as one client process. */

type Aim = (Webhooks | Stamps) & { readonly port: number; readonly connections: number }

/** Each another event. */
interface Webhooks {
  readonly path: string
  readonly kind: FrameKind
  /** Events are spread over so many customers, from `firstCustomer` on. */
  readonly customers: number
  readonly firstCustomer?: number
}

/** Each one stamp, by the next card and the next key. */
interface Stamps {
  readonly kind: 'stamps'
  readonly cardIds: readonly string[]
  readonly keys: readonly string[]
  readonly namedBy: 'receipt' | 'idempotency_key'
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

interface Post {
  /** Of a café's customers, or of the cards. */
  readonly customer: number
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

const postOf = (aim: Aim, number: number): Post => {
  const nonce = `${run}_${number}`
  if (aim.kind === 'stamps') return stampOf(aim, number, nonce)
  const { path, kind, customers, firstCustomer = 0 } = aim
  const customer = firstCustomer + (number % customers)
  return { customer, path, body: frameOf(kind, customer, nonce) }
}

const stampOf = ({ cardIds, keys, namedBy }: Stamps, number: number, nonce: string): Post => {
  const customer = number % cardIds.length
  const authorization = `Bearer ${keys[number % keys.length]}`
  const path = `/api/v1/cards/${cardIds[customer]}/stamps`
  return namedBy === 'receipt'
    ? { customer, path, headers: { authorization }, body: JSON.stringify({ count: 1, receipt_id: nonce }) }
    : { customer, path, headers: { authorization, 'idempotency-key': nonce }, body: JSON.stringify({ count: 1 }) }
}

const openClient = (aim: Aim) => {
  const { port, connections } = aim
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 })
  const answers: Record<string, number> = {}
  const latenciesMs: number[] = []
  const dueMs: [number, number][] = []
  const startedMs = monotonicMs()
  return {
    startedMs,
    post: async (atMs: number): Promise<void> => {
      const { customer, path, headers, body } = postOf(aim, posted++)
      dueMs.push([customer, atMs])
      const { statusCode, body: answer } = await pool.request({
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      })
      await answer.dump()
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
