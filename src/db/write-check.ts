import { type Bound, statement, type Values } from './database.js'
import type { leaseTables } from './lease-tables.js'

/** As much as an event writes with its indexes: on a disk that is nearly full, a few bytes would still fit somewhere. */
const AS_MUCH_AS_AN_EVENT = ' '.repeat(32 * 1024)

/** A write that changes a row each time: what cannot store it can store no event either, though it may still be read. */
export const createWriteCheck = (
  tables: ReturnType<typeof leaseTables>,
): ((values: { at: string }) => Bound<unknown>) => {
  const { installation } = tables
  const write = statement('write check', (q, v: Values<{ at: string }>) =>
    q
      .insert(installation)
      .values({ key: 'written_at', value: v.at })
      .onConflictDoUpdate({ target: installation.key, set: { value: v.at } }),
  )
  return ({ at }) => write({ at: at + AS_MUCH_AS_AN_EVENT })
}
