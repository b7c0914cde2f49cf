import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, systemClock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import { openSqlite } from '../../src/db/sqlite.js'

export interface TestDatabase {
  readonly db: Database
  readonly path: string
  close(): Promise<void>
}

/** A real SQLite file in a folder of its own, with the real migrations. */
export const openTestSqlite = async (clock: Clock = systemClock): Promise<TestDatabase> => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
  const path = join(folder, 'test.sqlite')
  const db = openSqlite(path, clock)
  return {
    db,
    path,
    close: async () => {
      await db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
