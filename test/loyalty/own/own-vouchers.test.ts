import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sleep } from '../../../src/clock.js'
import { openPostgres } from '../../../src/db/postgres.js'
import { ISSUE, ownVouchersContract, REDEEM, UNDO } from '../../contracts/own-vouchers.js'
import { describeWith } from '../../support/engines.js'
import { type PostgresServer, postgresMissing, startPostgres } from '../../support/postgres-server.js'
import { openTestSqlite } from '../../support/sqlite.js'
import { OLENA, openOwnBusiness } from './own-business.js'

ownVouchersContract('SQLite', (clock) => openTestSqlite(clock))

describeWith('PostgreSQL', postgresMissing(), () => {
  let server: PostgresServer
  let databases = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  ownVouchersContract('PostgreSQL', async (clock) => {
    const db = await openPostgres(await server.createDatabase(`own_vouchers_${databases++}`), clock)
    return { db, close: () => db.close() }
  })

  test('whoever redeems, or takes it back, waits for who looks at all of the customer at one moment', async () => {
    const url = await server.createDatabase('own_vouchers_waiting')
    const db = await openPostgres(url, () => NOON)
    const cafe = await openOwnBusiness(db)
    const issued = await cafe.issueVoucher(ISSUE)
    if (issued.kind !== 'issued') throw new Error(issued.reason)
    const voucherId = issued.voucher.id
    const looking = new pg.Client({ connectionString: url })
    await looking.connect()
    for (const change of [
      () => cafe.redeemVoucher({ ...REDEEM, voucherId }),
      () => cafe.undoRedemption({ ...UNDO, voucherId }),
    ]) {
      await looking.query('begin')
      await looking.query('select id from customers where id = $1 for update', [OLENA])
      const changed = change()
      expect(await Promise.race([changed, sleep(200)])).toBeUndefined()
      await looking.query('commit')
      expect((await changed).kind).not.toBe('refused')
    }
    await looking.end()
    await cafe.close()
    await db.close()
  })
})

const NOON = Date.parse('2026-05-11T09:00:00Z')
