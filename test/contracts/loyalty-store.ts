import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.js'
import { createLookupStore } from '../../src/loyalty/lookup-store.js'
import { createLoyaltyStore, type LoyaltyStore } from '../../src/loyalty/loyalty-store.js'
import type { CustomerRow, VoucherRow } from '../../src/loyalty/loyalty-tables.js'

const NOW = 1_800_000_000_000

/** What other capabilities may ask of the mirror, on every database. */
export const loyaltyStoreContract = (name: string, open: () => Promise<{ db: Database; close(): Promise<void> }>) => {
  describe(`loyalty store on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    let store: LoyaltyStore
    beforeAll(async () => {
      opened = await open()
      store = createLoyaltyStore(opened.db)
    })
    afterAll(() => opened.close())

    test('vouchers: usable ones first, then the newest', async () => {
      const voucher = (id: string, createdAt: number, change: Partial<VoucherRow> = {}) =>
        store.addVoucher({ ...VOUCHER, id, number: id, createdAt, ...change })
      await opened.db.write(
        voucher('v_used', 5, { state: 'redeemed' }),
        voucher('v_over', 6, { expiresAt: NOW }),
        voucher('v_old', 1),
        voucher('v_new', 4, { state: 'active', expiresAt: NOW + 1 }),
        voucher('v_of_another', 9, { customerId: 'c_2' }),
      )
      const found = await opened.db.read(store.vouchersOf({ customerId: 'c_1', now: NOW }))
      expect(found.map(({ id }) => id)).toEqual(['v_new', 'v_old', 'v_over', 'v_used'])
    })

    test('customers by phone: of the business and its sisters, never an erased one', async () => {
      const person = (id: string, change: Partial<CustomerRow> = {}) =>
        store.addCustomer({ ...CUSTOMER, id, phone: '+380501112233', ...change })
      await opened.db.write(
        person('c_here', { createdAt: 1 }),
        person('c_sister', { businessId: 'b_2', createdAt: 2 }),
        person('c_stranger', { businessId: 'b_3' }),
        person('c_erased', { erasedAt: NOW }),
        person('c_other_phone', { phone: '+380501112234' }),
      )
      const byPhone = async (...businessIds: string[]) => {
        const phone = '+380501112233'
        const { customersByPhone } = createLookupStore(opened.db)
        const found = await opened.db.read(customersByPhone({ businessIds: JSON.stringify(businessIds), phone }))
        return found.map(({ id }) => id)
      }
      expect(await byPhone('b_1', 'b_2')).toEqual(['c_sister', 'c_here'])
      expect(await byPhone('b_4')).toEqual([])
    })

    test('what a row holds is read back, lists and times included', async () => {
      const row: CustomerRow = {
        ...CUSTOMER,
        id: 'c_full',
        name: 'Ольга ☕',
        profileTimes: { name: NOW },
        isDemo: true,
      }
      await opened.db.write(store.addCustomer(row))
      expect((await opened.db.read(store.customerById({ id: 'c_full' })))[0]).toEqual({ ...row, search: 'ольга ☕' })
      await opened.db.write(store.saveCustomer({ ...row, name: 'Olha', profileTimes: { name: NOW + 1 } }))
      expect((await opened.db.read(store.customerById({ id: 'c_full' })))[0]).toMatchObject({
        name: 'Olha',
        profileTimes: { name: NOW + 1 },
      })
    })
  })
}

const CUSTOMER: CustomerRow = {
  id: 'c_1',
  businessId: 'b_1',
  externalId: 'c_789',
  walletPassId: null,
  name: null,
  phone: null,
  email: null,
  birthday: null,
  language: null,
  profileTimes: {},
  isDemo: false,
  erasedAt: null,
  createdAt: 1,
}

const VOUCHER: VoucherRow = {
  id: 'v_1',
  businessId: 'b_1',
  customerId: 'c_1',
  externalId: null,
  master: '7stamp',
  number: 'AAAA-0000',
  cardId: null,
  title: null,
  description: null,
  redeemCode: null,
  redeemCodeFormats: [],
  expiresAt: null,
  redeemedVia: null,
  templateId: null,
  redemption: null,
  factTimes: {},
  state: 'issued',
  stateAt: 1,
  issuedAt: null,
  createdAt: 1,
}
