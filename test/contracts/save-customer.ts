import { createSecretKey } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createBusinessStore } from '../../src/business/business-store.js'
import { createSealing } from '../../src/business/sealing.js'
import type { Database } from '../../src/db/database.js'
import { createChangeCustomer } from '../../src/loyalty/change-customer.js'
import { searchPatterns } from '../../src/loyalty/customer-search.js'
import { createCustomerStore } from '../../src/loyalty/customer-store.js'
import { createLoyaltyStore } from '../../src/loyalty/loyalty-store.js'
import { createSaveCustomer } from '../../src/loyalty/save-customer.js'
import { business } from '../events/pipeline.js'

const BUSINESS = 'b_cafe'
const PHONE = '+380501112233'
const EMAIL = 'olena@example.com'

export interface SharedDatabase {
  readonly db: Database
  /** The same data, as another process has it. */
  another(): Promise<Database>
  close(): Promise<void>
}

/** Customers are known by phone and email, whichever process asks. */
export const saveCustomerContract = (name: string, open: () => Promise<SharedDatabase>) => {
  const openTwo = async () => {
    const opened = await open()
    const other = await opened.another()
    onTestFinished(async () => {
      await other.close()
      await opened.close()
    })
    await opened.db.write(createBusinessStore(opened.db).add(business(BUSINESS)))
    return [commandsOn(opened.db), commandsOn(other)] as const
  }

  describe(`customers saved on ${name}`, () => {
    test('the same phone in many requests at once, on two processes, is one customer', async () => {
      const processes = await openTwo()
      const asked = Array.from({ length: 16 }, (_, n) => processes[n % 2]?.save({ phone: PHONE }))
      const saved = (await Promise.all(asked)).map((outcome) => (outcome?.kind === 'saved' ? outcome : null))
      expect(new Set(saved.map((each) => each?.customer.id)).size).toBe(1)
      expect(saved.filter((each) => each?.isNew)).toHaveLength(1)
    })

    test('so it is by phone and by email at once', async () => {
      const [one, other] = await openTwo()
      const saved = await Promise.all([
        one.save({ phone: PHONE, email: EMAIL }),
        other.save({ email: EMAIL }),
        one.save({ email: EMAIL }),
        other.save({ phone: PHONE, email: EMAIL }),
      ])
      expect(new Set(saved.map((each) => each.kind === 'saved' && each.customer.id)).size).toBe(1)
    })

    test('a phone goes to one of two who want it at once', async () => {
      const [one, other] = await openTwo()
      const [first, second] = [await one.save({ email: 'a@example.com' }), await other.save({ email: 'b@example.com' })]
      if (first.kind === 'refused' || second.kind === 'refused') throw new Error('not saved')
      const changed = await Promise.all([
        one.change(first.customer.id, { phone: PHONE }),
        other.change(second.customer.id, { phone: PHONE }),
      ])
      expect(changed.map((each) => (each.kind === 'refused' ? each.reason : 'changed')).sort()).toEqual([
        'changed',
        'phone_taken',
      ])
    })

    test('a search knows every alphabet’s case, in pages that stay', async () => {
      const [one] = await openTwo()
      await one.save({ phone: PHONE }, 'Олена Коваль')
      expect(await one.search('КОВАЛЬ')).toEqual(['Олена Коваль'])
      expect(await one.search('%')).toEqual([])
    })
  })
}

const commandsOn = (db: Database) => {
  const customers = createCustomerStore(db)
  const needs = {
    db,
    customers,
    loyalty: createLoyaltyStore(db),
    familyOf: createBusinessStore(db).family,
    fingerprint: createSealing(createSecretKey(Buffer.alloc(32, 1))).fingerprint,
  }
  const save = createSaveCustomer(needs)
  const change = createChangeCustomer(needs)
  return {
    save: (contact: Parameters<typeof save>[0]['contact'], name?: string) =>
      save({ businessId: BUSINESS, contact, profile: { name }, now: 1_000 }),
    change: (customerId: string, profile: Parameters<typeof change>[0]['profile']) =>
      change({ businessId: BUSINESS, customerId, profile, now: 2_000 }),
    search: async (typed: string) => {
      const [a, b, c, d] = searchPatterns(typed)
      const page = { businessIds: JSON.stringify([BUSINESS]), a, b, c, d, beforeAt: 9_999, beforeId: '', limit: 10 }
      return (await db.read(customers.page(page))).map((row) => row.name)
    },
  }
}
