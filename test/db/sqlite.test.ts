import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/clock.js'
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
