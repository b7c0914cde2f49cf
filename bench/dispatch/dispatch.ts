import { type Helper, startHelper } from '../rig/helper.js'
import { type Redis, startRedis } from '../rig/redis.js'
import { atLeast, type Line } from '../rig/report.js'
import { median } from '../rig/statistics.js'
import type { TelegramSink } from '../rig/telegram-sink.js'
import type { BarePool } from './bare-pool.js'
import { CONCURRENCY, openCampaignCafe, rateOf, runCampaign } from './campaign-run.js'
import type { JobPerRecipient } from './job-per-recipient.js'

const DELIVERIES = 50_000
/** The usual way is too slow for as many; its rate does not depend on how many there are. */
const JOBS = 15_000
const ROUNDS = 3

interface Rig {
  readonly sink: Helper<TelegramSink>
  readonly sinkPort: number
  readonly redis: Redis
}

/** Messages per second as the sink saw them arrive. */
interface Round {
  readonly program: number
  readonly programCpuUs: number
  readonly pool: number
  readonly jobs: number
}

/** The dispatcher at full speed against bare HTTP, and against the way it is usually done. */
export const benchDispatch = async (): Promise<Line[]> => {
  const redis = await startRedis()
  const sink = startHelper<TelegramSink>(new URL('../rig/telegram-sink.js', import.meta.url))
  try {
    const rig = { sink, sinkPort: await sink.ask('listen'), redis }
    const rounds: Round[] = []
    for (let round = 1; round <= ROUNDS; round++) {
      const result = await playRound(rig)
      console.log(
        `  round ${round}: ${JSON.stringify(result, (_, value) => (typeof value === 'number' ? Math.round(value) : value))}`,
      )
      rounds.push(result)
    }
    return linesOf(rounds)
  } finally {
    await Promise.all([sink.stop(), redis.close()])
  }
}

const playRound = async (rig: Rig): Promise<Round> => {
  const { sink, sinkPort } = rig
  const cafe = await openCampaignCafe(sinkPort, DELIVERIES)
  try {
    const { perSec, cpuUs } = await runCampaign(sink, cafe, DELIVERIES)
    const bodies = await sink.ask('samples')
    return { program: perSec, programCpuUs: cpuUs, pool: await runPool(rig, bodies), jobs: await runJobs(rig, bodies) }
  } finally {
    await cafe.remove()
  }
}

// Each begins as a new process in every round, as the program does: one that has run before is faster by a third.

const runPool = async ({ sink, sinkPort }: Rig, bodies: readonly string[]): Promise<number> => {
  const pool = startHelper<BarePool>(new URL('./bare-pool.js', import.meta.url))
  try {
    await sink.ask('reset', false)
    await pool.ask('post', sinkPort, bodies, DELIVERIES, CONCURRENCY)
    return await rateOf(sink, DELIVERIES)
  } finally {
    await pool.stop()
  }
}

const runJobs = async ({ sink, sinkPort, redis }: Rig, bodies: readonly string[]): Promise<number> => {
  const jobs = startHelper<JobPerRecipient>(new URL('./job-per-recipient.js', import.meta.url))
  try {
    await sink.ask('reset', false)
    await jobs.ask('enqueue', redis.port, bodies, JOBS)
    await jobs.ask('work', redis.port, sinkPort, JOBS, CONCURRENCY)
    return await rateOf(sink, JOBS)
  } finally {
    await jobs.stop()
  }
}

const linesOf = (rounds: readonly Round[]): Line[] => {
  const of = (figure: (round: Round) => number) => median(rounds.map(figure))
  return [
    { name: 'per_sec', what: `${DELIVERIES} deliveries, all rules on`, value: of((r) => r.program), unit: '/s' },
    { name: 'cpu_us', what: 'CPU of the program for one', value: of((r) => r.programCpuUs), unit: 'µs' },
    { name: 'pool_per_sec', what: 'a bare undici pool', value: of((r) => r.pool), unit: '/s' },
    { name: 'jobs_per_sec', what: 'a BullMQ job per recipient, calling grammY', value: of((r) => r.jobs), unit: '/s' },
    {
      name: 'to_pool',
      what: 'of the bare pool',
      value: of((r) => r.program / r.pool),
      unit: '×',
      target: atLeast(0.4),
      isRatio: true,
    },
    {
      name: 'to_jobs',
      what: 'of a job per recipient',
      value: of((r) => r.program / r.jobs),
      unit: '×',
      target: atLeast(2),
      isRatio: true,
    },
  ]
}
