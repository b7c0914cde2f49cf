import { expect, test } from 'vitest'
import { createEventLookupStore } from '../../src/events/event-lookup-store.js'
import { queryPlan } from '../support/query-plan.js'
import { openTestSqlite } from '../support/sqlite.js'

/** Verifying asks it for every customer: each time through the whole journal would never end. */
test('what waits to be told of a customer is found among what waits, however long the journal is', async () => {
  const { db, path, close } = await openTestSqlite()
  const plan = queryPlan(path, createEventLookupStore(db).ownPendingOfCustomer({ customerId: 'c' }))
  await close()
  expect(plan).toEqual(['SCAN events USING INDEX events_pending'])
})
