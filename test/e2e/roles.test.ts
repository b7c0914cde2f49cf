import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeWith } from '../support/engines.js'
import { postgresMissing, startPostgres } from '../support/postgres-server.js'
import { redisMissing, startRedis } from '../support/redis-server.js'
import { cardIssued, OLENA, stampAdded, voucherIssued, voucherRedeemed } from './frames.js'
import { type CafeOptions, linkTo, openCafe, SOON, tell, waitForMessages } from './open-cafe.js'

/** A web process and a worker of one café: the visit that one process serves alone elsewhere. */
const serveAVisit = async (options: CafeOptions) => {
  const cafe = await openCafe(options)
  const { installation, telegram } = cafe
  const web = await installation.start({ role: 'web' })
  const worker = await installation.startWorker()
  await tell(web, cardIssued(OLENA))
  const olena = telegram.user(501)
  olena.says(`/start ${await linkTo(cafe, OLENA.id)}`)
  await waitForMessages(olena.sees, 2)

  await tell(web, stampAdded(OLENA, 1), voucherIssued(OLENA, 'v_1'))
  const [voucher] = await waitForMessages(olena.sees, 1, 2)
  expect(voucher?.text).toContain('Штампи: 1 із 8 (+1)')
  expect(voucher?.photo).not.toBeNull()
  await tell(web, voucherRedeemed(OLENA, 'v_1'))
  const [receipt] = await waitForMessages(olena.sees, 1, 3)
  expect(receipt?.text).toContain('Використано')
  expect(olena.sees()[2]?.text).toMatch(/^✅/)
  for (const program of [web, worker]) expect(await program.stop()).toMatchObject({ code: 0 })
}

describe('a web process and a worker', () => {
  describeWith('on SQLite and Redis', redisMissing(), () => {
    test('serve a visit together', async () => {
      const redis = await startRedis()
      onTestFinished(() => redis.close())
      await serveAVisit({ redisUrl: redis.url })
    })

    test('start without Redis; what they take in meanwhile is worked when it comes', async () => {
      const redis = await startRedis()
      onTestFinished(() => redis.close())
      await redis.stop()
      const cafe = await openCafe({ redisUrl: redis.url })
      const { installation, telegram } = cafe
      const web = await installation.start({ role: 'web', until: 'listens' })
      await installation.startWorker()
      expect((await fetch(`${web.url}/readyz`)).status).toBe(503)
      await tell(web, cardIssued(OLENA))
      const olena = telegram.user(501)
      olena.says('/start')
      await waitForMessages(olena.sees, 1)

      await redis.restart()
      olena.says(`/start ${await linkTo(cafe, OLENA.id)}`)
      const [linked] = await waitForMessages(olena.sees, 2, 1)
      expect(linked?.text).toContain('Олена Коваль, готово!')
      await vi.waitFor(async () => expect((await fetch(`${web.url}/readyz`)).status).toBe(200), SOON)
      await tell(web, stampAdded(OLENA, 1))
      await waitForMessages(olena.sees, 1, 3)
    })
  })

  describeWith('on PostgreSQL', postgresMissing(), () => {
    test('serve a visit together', async () => {
      const postgres = await startPostgres()
      onTestFinished(() => postgres.close())
      await serveAVisit({ databaseUrl: await postgres.createDatabase('cafe') })
    })
  })

  describeWith('on PostgreSQL and Redis', postgresMissing() ?? redisMissing(), () => {
    test('serve a visit together', async () => {
      const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
      onTestFinished(() => Promise.all([postgres.close(), redis.close()]).then(() => undefined))
      await serveAVisit({ databaseUrl: await postgres.createDatabase('cafe'), redisUrl: redis.url })
    })
  })
})
