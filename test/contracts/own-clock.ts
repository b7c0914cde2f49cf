import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import { BUSINESS, OLENA, openOwnBusiness } from '../loyalty/own/own-business.js'

const at = (iso: string) => Date.parse(iso)
const BORN = 'c_0000000000000000000000000000000b'
const ISSUED_AT = at('2026-03-01T12:00:00+02:00')

/** What the clock brings to customers with cards of our own, in Kyiv, on every database. */
export const ownClockContract = (
  name: string,
  open: (clock: Clock) => Promise<{ db: Database; another(): Promise<Database>; close(): Promise<void> }>,
) => {
  describe(`events by the clock on ${name}`, () => {
    let now = ISSUED_AT
    let opened: Awaited<ReturnType<typeof open>>
    let cafe: Awaited<ReturnType<typeof openOwnBusiness>>
    let cardId: string
    beforeEach(async () => {
      now = ISSUED_AT
      opened = await open(() => now)
      cafe = await openOwnBusiness(opened.db, () => now)
      const rules = {
        title: 'Coffee card',
        goals: [{ stamps: 8, reward: { kind: 'award', title: 'A cake' } }],
        stamping: { kind: 'per_order' },
        afterLastGoal: 'start_over',
      } as const
      await cafe.saveCardTemplate({ businessId: BUSINESS, id: null, key: null, now, rules })
      cardId = await issueCard(OLENA)
    })
    afterEach(async () => {
      await cafe.close()
      await opened.close()
    })

    const common = () => ({ businessId: BUSINESS, origin: 'api', locationId: null, now }) as const
    const issueCard = async (customerId: string) => {
      const issued = await cafe.issueCard({ ...common(), customerId, templateId: null })
      if (issued.kind !== 'issued') throw new Error(issued.reason)
      return issued.card.id
    }
    const addStamp = () =>
      cafe.addStamps({
        ...common(),
        cardId,
        count: 1,
        amount: null,
        receiptId: null,
        key: null,
        by: { staffId: null, source: 'api' },
        byCustomerIds: [],
      })
    const issueVoucher = async (lastDay: string) => {
      const issued = await cafe.issueVoucher({
        ...common(),
        customerId: OLENA,
        cardId,
        key: null,
        offer: {
          templateId: null,
          title: 'Free coffee',
          description: null,
          redeemCode: null,
          formats: [],
          validity: { kind: 'until', lastDay },
          redemption: 'staff',
        },
      })
      if (issued.kind !== 'issued') throw new Error(issued.reason)
      return issued.voucher.id
    }
    /** Looks at each of these moments, twice. */
    const look = async (...moments: readonly string[]) => {
      for (const moment of moments) {
        now = at(moment)
        await cafe.clockwork.lookAtAll()
        await cafe.clockwork.lookAtAll()
      }
    }
    const told = async (event: string) => (await cafe.frames()).filter((frame) => frame.event === event)

    test('a voucher expires after its last day, once, and at its own time', async () => {
      const id = await issueVoucher('2026-03-29')
      await look('2026-03-29T23:59:00+03:00')
      expect(await told('voucher_expired')).toEqual([])
      await look('2026-04-02T03:00:00+03:00', '2026-04-03T03:00:00+03:00')
      expect(await told('voucher_expired')).toMatchObject([
        { timestamp: '2026-03-29T20:59:59.999Z', voucher: { id, status: 'expired' } },
      ])
      expect((await cafe.allRows()).vouchers).toMatchObject([{ state: 'expired' }])
      expect(await cafe.replayed()).toEqual(await cafe.allRows())
    })

    test('a voucher that was redeemed does not expire, and 7stamp’s are 7stamp’s', async () => {
      const id = await issueVoucher('2026-03-29')
      const [voucher] = (await cafe.allRows()).vouchers
      if (!voucher) throw new Error('the voucher is missing')
      await opened.db.write(cafe.loyalty.addVoucher({ ...voucher, id: 'v_7', number: 'N', master: '7stamp' }))
      const by = { staffId: null, customerId: null, via: 'api' } as const
      await cafe.redeemVoucher({ ...common(), voucherId: id, by, byCustomerIds: [], receiptId: null })
      await look('2026-04-02T03:00:00+03:00')
      expect(await told('voucher_expired')).toEqual([])
    })

    test('a birthday comes in the morning of its day, once a year', async () => {
      await addBirthday(BORN, '1991-03-08')
      await look('2026-03-07T23:00:00+02:00', '2026-03-08T08:00:00+02:00')
      expect(await told('birthday_reached')).toEqual([])
      await look('2026-03-08T09:05:00+02:00', '2026-03-08T20:00:00+02:00', '2026-03-09T09:05:00+02:00')
      expect(await told('birthday_reached')).toMatchObject([{ customer: { id: BORN } }])
      await look('2027-03-08T09:05:00+02:00')
      expect(await told('birthday_reached')).toHaveLength(2)
    })

    const addBirthday = async (id: string, birthday: string) => {
      await cafe.addCustomer(id, { birthday })
      return issueCard(id)
    }

    test('a birthday that was slept through is told as of its own morning', async () => {
      await addBirthday(BORN, '--03-28')
      await look('2026-03-27T12:00:00+02:00', '2026-03-30T12:00:00+03:00')
      expect(await told('birthday_reached')).toMatchObject([{ timestamp: '2026-03-28T07:00:00.000Z' }])
    })

    test('whoever has no card of our own, or was erased, is not congratulated', async () => {
      await cafe.addCustomer('c_mirrored', { birthday: '1991-03-08' })
      await addBirthday('c_0e', '1991-03-08')
      await opened.db.write(cafe.loyalty.buryCustomer({ id: 'c_0e', now }))
      await look('2026-03-08T09:05:00+02:00')
      expect(await told('birthday_reached')).toEqual([])
    })

    test('somebody who stays away for 30 days is missed once, until they come again', async () => {
      await addStamp()
      await look('2026-03-30T12:00:00+03:00')
      expect(await told('inactivity_trigger')).toEqual([])
      await look('2026-03-31T08:59:00+03:00', '2026-03-31T09:05:00+03:00', '2026-04-01T09:05:00+03:00')
      expect(await told('inactivity_trigger')).toMatchObject([
        { customer: { id: OLENA }, card: { id: cardId }, inactivity: { days: 30 } },
      ])
      await addStamp()
      await look('2026-04-20T09:05:00+03:00', '2026-05-01T09:05:00+03:00', '2026-05-02T09:05:00+03:00')
      expect(await told('inactivity_trigger')).toHaveLength(2)
    })

    test('a voucher that is redeemed is a visit too', async () => {
      const voucherId = await issueVoucher('2026-12-31')
      now = at('2026-03-20T12:00:00+02:00')
      const by = { staffId: null, customerId: null, via: 'api' } as const
      await cafe.redeemVoucher({ ...common(), voucherId, by, byCustomerIds: [], receiptId: null })
      await look('2026-03-31T09:05:00+03:00', '2026-04-01T09:05:00+03:00')
      expect(await told('inactivity_trigger')).toEqual([])
    })

    test('after how many days is for the business to say, and never is an answer', async () => {
      await cafe.saveSettings({ businessId: BUSINESS, inactivityDays: 0, undoLimitMs: 0 })
      await look('2026-03-31T09:05:00+03:00', '2026-04-01T09:05:00+03:00')
      expect(await told('inactivity_trigger')).toEqual([])
      await cafe.saveSettings({ businessId: BUSINESS, inactivityDays: 31, undoLimitMs: 0 })
      await look('2026-04-02T09:05:00+03:00')
      expect(await told('inactivity_trigger')).toMatchObject([{ inactivity: { days: 31 } }])
    })

    test('two processes that look at the same time write each event once', async () => {
      await addBirthday(BORN, '1991-03-31')
      await issueVoucher('2026-03-30')
      const other = await opened.another()
      const theirs = await openOwnBusiness(other, () => now)
      now = at('2026-03-31T09:05:00+03:00')
      await Promise.all([cafe.clockwork.lookAtAll(), theirs.clockwork.lookAtAll()])
      expect(await told('birthday_reached')).toHaveLength(1)
      expect(await told('voucher_expired')).toHaveLength(1)
      expect(await told('inactivity_trigger')).toHaveLength(2)
      await theirs.close()
      await other.close()
    })
  })
}
