import { describe, expect, onTestFinished, test } from 'vitest'
import { describeWith } from '../support/engines.js'
import { postgresMissing, startPostgres } from '../support/postgres-server.js'
import { redisMissing, startRedis } from '../support/redis-server.js'
import { cardIssued, OLENA, stampAdded, voucherIssued, voucherRedeemed } from './frames.js'
import { type CafeOptions, E2E_TIMEOUT_MS, linkTo, openCafe, tell, waitForMessages } from './open-cafe.js'

/** A web process and a worker of one café: the visit that one process serves alone elsewhere. */
const serveAVisit = async (options: CafeOptions) => {
  const cafe = await openCafe(options)
  const { installation, telegram } = cafe
  const web = await installation.start('web')
  const worker = await installation.startWorker()
  await tell(web, cardIssued(OLENA))
  const olena = telegram.user(501)
  olena.says(`/start ${await linkTo(cafe, OLENA.id)}`)
  await waitForMessages(olena.sees, 2)

  await tell(web, stampAdded(OLENA, 1), voucherIssued(OLENA, 'v_1'))
  const [stamp, voucher] = await waitForMessages(olena.sees, 2, 2)
  expect(stamp?.text).toContain('+1 штамп у «Demo Coffee»!')
  expect(voucher?.photo).not.toBeNull()
  await tell(web, voucherRedeemed(OLENA, 'v_1'))
  const [receipt] = await waitForMessages(olena.sees, 1, 4)
  expect(receipt?.text).toContain('Використано')
  expect(olena.sees()[3]?.text).toMatch(/^✅/)
  for (const program of [web, worker]) expect(await program.stop()).toMatchObject({ code: 0 })
}

describe('a web process and a worker', { timeout: E2E_TIMEOUT_MS }, () => {
  describeWith('on SQLite and Redis', redisMissing(), () => {
    test('serve a visit together', async () => {
      const redis = await startRedis()
      onTestFinished(() => redis.close())
      await serveAVisit({ redisUrl: redis.url })
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
