import { expect, test } from 'vitest'
import { insertion, statement } from '../../src/db/database.js'
import { deliveryTables } from '../../src/deliveries/delivery-tables.js'
import { importTables, NO_COUNTS } from '../../src/loyalty/import/import-tables.js'
import { KEPT_MS, retentionChores } from '../../src/main/retention.js'
import { openCommandLine } from '../support/command-line.js'

const NOW = Date.parse('2026-05-11')

test('tries and imports are dropped when their time is over, and not before', async () => {
  const { foundation, businessId } = await openCommandLine()
  const { db } = foundation
  const { attempts } = db.tables(deliveryTables)
  const { imports } = db.tables(importTables)
  const addAttempt = insertion('test attempt', attempts)
  const addImport = insertion('test import', imports)
  for (const [attempt, age] of [KEPT_MS.attempts + 1, KEPT_MS.attempts - 1].entries()) {
    const at = NOW - age
    await db.write(addAttempt({ deliveryId: 'd_1', attempt, fence: 1, startedAt: at, endedAt: at, outcome: 'sent' }))
  }
  for (const [id, age] of [KEPT_MS.imports + 1, KEPT_MS.imports - 1].entries())
    await db.write(
      addImport({
        id: `imp_${id}`,
        businessId,
        fileName: 'people.csv',
        sizeBytes: 1,
        asOf: 1,
        offsetBytes: 1,
        line: 2,
        counts: NO_COUNTS,
        errorFileBytes: 0,
        pendingErrors: [],
        startedAt: NOW - age,
        updatedAt: NOW - age,
      }),
    )
  for (const { run } of retentionChores({ db, clock: () => NOW })) await run()
  const kept = statement('test kept attempts', (q) => q.select({ attempt: attempts.attempt }).from(attempts))
  const keptImports = statement('test kept imports', (q) => q.select({ id: imports.id }).from(imports))
  expect(await db.read(kept({}))).toEqual([{ attempt: 1 }])
  expect(await db.read(keptImports({}))).toEqual([{ id: 'imp_1' }])
})
