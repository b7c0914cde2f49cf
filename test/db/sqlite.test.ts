import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.js'
import { insertion, statement } from '../../src/db/database.js'
import { leaseTables } from '../../src/db/lease-tables.js'
import { openSqlite } from '../../src/db/sqlite.js'
import { databaseContract } from '../contracts/database.js'

databaseContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
  const db = openSqlite(join(folder, 'test.sqlite'), systemClock)
  return {
    db,
    close: async () => {
      await db.close()
      rmSync(folder, { recursive: true })
    },
  }
})

test('what is deleted is not left in the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'test.sqlite')
  // One that lies among others on a page, and one that fills pages of its own.
  const texts = ['a short one to forget', 'a long one to forget '.repeat(1_000)]
  const db = openSqlite(path, systemClock)
  const { installation } = db.tables(leaseTables)
  const add = insertion('test add', installation)
  const drop = statement('test drop', (q) => q.delete(installation))
  await db.write(...texts.map((value, index) => add({ key: `key ${index}`, value })))
  await db.write(drop({}))
  await db.close()
  expect(readFileSync(path, 'latin1')).not.toContain('one to forget')
})
