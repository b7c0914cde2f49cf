import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { statement } from '../../src/db/database.js'
import type { DeliveryState } from '../../src/deliveries/delivery.js'
import { createLedger, type Ledger } from '../../src/deliveries/ledger.js'
import { createReceipts, type Receipts } from '../../src/deliveries/receipts.js'
import { LANE, planned } from '../support/dispatcher.js'
import { openTestSqlite, type TestDatabase } from '../support/sqlite.js'

describe('receipts', () => {
  let file: TestDatabase
  let ledger: Ledger
  let receipts: Receipts
  beforeEach(async () => {
    file = await openTestSqlite()
    ledger = createLedger(file.db)
    receipts = createReceipts(file.db, ledger)
  })
  afterEach(() => file.close())

  const { id } = planned('e1')
  const send = async (): Promise<void> => {
    await file.db.write(
      ...ledger.plan(planned('e1'), 1),
      ledger.markSending({ ids: JSON.stringify([id]), fence: 1, now: 1 }),
    )
  }
  const result = (state: DeliveryState) =>
    file.db.write(
      ledger.recordResult({
        id,
        fence: 1,
        state,
        reason: null,
        messageId: 'm-1',
        dueAt: null,
        sentAt: 1,
        uncounted: 0,
        now: 1,
      }),
    )
  const state = async () => (await file.db.read(ledger.byId({ id })))[0]?.state

  test('raise what was sent, and never lower it', async () => {
    await send()
    await result('sent')
    await receipts.record(LANE, [{ messageId: 'm-1', status: 'read' }])
    expect(await state()).toBe('read')
    await receipts.record(LANE, [{ messageId: 'm-1', status: 'delivered' }])
    expect(await state()).toBe('read')
  })

  test('move on what was unknown', async () => {
    await send()
    await result('unknown')
    await receipts.record(LANE, [{ messageId: 'm-1', status: 'delivered' }])
    expect(await state()).toBe('delivered')
  })

  test('that come before the result wait for it', async () => {
    await send()
    await receipts.record(LANE, [{ messageId: 'm-1', status: 'delivered' }])
    expect(await state()).toBe('sending')
    expect(await receipts.matchParked(0)).toBe(0)
    await result('sent')
    expect(await receipts.matchParked(0)).toBe(1)
    expect(await state()).toBe('delivered')
    expect(await receipts.matchParked(0)).toBe(0)
  })

  test('of another lane’s message are not this one’s', async () => {
    await send()
    await result('sent')
    await receipts.record('another lane', [{ messageId: 'm-1', status: 'delivered' }])
    expect(await state()).toBe('sent')
  })

  test('that belong to nobody do not stand in the way of others, and are forgotten in time', async () => {
    const strangers = Array.from({ length: 600 }, (_, n) => ({ messageId: `x-${n}`, status: 'read' as const }))
    await receipts.record(LANE, strangers)
    await send()
    await receipts.record(LANE, [{ messageId: 'm-1', status: 'delivered' }])
    await result('sent')
    expect(await receipts.matchParked(0)).toBe(1)
    expect(await state()).toBe('delivered')
    await receipts.matchParked(Date.now() + 1)
    const { parkedReceipts } = ledger.tables
    const parked = statement('test parked receipts', (q) => q.select().from(parkedReceipts))
    expect(await file.db.read(parked({}))).toEqual([])
  })
})
