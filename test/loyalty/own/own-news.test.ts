import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEventLookupStore } from '../../../src/events/event-lookup-store.js'
import { customerIdOf } from '../../../src/events/journaled-event.js'
import { createCustomerBook } from '../../../src/loyalty/customer-book.js'
import { createLookupStore } from '../../../src/loyalty/lookup-store.js'
import { openOwnCommands } from '../../../src/main/own-commands.js'
import { createInProcessQueue } from '../../../src/queue/in-process-queue.js'
import { frame } from '../../events/frames.js'
import { NOON, openPipeline, ROOT_ID } from '../../events/pipeline.js'
import { recordLog } from '../../support/recorded-log.js'
import { openTestSqlite, type TestDatabase } from '../../support/sqlite.js'

const OLENA = customerIdOf(ROOT_ID, 'c_789')

const OFFER = {
  templateId: null,
  title: 'Free tea',
  description: null,
  redeemCode: 'TEA',
  formats: [],
  validity: { kind: 'unlimited' },
  redemption: 'staff',
} as const

const ISSUE = {
  businessId: ROOT_ID,
  customerId: OLENA,
  cardId: null,
  offer: OFFER,
  key: null,
  origin: 'api',
  locationId: null,
  now: NOON,
} as const

/** A customer whom 7stamp told us of may have vouchers of our own. */
describe('what happens to our own vouchers', () => {
  let opened: TestDatabase
  let pipeline: ReturnType<typeof openPipeline>
  let commands: ReturnType<typeof openOwnCommands>
  const queue = createInProcessQueue({ log: recordLog().log })

  beforeEach(async () => {
    opened = await openTestSqlite(() => NOON)
    pipeline = openPipeline(opened.db)
    await pipeline.addFirstBusiness()
    commands = openOwnCommands({ ...pipeline, queue, log: recordLog().log })
    await pipeline.receive(frame('voucher_issued'))
    await pipeline.settle()
  })
  afterEach(async () => {
    await pipeline.close()
    await opened.close()
  })

  const issue = async () => {
    const issued = await commands.issueVoucher(ISSUE)
    if (issued.kind !== 'issued') throw new Error(issued.reason)
    return issued.voucher
  }
  const redeem = (voucherId: string) =>
    commands.redeemVoucher({
      businessId: ROOT_ID,
      voucherId,
      by: { staffId: null, customerId: null, via: 'redeem_code' },
      byCustomerIds: [],
      locationId: null,
      receiptId: null,
      origin: 'till',
      now: NOON + 1,
    })
  const history = async () => {
    const { loyalty, businesses } = pipeline
    const book = createCustomerBook({
      db: opened.db,
      loyalty,
      lookups: createLookupStore(opened.db),
      events: createEventLookupStore(opened.db),
      clock: () => NOON,
      familyOf: businesses.family,
    })
    const reads = book.reads(OLENA)
    const found = await opened.db.atomically(reads, (rows) => ({ writes: [], result: rows }))
    return book.known(found)?.history.map(({ event }) => event)
  }
  const transitions = async () => (await pipeline.told()).map(({ news }) => news.transition)

  test('is told as 7stamp’s events are, each as things were then, and changes nothing a second time', async () => {
    const voucher = await issue()
    await redeem(voucher.id)
    const [redeemed] = await opened.db.read(pipeline.loyalty.voucherById({ id: voucher.id }))
    await pipeline.settle()
    expect((await pipeline.journalRows()).map(({ state }) => state)).toEqual(['applied', 'applied', 'applied'])
    expect(await opened.db.read(pipeline.loyalty.voucherById({ id: voucher.id }))).toEqual([redeemed])
    const mine = (await transitions()).filter((one) => 'voucher' in one && one.voucher.id === voucher.id)
    expect(mine).toHaveLength(2)
    expect(mine).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: 'voucher_issued', voucher: expect.objectContaining({ state: 'active' }) }),
        expect.objectContaining({ event: 'voucher_redeemed', voucher: expect.objectContaining({ state: 'redeemed' }) }),
      ]),
    )
  })

  test('is not taken in again when our own frame is posted back to us', async () => {
    await issue()
    const [, row] = await pipeline.journalRows()
    expect(await pipeline.receive(row?.body ?? Buffer.from(''))).toEqual({ status: 'duplicate', id: row?.id })
  })

  test('is in the customer’s history, but not what was taken back', async () => {
    const voucher = await issue()
    await redeem(voucher.id)
    await pipeline.settle()
    expect(await history()).toEqual(['voucher_redeemed', 'voucher_issued', 'voucher_issued'])
    await commands.undoRedemption({ ...ISSUE, voucherId: voucher.id, now: NOON + 2 })
    await pipeline.settle()
    expect(await history()).toEqual(['voucher_issued', 'voucher_issued'])
  })

  test('is forgotten, and told to nobody, once the person was erased', async () => {
    await issue()
    await opened.db.write(pipeline.erase({ id: OLENA, at: NOON }))
    await pipeline.settle()
    expect((await pipeline.journalRows())[1]).toMatchObject({ state: 'ignored', reason: 'erased', body: null })
  })
})
