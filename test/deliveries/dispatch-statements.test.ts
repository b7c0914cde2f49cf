import { expect, test } from 'vitest'
import { createLedger } from '../../src/deliveries/ledger.js'
import { queryPlan } from '../support/query-plan.js'
import { openTestSqlite } from '../support/sqlite.js'

/** By state they would be found too: among all that waits, which may be a campaign of a million, for each of them anew. */
test.each([
  ['results', 'recordSent'],
  ['what passes the gate', 'markSending'],
  ['what is still pending', 'stillPending'],
] as const)('%s are found by their ids', async (_, name) => {
  const { db, path, close } = await openTestSqlite()
  const plan = queryPlan(path, createLedger(db)[name]({ rows: '[]', ids: '[]', fence: 1, now: 1 }))
  await close()
  expect(plan.filter((step) => step.includes('deliveries'))).toEqual([
    expect.stringMatching(/INDEX sqlite_autoindex_deliveries_1 \(id=\?\)/),
  ])
})
