import { createSecretKey } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { createSealing } from '../../src/business/sealing.js'
import type { Database } from '../../src/db/database.js'
import { AppError } from '../../src/errors.js'
import { createSubscriptionStore } from '../../src/subscriptions/subscription-store.js'
import { createWebhookLane } from '../../src/subscriptions/webhook-lane.js'
import { planned } from '../support/dispatcher.js'
import { openTestSqlite } from '../support/sqlite.js'

const away = async (): Promise<never> => {
  throw new AppError('unavailable', 'the database is away')
}

test('a database that is away when a webhook leaves costs no try, and is no failure of its receiver', async () => {
  const { db, close } = await openTestSqlite()
  onTestFinished(close)
  const gone: Database = {
    kit: db.kit,
    tables: (declare) => db.tables(declare),
    ...{ read: away, atomically: away, write: away, check: away, close: away },
  }
  const lane = createWebhookLane({
    db: gone,
    store: createSubscriptionStore(db),
    sealing: createSealing(createSecretKey(Buffer.alloc(32, 7))),
    clock: () => 0,
    random: () => 0,
    eventsOf: away,
    post: away,
  })
  const result = await lane.send('sub_1', { id: 'evt_1', text: '{}' }, new AbortController().signal)
  expect(result).toMatchObject({ status: 'not_sent', pauseLaneMs: expect.any(Number) })
  const delivery = { ...planned('evt_1'), channel: 'webhook', attempts: 1 } as const
  const claimed = { ...delivery, editsId: null, voucherId: null, carries: null }
  expect(lane.beside?.(claimed, result, 0)).toEqual([])
})
