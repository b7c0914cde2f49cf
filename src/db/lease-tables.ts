import type { Kit } from './kit.js'

export const leaseTables = (k: Kit) => {
  /** Who leads a task that one process at a time may do. */
  const leases = k.table('leases', {
    name: k.text('name').primaryKey(),
    owner: k.text('owner').notNull(),
    until: k.int('until').notNull(),
  })
  /** One row each of things that are true of the whole installation, such as the master key's check value. */
  const installation = k.table('installation', {
    key: k.text('key').primaryKey(),
    value: k.text('value').notNull(),
  })
  return { leases, installation }
}
