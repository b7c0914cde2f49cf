import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { limitsAt } from '../../bots/telegram/telegram-messenger.js'
import { describeWith } from '../support/engines.js'
import { postgresMissing, startPostgres } from '../support/postgres-server.js'
import type { Program } from '../support/program.js'
import { redisMissing, startRedis } from '../support/redis-server.js'
import { type FaultCafe, MESSAGES_PER_SEC, openFaultCafe, unknownAtTakings, untilArrived } from './fault-cafe.js'
import { postAll, rewardIssued } from './webhook-sender.js'

const RUN = inject('faultRuns') === 'long' ? { kills: 20, deliveries: 5_000 } : { kills: 3, deliveries: 800 }
/** Of the Telegram lane: so many may be on their way at once. */
const SLOTS = limitsAt(MESSAGES_PER_SEC).slots
/** So many arrive between two kills: a third of an equal share, since a kill leaves up to as many as there are slots. */
const BETWEEN_KILLS = Math.floor(RUN.deliveries / (RUN.kills + 1) / 3)

interface Killed {
  /** What each new owner found unclear. */
  readonly unknown: number[]
  /** From each kill to the next message that arrived. */
  readonly resumedAfterMs: number[]
}

/** Kills the worker each time some more of the messages have arrived, and starts the next at once. */
const killAgainAndAgain = async (cafe: FaultCafe, env: Record<string, string> = {}): Promise<Killed> => {
  const { installation, telegram } = cafe
  telegram.fault({ kind: 'slow', delayMs: () => Math.random() * 100 }, { method: 'sendMessage' })
  const killed: Killed = { unknown: [], resumedAfterMs: [] }
  const unknownOf = (worker: Program) => void killed.unknown.push(...unknownAtTakings(worker))
  let worker = await installation.startWorker(env, 'spawned')
  for (let kill = 1; kill <= RUN.kills; kill++) {
    await untilArrived(telegram, telegram.delivered() + BETWEEN_KILLS)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 30))
    await worker.kill()
    const killedAt = performance.now()
    const arrived = telegram.delivered()
    unknownOf(worker)
    worker = await installation.startWorker(env, 'spawned')
    await untilArrived(telegram, arrived + 1)
    killed.resumedAfterMs.push(Math.round(performance.now() - killedAt))
  }
  await cafe.settled(60_000)
  expect(await worker.stop()).toMatchObject({ code: 0 })
  unknownOf(worker)
  return killed
}

const expectTruth = async (cafe: FaultCafe, { unknown, resumedAfterMs }: Killed, name: string): Promise<void> => {
  const census = await cafe.census()
  const perKill = unknown.slice(1)
  const { sent = 0, unknown: unknownInAll = 0 } = census.states
  expect(census).toMatchObject({ deliveries: RUN.deliveries, duplicates: 0, falselySent: 0, pendingEvents: 0 })
  expect(sent + unknownInAll).toBe(RUN.deliveries)
  expect(perKill).toHaveLength(RUN.kills)
  expect(Math.max(...perKill)).toBeLessThanOrEqual(SLOTS)
  expect(unknownInAll).toBe(perKill.reduce((sum, each) => sum + each))
  const [most, average] = [Math.max(...perKill), unknownInAll / RUN.kills]
  const slowest = Math.max(...resumedAfterMs)
  console.info(
    `${name}: ${RUN.kills} kills, ${RUN.deliveries} deliveries: 0 duplicates, ${unknownInAll} unknown ` +
      `(${census.unknownArrived} of them arrived), per kill ${average.toFixed(1)} on average and ${most} at most; ` +
      `resumed after ${slowest} ms at most`,
  )
}

describe('a worker that is killed in the middle of sending, again and again', () => {
  test('all in one process on SQLite: nothing twice, nothing unaccounted for', async () => {
    const cafe = await openFaultCafe()
    await cafe.plant({ to: RUN.deliveries, plan: true })
    const killed = await killAgainAndAgain(cafe, { ROLE: 'all' })
    await expectTruth(cafe, killed, 'SQLite')
  })

  describeWith('with Redis', redisMissing(), () => {
    test('beside a web process on SQLite, while webhooks come in: nothing lost, nothing twice', async () => {
      const redis = await startRedis()
      onTestFinished(() => redis.close())
      const cafe = await openFaultCafe({ redisUrl: redis.url })
      await cafe.plant({ to: RUN.deliveries, plan: false })
      const web = await cafe.installation.start({ role: 'web', until: 'listens' })
      const posting = postAll(web.webhookUrl, RUN.deliveries, rewardIssued)
      const killed = await killAgainAndAgain(cafe)
      expect(await posting).toEqual({ 202: RUN.deliveries })
      await expectTruth(cafe, killed, 'SQLite and Redis, through webhooks')
    })
  })

  describeWith('with PostgreSQL', postgresMissing(), () => {
    test('on PostgreSQL: nothing twice, nothing unaccounted for', async () => {
      const server = await startPostgres()
      onTestFinished(() => server.close())
      const cafe = await openFaultCafe({ databaseUrl: await server.createDatabase('kills') })
      await cafe.plant({ to: RUN.deliveries, plan: true })
      const killed = await killAgainAndAgain(cafe)
      await expectTruth(cafe, killed, 'PostgreSQL')
    })
  })
})
