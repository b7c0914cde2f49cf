import { join } from 'node:path'
import { type Cafe, openCafe } from '../rig/cafe.js'
import { drained } from '../rig/drained.js'
import { type Helper, startHelper } from '../rig/helper.js'
import type { Load, Posted } from '../rig/load.js'
import { startProgram } from '../rig/program.js'
import { startRedis } from '../rig/redis.js'
import { atLeast, type Line } from '../rig/report.js'
import { median, percentile } from '../rig/statistics.js'
import type { BareInsert } from './bare-insert.js'
import { openTills, type Tills } from './tills.js'

const ROUNDS = 3
const CONNECTIONS = 64
const CLOSED_LOOP_MS = 4_000
const CARDS = 2_000
/** Each key may ask 3,000 times, and then 50 times a second. */
const LOGINS = 32

interface Rig {
  readonly load: Helper<Load>
  readonly tills: Tills
  readonly port: number
  readonly barePort: number
}

interface Round {
  readonly stamps: Posted
  readonly bare: Posted
}

/** A web process that stamps cards beside a worker that tells of it, against a server that does one durable insert. */
export const benchStamps = async (): Promise<Line[]> => {
  const redis = await startRedis()
  const load = startHelper<Load>(new URL('../rig/load.js', import.meta.url))
  const bare = startHelper<BareInsert>(new URL('./bare-insert.js', import.meta.url))
  const cafe = await openCafe({ customers: 0, settings: { REDIS_URL: redis.url, TELEGRAM_BOT_TOKEN: '' } })
  const tills = await openTills(cafe, { cards: CARDS, logins: LOGINS })
  const web = await startProgram({ ...cafe.settings, ROLE: 'web' })
  const worker = await startProgram({ ...cafe.settings, ROLE: 'worker' })
  try {
    const rig = { load, tills, port: web.port, barePort: await bare.ask('listen', barePath(cafe)) }
    const rounds: Round[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const stamps = await stamped(rig, rig.port, 'receipt')
      await drained(rig)
      rounds.push({ stamps, bare: await stamped(rig, rig.barePort, 'receipt') })
    }
    const keyed = await stamped(rig, rig.port, 'idempotency_key')
    return linesOf(rounds, keyed)
  } finally {
    await Promise.all([web.stop(), worker.stop(), load.stop(), bare.stop()])
    await Promise.all([redis.close(), cafe.remove()])
  }
}

const barePath = ({ dataDir }: Cafe): string => join(dataDir, 'bare.sqlite')

const stamped = async ({ load, tills }: Rig, port: number, namedBy: 'receipt' | 'idempotency_key'): Promise<Posted> => {
  const aim = { kind: 'stamps', port, connections: CONNECTIONS, namedBy, ...tills } as const
  const posted = await load.ask('closedLoop', aim, CLOSED_LOOP_MS)
  if (Object.keys(posted.answers).join() !== '201')
    throw new Error(`not all were answered 201: ${JSON.stringify(posted.answers)}`)
  return posted
}

const perSec = ({ latenciesMs, seconds }: Posted): number => latenciesMs.length / seconds

const linesOf = (rounds: readonly Round[], keyed: Posted): Line[] => {
  const of = (figure: (round: Round) => number) => median(rounds.map(figure))
  return [
    {
      name: 'stamps_per_sec',
      what: `durable stamps, ${CONNECTIONS} connections`,
      value: of(({ stamps }) => perSec(stamps)),
      unit: '/s',
    },
    {
      name: 'inserts_per_sec',
      what: 'a bare Express 5 server, one durable insert each',
      value: of(({ bare }) => perSec(bare)),
      unit: '/s',
    },
    {
      name: 'to_bare',
      what: 'of the bare server',
      value: of(({ stamps, bare }) => perSec(stamps) / perSec(bare)),
      unit: '×',
      target: atLeast(0.5),
      isRatio: true,
    },
    {
      name: 'p50_ms',
      what: 'an answer, median',
      value: of(({ stamps }) => percentile(stamps.latenciesMs, 0.5)),
      unit: 'ms',
    },
    {
      name: 'keyed_per_sec',
      what: 'with an Idempotency-Key instead of a receipt',
      value: perSec(keyed),
      unit: '/s',
    },
  ]
}
