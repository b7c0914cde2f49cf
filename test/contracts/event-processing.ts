import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import { retryAfterMs } from '../../src/events/processing.js'
import { shortNumberOf } from '../../src/loyalty/numbers.js'
import { voucherIdOf } from '../../src/loyalty/subjects.js'
import { frame, frameBytes } from '../events/frames.js'
import { NOON, openPipeline, ROOT_ID } from '../events/pipeline.js'

export interface EventDatabase {
  readonly db: Database
  /** The same data through another connection, as another process has it. */
  another(): Promise<Database>
  close(): Promise<void>
}

/** What becomes of an event once it is in the journal, on every database. */
export const eventProcessingContract = (name: string, open: (clock: Clock) => Promise<EventDatabase>) => {
  describe(`events on ${name}`, () => {
    let opened: EventDatabase
    let pipeline: ReturnType<typeof openPipeline>
    let now: number
    let broken: Set<string>
    beforeEach(async () => {
      now = NOON
      broken = new Set()
      opened = await open(() => now)
      pipeline = openPipeline(opened.db, {
        now: () => now,
        beforeTold: (eventId) => {
          if (broken.has(eventId)) throw new Error('no words for it')
        },
      })
      await pipeline.addFirstBusiness()
    })
    afterEach(async () => {
      await pipeline.close()
      await opened.close()
    })

    const customersCards = async (customerId: string) => opened.db.read(pipeline.loyalty.cardsOf({ customerId }))
    const customersVouchers = async (customerId: string) =>
      opened.db.read(pipeline.loyalty.vouchersOf({ customerId, now }))
    const customer = async (id: string) => (await opened.db.read(pipeline.loyalty.customerById({ id })))[0]
    const rowOf = async (id: string) => (await opened.db.read(pipeline.journal.byId({ id })))[0]
    const customerOf = async (eventId: string) => (await rowOf(eventId))?.customerId ?? ''
    const stamp = (n: number, change: object = {}) => ({
      ...frame('stamp_added'),
      timestamp: new Date(NOON - 3_600_000 + n * 1_000).toISOString(),
      card: { id: 'card_001' },
      stamp: { count: 1, receipt_id: `r_${n}` },
      ...change,
    })

    test('creates customer, card, voucher and location on first sight, and tells of it once', async () => {
      const { id } = await pipeline.receive(frameBytes('voucher_redeemed'))
      await pipeline.settle()
      const customerId = await customerOf(id)
      expect(await customer(customerId)).toMatchObject({ businessId: ROOT_ID, externalId: 'c_789', language: 'en' })
      expect(await customersCards(customerId)).toMatchObject([
        { externalId: 'card_001', master: '7stamp', stamps: null, touchedAt: Date.parse('2026-05-11T12:34:56Z') },
      ])
      expect(await customersVouchers(customerId)).toMatchObject([
        {
          externalId: 'v_555',
          master: '7stamp',
          state: 'redeemed',
          redeemCode: 'FREECOFFEE',
          redeemCodeFormats: ['text', 'qr', 'barcode'],
          redeemedVia: 'staff_scanner',
          number: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/),
        },
      ])
      expect(await opened.db.read(pipeline.businesses.locationsOf({ businessId: ROOT_ID }))).toMatchObject([
        { externalId: 'loc_45', name: null },
      ])
      expect(await rowOf(id)).toMatchObject({ state: 'applied', attempts: 0, reason: null })
      expect(await pipeline.told()).toMatchObject([
        {
          eventId: id,
          news: {
            isStale: false,
            customer: { id: customerId, language: 'en', isDemo: false },
            transition: { event: 'voucher_redeemed', voucher: { state: 'redeemed' } },
          },
        },
      ])
      expect(pipeline.wokenLanes).toEqual(['lane'])
    })

    test('the published sample and its translation are the same event: it happens once', async () => {
      const original = await pipeline.receive(frameBytes('voucher_redeemed'))
      const translated = await pipeline.receive(frameBytes('voucher_redeemed.ko'))
      expect(translated.status).toBe('accepted')
      await pipeline.settle()
      expect(await pipeline.told()).toHaveLength(1)
      const states = [await rowOf(original.id), await rowOf(translated.id)].map((row) => row?.state)
      expect(states).toEqual(['applied', 'ignored'])
      expect(await rowOf(translated.id)).toMatchObject({ reason: 'said_before' })
      expect(await customersVouchers(await customerOf(original.id))).toHaveLength(1)
    })

    test('the same webhook 100 times at once is one event, and told once', async () => {
      const body = frameBytes('stamp_added')
      const receipts = await Promise.all(Array.from({ length: 100 }, () => pipeline.receive(body)))
      expect(receipts.filter(({ status }) => status === 'accepted')).toHaveLength(1)
      expect(new Set(receipts.map(({ id }) => id)).size).toBe(1)
      await pipeline.settle()
      expect(await pipeline.journalRows()).toHaveLength(1)
      expect(await pipeline.told()).toHaveLength(1)
    })

    test('a business that many requests name first at once is bound once', async () => {
      const receipts = await Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          pipeline.receive({ ...stamp(n), business_id: `b_${n % 4}`, customer: { id: `c_${n}` } }),
        ),
      )
      expect(receipts.map(({ status }) => status)).toEqual(receipts.map(() => 'accepted'))
      const all = await opened.db.read(pipeline.businesses.all({}))
      expect(all.map(({ externalId }) => externalId).sort()).toEqual(['b_0', 'b_1', 'b_2', 'b_3'])
      expect(all.filter(({ parentId }) => parentId === ROOT_ID)).toHaveLength(3)
    })

    test('two events that say the same are two if their sender tells them apart', async () => {
      const first = await pipeline.receive(stamp(1), { 'webhook-id': 'one' })
      await pipeline.receive(stamp(1), { 'webhook-id': 'two' })
      await pipeline.receive({ ...frame('card_issued'), card: { id: 'card_001', stamps: 0 } })
      await pipeline.settle()
      expect(await customersCards(await customerOf(first.id))).toMatchObject([{ stamps: 2 }])
    })

    test("one customer's events are applied in their order, also if they came while nobody worked", async () => {
      const ids: string[] = []
      for (let n = 1; n <= 20; n++)
        ids.push((await pipeline.receive(stamp(n, { card: { id: 'card_001', stamps: n } }))).id)
      await pipeline.settle()
      const told = new Map((await pipeline.told()).map(({ eventId, news }) => [eventId, news.transition]))
      expect(ids.map((id) => told.get(id))).toMatchObject(ids.map((_, n) => ({ card: { stamps: n + 1 } })))
    })

    test('two processes at once apply each event once, and lose no stamp', { timeout: 60_000 }, async () => {
      const other = openPipeline(await opened.another(), { now: () => now })
      const people = 6
      const each = 15
      for (let n = 0; n < people * each; n++) {
        const person = n % people
        await pipeline.receive(stamp(n, { customer: { id: `c_${person}` }, card: { id: `card_${person}` } }))
      }
      await Promise.all([pipeline.settle(), other.settle(), pipeline.settle(), other.settle()])
      const rows = await pipeline.journalRows()
      expect(new Set(rows.map(({ state, attempts }) => `${state} ${attempts}`))).toEqual(new Set(['applied 0']))
      expect(await pipeline.told()).toHaveLength(people * each)
      for (const customerId of new Set(rows.map((row) => row.customerId ?? ''))) {
        const [card] = await customersCards(customerId)
        expect(card?.increments).toHaveLength(each)
      }
      await other.close()
      await other.db.close()
    })

    test('a run that was killed after its commit, and is run again, tells nothing twice', async () => {
      await pipeline.receive(frameBytes('stamp_added'))
      const [shard] = await pipeline.processing.pendingWork()
      await pipeline.processing.run(shard ?? '')
      await pipeline.processing.run(shard ?? '')
      expect(await pipeline.told()).toHaveLength(1)
      expect(await pipeline.processing.pendingWork()).toEqual([])
    })

    test('what fails half-way has changed nothing', async () => {
      const { id } = await pipeline.receive(frameBytes('stamp_added'))
      broken.add(id)
      await pipeline.settle()
      expect(await customer(await customerOf(id))).toBeUndefined()
      expect(await pipeline.told()).toEqual([])
      expect(await rowOf(id)).toMatchObject({ state: 'pending', attempts: 1, reason: 'no words for it' })
    })

    test("poison is tried five times and then dead; the customer's later events do not wait for it", async () => {
      const poison = await pipeline.receive({ ...frame('goal_reached'), timestamp: '2026-05-11T12:00:00Z' })
      const later = await pipeline.receive(stamp(2, { card: { id: 'card_001', stamps: 2 } }))
      broken.add(poison.id)
      await pipeline.settle()
      expect(await rowOf(later.id)).toMatchObject({ state: 'applied' })
      for (let attempt = 1; attempt <= 4; attempt++) {
        expect(await rowOf(poison.id)).toMatchObject({ state: 'pending', attempts: attempt })
        now += retryAfterMs(attempt) - 1
        expect(await pipeline.processing.pendingWork()).toEqual([])
        now += 1
        await pipeline.settle()
      }
      expect(await rowOf(poison.id)).toMatchObject({ state: 'dead', attempts: 5, reason: 'no words for it' })
      expect(pipeline.logged('event.dead')).toMatchObject([{ eventId: poison.id, event: 'goal_reached', attempts: 5 }])
      now += 24 * 3_600_000
      expect(await pipeline.processing.pendingWork()).toEqual([])
    })

    test('a dead letter can be replayed', async () => {
      const { id } = await pipeline.receive(stamp(1, { card: { id: 'card_001', stamps: 1 } }))
      broken.add(id)
      for (let attempt = 1; attempt <= 5; attempt++) {
        await pipeline.settle()
        now += retryAfterMs(attempt)
      }
      expect(await pipeline.deadLetters.list()).toMatchObject([{ id, state: 'dead', attempts: 5 }])
      broken.clear()
      expect(await pipeline.deadLetters.replay(id)).toEqual({ kind: 'replayed' })
      await pipeline.settle()
      expect(await rowOf(id)).toMatchObject({ state: 'applied' })
      expect(await pipeline.told()).toHaveLength(1)
      expect(await pipeline.deadLetters.list()).toEqual([])
      expect(await pipeline.deadLetters.replay(id)).toEqual({ kind: 'not_waiting', state: 'applied' })
    })

    test('a dead letter can be dropped: it has changed nothing, and waits no longer', async () => {
      const { id } = await pipeline.receive({ ...frame('stamp_added'), event: 'card_framed' })
      expect(await pipeline.deadLetters.drop(id)).toEqual({ kind: 'dropped' })
      expect(await rowOf(id)).toMatchObject({ state: 'ignored', reason: 'dropped' })
      expect(await pipeline.deadLetters.list()).toEqual([])
      expect(await pipeline.deadLetters.drop(id)).toEqual({ kind: 'not_waiting', state: 'ignored' })
      expect(await pipeline.deadLetters.drop('evt_of_nobody')).toEqual({ kind: 'not_found' })
    })

    test('what was refused once is replayed by the rules of today', async () => {
      await pipeline.receive({ ...frame('stamp_added'), timestamp: 'soon' }).catch(() => undefined)
      const { id: unknownId } = await pipeline.receive({ ...frame('stamp_added'), event: 'card_framed' })
      const [invalid] = await pipeline.journalRows()
      expect(await pipeline.deadLetters.list()).toMatchObject([
        { state: 'invalid', reason: expect.stringContaining('timestamp') },
        { id: unknownId, state: 'unrecognised', name: 'card_framed' },
      ])
      expect(await pipeline.deadLetters.list({ limit: 1 })).toHaveLength(1)
      expect(await pipeline.deadLetters.list({ afterSeq: invalid?.seq ?? 0 })).toMatchObject([{ id: unknownId }])
      expect(await pipeline.deadLetters.replay(invalid?.id ?? '')).toMatchObject({ kind: 'refused' })
      expect(await pipeline.deadLetters.replay(unknownId)).toMatchObject({ kind: 'refused' })
      expect(await pipeline.deadLetters.replay('evt_of_nobody')).toEqual({ kind: 'not_found' })

      // An older version had refused what this one takes.
      const body = frameBytes('stamp_added')
      const shelved = {
        id: 'evt_shelved',
        businessId: ROOT_ID,
        rootId: ROOT_ID,
        customerId: null,
        name: 'stamp_added',
        body,
      }
      await opened.db.write(
        pipeline.journal.addIfNew({
          ...shelved,
          origin: '7stamp',
          occurredAt: NOON,
          receivedAt: NOON,
          state: 'invalid',
          shard: 0,
          hasWeakKey: true,
          reason: 'stamp must be a number',
        }),
      )
      expect(await pipeline.deadLetters.replay(shelved.id)).toEqual({ kind: 'replayed' })
      await pipeline.settle()
      expect(await rowOf(shelved.id)).toMatchObject({ state: 'applied', customerId: expect.stringMatching(/^c_/) })
      expect(await customersCards(await customerOf(shelved.id))).toMatchObject([{ stamps: 1 }])
    })

    test('an erased person stays erased: the event is accepted, its body forgotten, nobody created or told', async () => {
      const first = await pipeline.receive(frameBytes('card_issued'))
      await pipeline.settle()
      const customerId = await customerOf(first.id)
      await opened.db.write(pipeline.erase({ id: customerId, at: NOON }))
      const told = await pipeline.told()
      const later = await pipeline.receive(frameBytes('stamp_added'))
      expect(later.status).toBe('accepted')
      await pipeline.settle()
      expect(await rowOf(later.id)).toMatchObject({ state: 'ignored', reason: 'erased', body: null })
      expect(await customer(customerId)).toMatchObject({ name: null, phone: null, erasedAt: NOON })
      expect(await pipeline.told()).toEqual(told)
    })

    test('an event whose body was erased while it waited is ended', async () => {
      const { id } = await pipeline.receive(frameBytes('stamp_added'))
      await opened.db.write(pipeline.journal.forgetBody({ id }))
      await pipeline.settle()
      expect(await rowOf(id)).toMatchObject({ state: 'ignored', reason: 'erased' })
      expect(await customer(await customerOf(id))).toBeUndefined()
    })

    test('what was left out of an event stands beside it, without its value', async () => {
      const { id } = await pipeline.receive({
        ...frame('card_issued'),
        customer: { id: 'c_1', phone: '050 987 65 43' },
      })
      await pipeline.settle()
      const row = await rowOf(id)
      expect(row?.reason).toContain('customer.phone')
      expect(row?.reason).not.toContain('987')
    })

    test('two vouchers whose short numbers meet get different ones', async () => {
      const first = await pipeline.receive(frameBytes('voucher_issued'))
      await pipeline.settle()
      const customerId = await customerOf(first.id)
      const [voucher] = await customersVouchers(customerId)
      if (!voucher) throw new Error('no voucher')
      await opened.db.write(
        pipeline.loyalty.addVoucher({
          ...voucher,
          id: 'v_squatter',
          number: shortNumberOf(voucherIdOf(ROOT_ID, 'v_600')),
        }),
      )
      await pipeline.receive({ ...frame('voucher_issued'), voucher: { id: 'v_600', title: 'Tea' } })
      await pipeline.settle()
      const tea = (await customersVouchers(customerId)).find(({ externalId }) => externalId === 'v_600')
      expect(tea?.number).toMatch(/^.{4}-.{4}-.{4}-.{4}$/)
    })
  })
}
