import { checkSqlite } from '../backup/copy-sqlite.js'
import type { Config } from '../config.js'
import type { Database } from '../db/database.js'
import type { EventLookupStore } from '../events/event-lookup-store.js'
import type { LoyaltyStore } from '../loyalty/loyalty-store.js'
import { createVerifyOwn } from '../loyalty/own/verify/verify-own.js'
import { createVerifyStore } from '../loyalty/own/verify/verify-store.js'

export interface VerifyingNeeds {
  readonly config: Config
  readonly db: Database
  readonly eventLookups: EventLookupStore
  readonly loyalty: LoyaltyStore
}

/** What looks through all that is kept. */
export const openVerifying = ({ config, db, eventLookups, loyalty }: VerifyingNeeds) => ({
  /** The first thing wrong with SQLite's file, null if nothing is; PostgreSQL's files are out of our reach. */
  database: (): { readonly checked: boolean; readonly wrong: string | null } =>
    config.database.kind === 'sqlite'
      ? { checked: true, wrong: checkSqlite(config.database.file) }
      : { checked: false, wrong: null },
  own: createVerifyOwn({
    db,
    loyalty,
    store: createVerifyStore(db),
    toldEvents: eventLookups.ownOfCustomer,
    pendingEvents: eventLookups.ownPendingOfCustomer,
  }),
})
