import { eq } from 'drizzle-orm'
import { type Database, insertion, statement, type Values } from '../db/database.js'
import { leaseTables } from '../db/lease-tables.js'

/** What is true of the whole installation, by key. */
export type InstallationKey = 'master_key_check' | 'fingerprint_key' | 'first_business' | 'environment'

export const createInstallationStore = (db: Database) => {
  const { installation } = db.tables(leaseTables)
  return {
    locked: statement(
      'locked installation value',
      (q, v: Values<{ key: InstallationKey }>) =>
        q.select({ value: installation.value }).from(installation).where(eq(installation.key, v.key)),
      { mode: 'update' },
    ),
    /** A key that is there keeps its value: whoever demands one row learns that another process was first. */
    add: insertion('add installation value', installation, { ignoreExisting: true }),
    save: statement('save installation value', (q, v: Values<{ key: InstallationKey; value: string }>) =>
      q
        .insert(installation)
        .values({ key: v.key, value: v.value })
        .onConflictDoUpdate({ target: installation.key, set: { value: v.value } }),
    ),
  }
}
