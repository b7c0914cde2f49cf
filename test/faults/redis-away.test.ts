import { setTimeout as delay } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { type Database, statement } from '../../src/db/database.js'
import { eventTables } from '../../src/events/event-tables.js'
import { survivesOutage } from '../contracts/queue-outage.js'
import { describeWith } from '../support/engines.js'
import { testOnRedis } from '../support/redis-queue.js'
import { redisMissing, startRedis } from '../support/redis-server.js'
import { openFaultCafe } from './fault-cafe.js'
import { postAll, rewardIssued } from './webhook-sender.js'

const OUTAGE_MS = inject('faultRuns') === 'long' ? 30_000 : 8_000
/** DESIGN: the work goes on this long after Redis is back, at the latest. */
const RESUMES_WITHIN_MS = 5_000
const PER_SEC = 40
const FLUSHES = inject('faultRuns') === 'long' ? 20 : 4

const countApplied = async (db: Database): Promise<number> => {
  const { events } = db.tables(eventTables)
  const applied = statement('test applied events', (q) =>
    q
      .select({ count: sql<number>`count(*)`.mapWith(Number) })
      .from(events)
      .where(eq(events.state, 'applied')),
  )
  return (await db.read(applied({})))[0]?.count ?? 0
}

const start = async (customers: number, planted: number) => {
  const redis = await startRedis()
  onTestFinished(() => redis.close())
  const cafe = await openFaultCafe({ redisUrl: redis.url })
  await cafe.plant({ to: customers, plan: false })
  await cafe.plant({ from: customers, to: customers + planted, plan: true })
  const web = await cafe.installation.start({ role: 'web' })
  await cafe.installation.startWorker({ TELEGRAM_MESSAGES_PER_SEC: '50' })
  return { cafe, redis, web }
}

describeWith('a Redis that fails while webhooks come in', redisMissing(), () => {
  // The short form of this one is with the queue's own tests.
  if (inject('faultRuns') === 'long')
    testOnRedis(`the queue itself, away for ${OUTAGE_MS / 1_000} s: it resumes within 5 s`, async ({ redis, open }) => {
      console.info(`the queue resumed ${await survivesOutage(redis, open, OUTAGE_MS)} ms after Redis was back`)
    })

  describe('emptied by FLUSHALL, several times', () => {
    test('no event and no message is lost, and none comes twice', async () => {
      const seconds = 1 + FLUSHES
      const { cafe, redis, web } = await start(PER_SEC * seconds, 0)
      const posting = postAll(web.webhookUrl, PER_SEC * seconds, rewardIssued, { perSec: PER_SEC })
      for (let flush = 0; flush < FLUSHES; flush++) {
        await delay(900)
        await redis.flush()
      }
      expect(await posting).toEqual({ 202: PER_SEC * seconds })
      const census = await cafe.settled(60_000)
      expect(census).toMatchObject({ states: { sent: PER_SEC * seconds }, duplicates: 0, falselySent: 0 })
    })
  })

  describe(`away for ${OUTAGE_MS / 1_000} s`, () => {
    test('webhooks are accepted, lanes go on, and events are applied again within 5 s of its return', async () => {
      const seconds = OUTAGE_MS / 1_000 + 6
      const planted = 50 * (OUTAGE_MS / 1_000)
      const { cafe, redis, web } = await start(PER_SEC * seconds, planted)
      const posting = postAll(web.webhookUrl, PER_SEC * seconds, rewardIssued, { perSec: PER_SEC })
      await delay(2_000)
      await redis.stop()
      await delay(1_000)
      const atOutage = cafe.telegram.delivered()
      await delay(OUTAGE_MS - 1_000)
      // The lane needs no queue.
      expect(cafe.telegram.delivered() - atOutage).toBeGreaterThan(planted / 3)
      expect((await fetch(`${web.url}/readyz`)).status).toBe(503)

      await redis.restart()
      const back = performance.now()
      const resumedAfterMs = await cafe.withDatabase(async (db) => {
        const before = await countApplied(db)
        while ((await countApplied(db)) <= before) await delay(20)
        return Math.round(performance.now() - back)
      })
      expect(resumedAfterMs).toBeLessThanOrEqual(RESUMES_WITHIN_MS)
      expect(await posting).toEqual({ 202: PER_SEC * seconds })
      const census = await cafe.settled(60_000)
      expect(census).toMatchObject({ states: { sent: PER_SEC * seconds + planted }, duplicates: 0, falselySent: 0 })
      console.info(
        `Redis away for ${OUTAGE_MS / 1_000} s: events were applied again ${resumedAfterMs} ms after its return`,
      )
    })
  })
})
