import { type Cafe, openCafe } from '../rig/cafe.js'
import { monotonicMs } from '../rig/clock.js'
import { drained } from '../rig/drained.js'
import { type Helper, startHelper } from '../rig/helper.js'
import type { Load, Posted } from '../rig/load.js'
import { startProgram } from '../rig/program.js'
import { startRedis } from '../rig/redis.js'
import { atLeast, atMost, type Line } from '../rig/report.js'
import { median, percentile } from '../rig/statistics.js'
import type { BareExpress } from './bare-express.js'

const ROUNDS = 3
const CONNECTIONS = 64
const CLOSED_LOOP_MS = 4_000
const CUSTOMERS = 2_000
const OPEN_LOOP_PER_SEC = 1_000
const OPEN_LOOP_COUNT = 10_000

interface Rig {
  readonly load: Helper<Load>
  readonly cafe: Cafe
  readonly port: number
  readonly expressPort: number
}

interface Round {
  readonly accepted: number
  readonly express: number
  readonly applied: number
  readonly drainSec: number
}

/** A web process that takes webhooks in beside a worker that applies them, against a server that keeps nothing. */
export const benchIngest = async (): Promise<Line[]> => {
  const redis = await startRedis()
  const load = startHelper<Load>(new URL('../rig/load.js', import.meta.url))
  const express = startHelper<BareExpress>(new URL('./bare-express.js', import.meta.url))
  const cafe = await openCafe({ customers: 0, settings: { REDIS_URL: redis.url, TELEGRAM_BOT_TOKEN: '' } })
  const web = await startProgram({ ...cafe.settings, ROLE: 'web' })
  const worker = await startProgram({ ...cafe.settings, ROLE: 'worker' })
  try {
    const rig = { load, cafe, port: web.port, expressPort: await express.ask('listen') }
    const rounds: Round[] = []
    for (let round = 0; round < ROUNDS; round++) rounds.push(await playRound(rig))
    const steady = await load.ask('openLoop', aim(rig, rig.port), OPEN_LOOP_PER_SEC, OPEN_LOOP_COUNT)
    expectAccepted(steady)
    await drained(rig)
    return linesOf(rounds, steady)
  } finally {
    await Promise.all([web.stop(), worker.stop(), load.stop(), express.stop()])
    await Promise.all([redis.close(), cafe.remove()])
  }
}

const aim = ({ cafe }: Rig, port: number) => ({
  port,
  path: cafe.webhookPath,
  kind: 'picture' as const,
  customers: CUSTOMERS,
  connections: CONNECTIONS,
})

const playRound = async (rig: Rig): Promise<Round> => {
  const { load } = rig
  const startedMs = monotonicMs()
  const taken = await load.ask('closedLoop', aim(rig, rig.port), CLOSED_LOOP_MS)
  expectAccepted(taken)
  const postedMs = monotonicMs()
  await drained(rig)
  const drainedMs = monotonicMs()
  const bare = await load.ask('closedLoop', aim(rig, rig.expressPort), CLOSED_LOOP_MS)
  const count = taken.latenciesMs.length
  return {
    accepted: count / taken.seconds,
    express: bare.latenciesMs.length / bare.seconds,
    applied: (count / (drainedMs - startedMs)) * 1_000,
    drainSec: (drainedMs - postedMs) / 1_000,
  }
}

const expectAccepted = ({ answers }: Posted): void => {
  if (Object.keys(answers).join() !== '202') throw new Error(`not all were answered 202: ${JSON.stringify(answers)}`)
}

const linesOf = (rounds: readonly Round[], steady: Posted): Line[] => {
  const of = (figure: (round: Round) => number) => median(rounds.map(figure))
  const p = (share: number) => percentile(steady.latenciesMs, share)
  return [
    { name: 'accepted_per_sec', what: 'durable 202s, 64 connections', value: of((r) => r.accepted), unit: '/s' },
    { name: 'express_per_sec', what: 'a bare Express 5 server', value: of((r) => r.express), unit: '/s' },
    {
      name: 'to_express',
      what: 'of the bare server',
      value: of((r) => r.accepted / r.express),
      unit: '×',
      target: atLeast(0.6),
      isRatio: true,
    },
    { name: 'p50_ms', what: `answer at ${OPEN_LOOP_PER_SEC}/s, median`, value: p(0.5), unit: 'ms' },
    {
      name: 'p99_ms',
      what: `answer at ${OPEN_LOOP_PER_SEC}/s, 99 %`,
      value: p(0.99),
      unit: 'ms',
      target: atMost(50),
    },
    {
      name: 'applied_per_sec',
      what: 'events applied, while they come in and after',
      value: of((r) => r.applied),
      unit: '/s',
      target: atLeast(500),
    },
    { name: 'drain_sec', what: 'from the last 202 to the last applied', value: of((r) => r.drainSec), unit: 's' },
  ]
}
