import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLookupStore, type LookupStore } from '../../src/loyalty/lookup-store.js'
import { queryPlan } from '../support/query-plan.js'
import { openTestSqlite, type TestDatabase } from '../support/sqlite.js'

/** Somebody waits at the counter: what is typed is found at once, however many cards and vouchers a business has. */
describe('what somebody types', () => {
  let there: TestDatabase
  let lookups: LookupStore
  beforeAll(async () => {
    there = await openTestSqlite()
    lookups = createLookupStore(there.db)
  })
  afterAll(() => there.close())

  const businessIds = '["b"]'
  const typed = { businessIds, number: 'K7Q2-9FHM', typed: 'K7Q2-9FHM' }

  test.each(['cardsNumbered', 'cardIdsNumbered', 'ownersOfNumber'] as const)(
    '%s finds a card by its number',
    (name) => {
      const plan = queryPlan(there.path, lookups[name](typed))
      expect(plan).toContain('SEARCH cards USING INDEX cards_external_id (business_id=? AND external_id=?)')
      expect(plan).toContain('SEARCH cards USING INDEX cards_number (business_id=? AND number=?)')
    },
  )

  test('two vouchers with a code that thousands share are found without looking at all of them', () => {
    const plan = queryPlan(there.path, lookups.vouchersWithCode({ businessIds, codes: '["COFFEE"]' }))
    expect(plan).toContain('SEARCH vouchers USING INDEX vouchers_redeem_code (business_id=? AND redeem_code=?)')
    expect(plan.filter((step) => step.includes('ORDER BY'))).toEqual([])
  })
})
