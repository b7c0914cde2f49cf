import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import type { IssueVoucher } from '../../src/loyalty/own/commands/issue-voucher.js'
import type { RedeemVoucher } from '../../src/loyalty/own/commands/redeem-voucher.js'
import type { UndoRedemption } from '../../src/loyalty/own/commands/undo-redemption.js'
import type { VoucherOffer } from '../../src/loyalty/own/voucher-offer.js'
import { ANOTHER_BUSINESS, BUSINESS, OLENA, openOwnBusiness } from '../loyalty/own/own-business.js'

const NOON = Date.parse('2026-05-11T09:00:00Z')
const DAY_MS = 86_400_000

/** Vouchers of our own, on every database. */
export const ownVouchersContract = (
  name: string,
  open: (clock: Clock) => Promise<{ db: Database; close(): Promise<void> }>,
) => {
  describe(`vouchers of our own on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    let cafe: Awaited<ReturnType<typeof openOwnBusiness>>
    beforeEach(async () => {
      opened = await open(() => NOON)
      cafe = await openOwnBusiness(opened.db)
    })
    afterEach(async () => {
      await cafe.close()
      await opened.close()
    })

    const issue = async (change: Partial<IssueVoucher> = {}) => {
      const issued = await cafe.issueVoucher({ ...ISSUE, ...change })
      if (issued.kind !== 'issued') throw new Error(issued.reason)
      return issued.voucher
    }
    const redeem = (voucherId: string, change: Partial<RedeemVoucher> = {}) =>
      cafe.redeemVoucher({ ...REDEEM, voucherId, ...change })

    test('an issued voucher is the customer’s, and its event is in the journal', async () => {
      const voucher = await issue()
      expect(voucher).toMatchObject({
        customerId: OLENA,
        master: 'own',
        title: 'Free coffee',
        state: 'active',
        expiresAt: Date.parse('2026-05-14T23:59:59.999+03:00'),
      })
      expect(await opened.db.read(cafe.loyalty.voucherById({ id: voucher.id }))).toEqual([voucher])
      const [row] = await cafe.journalRows()
      expect(row).toMatchObject({ name: 'voucher_issued', origin: 'api', state: 'pending', customerId: OLENA })
      expect(await cafe.frames()).toEqual([
        {
          id: row?.id,
          event: 'voucher_issued',
          timestamp: '2026-05-11T09:00:00.000Z',
          business_id: BUSINESS,
          customer: { id: OLENA, language: 'uk' },
          voucher: {
            id: voucher.id,
            number: voucher.number,
            template_id: null,
            type: 'voucher',
            title: 'Free coffee',
            description: null,
            redeem_code: voucher.number,
            redeem_code_formats: ['text', 'qr'],
            redemption: 'staff',
            status: 'active',
            expires_at: '2026-05-14T20:59:59.999Z',
          },
        },
      ])
    })

    test('the same key issues one voucher, also at the same time', async () => {
      const asked = Array.from({ length: 8 }, () => cafe.issueVoucher({ ...ISSUE, key: 'order 7' }))
      const issued = await Promise.all(asked)
      expect(issued.filter((one) => one.kind === 'issued' && one.isNew)).toHaveLength(1)
      expect(new Set(issued.map((one) => one.kind === 'issued' && one.voucher.id)).size).toBe(1)
      expect(await cafe.frames()).toHaveLength(1)
    })

    test('nobody who is not there, was erased, or is another business’s customer gets one', async () => {
      await cafe.addCustomer('c_erased', { erasedAt: NOON })
      const notFound = { kind: 'refused', reason: 'customer_not_found' }
      expect(await cafe.issueVoucher({ ...ISSUE, customerId: 'c_nobody' })).toEqual(notFound)
      expect(await cafe.issueVoucher({ ...ISSUE, customerId: 'c_erased' })).toEqual(notFound)
      expect(await cafe.issueVoucher({ ...ISSUE, businessId: ANOTHER_BUSINESS })).toEqual(notFound)
      expect(await cafe.issueVoucher({ ...ISSUE, cardId: 'card_of_another' })).toEqual({
        kind: 'refused',
        reason: 'card_not_found',
      })
      expect(await cafe.frames()).toEqual([])
    })

    test('a redeemed voucher is told once, with who and where', async () => {
      const { id } = await issue()
      const redeemed = await redeem(id, { receiptId: 'r_1' })
      expect(redeemed).toMatchObject({ kind: 'redeemed', voucher: { id, state: 'redeemed', stateAt: NOON } })
      expect((await cafe.frames())[1]).toMatchObject({
        event: 'voucher_redeemed',
        location_id: 'loc_podil',
        voucher: { id, status: 'redeemed', redeemed_via: 'staff_scanner' },
        redemption: { staff_id: 'staff_anna', receipt_id: 'r_1' },
      })
      expect(await redeem(id, { now: NOON + 1 })).toEqual({
        kind: 'refused',
        reason: 'already_redeemed',
        at: NOON,
        locationId: 'loc_podil',
      })
      expect(await cafe.frames()).toHaveLength(2)
    })

    test('64 who redeem one voucher at the same time redeem it once', async () => {
      const { id } = await issue()
      const results = await Promise.all(Array.from({ length: 64 }, () => redeem(id)))
      expect(results.filter(({ kind }) => kind === 'redeemed')).toHaveLength(1)
      expect(results.filter((one) => one.kind === 'refused' && one.reason === 'already_redeemed')).toHaveLength(63)
      expect((await cafe.frames()).map(({ event }) => event)).toEqual(['voucher_issued', 'voucher_redeemed'])
    })

    test('a redemption that was taken back is not done again by the request that is repeated', async () => {
      const { id } = await issue()
      await redeem(id, { key: 'order 7' })
      await cafe.undoRedemption({ ...UNDO, voucherId: id })
      expect(await redeem(id, { key: 'order 7', now: NOON + 2 })).toMatchObject({
        kind: 'redeemed',
        voucher: { state: 'active' },
      })
      expect(await redeem(id, { key: 'order 8', now: NOON + 3 })).toMatchObject({ voucher: { state: 'redeemed' } })
      expect((await cafe.frames()).map(({ event }) => event)).toEqual([
        'voucher_issued',
        'voucher_redeemed',
        'voucher_issued',
        'voucher_redeemed',
      ])
    })

    test('a redemption of somebody who was erased is not taken back', async () => {
      await cafe.addCustomer(LEAVING)
      const { id } = await issue({ customerId: LEAVING })
      await redeem(id)
      await opened.db.write(cafe.loyalty.buryCustomer({ id: LEAVING, now: NOON + 1 }))
      expect(await cafe.undoRedemption({ ...UNDO, voucherId: id })).toEqual({
        kind: 'refused',
        reason: 'not_found',
      })
    })

    test('no voucher is issued whose last day is over', async () => {
      const over = { ...OFFER, validity: { kind: 'until', lastDay: '2026-05-10' } } as const
      expect(await cafe.issueVoucher({ ...ISSUE, offer: over })).toEqual({ kind: 'refused', reason: 'over' })
      const today = { ...OFFER, validity: { kind: 'until', lastDay: '2026-05-11' } } as const
      const { id } = await issue({ offer: today, key: 'order 7' })
      expect(await issue({ offer: today, key: 'order 7', now: NOON + DAY_MS })).toMatchObject({ id })
    })

    test('a voucher that is over, or another business’s, is refused', async () => {
      const { id } = await issue()
      expect(await redeem(id, { now: NOON + 4 * DAY_MS })).toEqual({ kind: 'refused', reason: 'expired' })
      expect(await redeem(id, { businessId: ANOTHER_BUSINESS })).toEqual({ kind: 'refused', reason: 'not_found' })
      expect(await redeem('v_nobody')).toEqual({ kind: 'refused', reason: 'not_found' })
    })

    test('7stamp’s vouchers are 7stamp’s to redeem', async () => {
      const voucher = await issue()
      await opened.db.write(
        cafe.loyalty.addVoucher({ ...voucher, id: 'v_mirrored', number: 'MMMM-0000', master: '7stamp' }),
      )
      expect(await redeem('v_mirrored')).toEqual({ kind: 'refused', reason: 'managed_by_7stamp' })
    })

    test('staff do not redeem their own, and customers alone only what is meant for that', async () => {
      const forStaff = await issue()
      const alone = { staffId: null, customerId: OLENA, via: 'self' } as const
      expect(await redeem(forStaff.id, { byCustomerIds: ['c_x', OLENA] })).toEqual({
        kind: 'refused',
        reason: 'own_voucher',
      })
      expect(await redeem(forStaff.id, { by: alone })).toEqual({ kind: 'refused', reason: 'staff_only' })
      const forMe = await issue({ offer: { ...OFFER, redemption: 'self' } })
      expect(await redeem(forMe.id, { by: { ...alone, customerId: 'c_x' } })).toMatchObject({ reason: 'not_found' })
      expect(await redeem(forMe.id, { by: alone, byCustomerIds: [OLENA] })).toMatchObject({ kind: 'redeemed' })
    })
  })
}

const LEAVING = 'c_0000000000000000000000000000000b'

const OFFER: VoucherOffer = {
  templateId: null,
  title: 'Free coffee',
  description: null,
  redeemCode: null,
  formats: ['text', 'qr'],
  validity: { kind: 'days', days: 3 },
  redemption: 'staff',
}

export const ISSUE: IssueVoucher = {
  businessId: BUSINESS,
  customerId: OLENA,
  cardId: null,
  offer: OFFER,
  key: null,
  origin: 'api',
  locationId: null,
  now: NOON,
}

export const REDEEM: Omit<RedeemVoucher, 'voucherId'> = {
  businessId: BUSINESS,
  by: { staffId: 'staff_anna', customerId: null, via: 'staff_scanner' },
  byCustomerIds: [],
  locationId: 'loc_podil',
  receiptId: null,
  origin: 'chat',
  now: NOON,
}

export const UNDO: Omit<UndoRedemption, 'voucherId'> = {
  businessId: BUSINESS,
  locationId: null,
  origin: 'api',
  now: NOON + 1,
}
