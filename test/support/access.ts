import { createSecretKey } from 'node:crypto'
import { createBusinessStore } from '../../src/business/business-store.js'
import { createSealing } from '../../src/business/sealing.js'
import type { Database } from '../../src/db/database.js'
import { openAccess } from '../../src/main/access.js'
import { createInProcessSignals } from '../../src/queue/in-process-signals.js'
import { recordLog } from './recorded-log.js'

export interface AccessDatabase {
  readonly db: Database
  /** The same data, as another process has it. */
  another(): Promise<Database>
  close(): Promise<void>
}

/** `src/access` as a process has it; all of them with the same master key unless `seed` says otherwise. */
export const accessOn = (db: Database, seed = 1, log = recordLog().log) => {
  const businesses = createBusinessStore(db)
  const sealing = createSealing(createSecretKey(Buffer.alloc(32, seed)))
  // Of this process alone: what a test changes on another handle is heard of by nobody else.
  const signals = createInProcessSignals({ log })
  return openAccess({ db, businesses, sealing, signals, log })
}

export const addLocation = async (db: Database, businessId: string, id: string): Promise<void> =>
  db.write(createBusinessStore(db).addLocation({ id, businessId, externalId: id, name: null, createdAt: 0 }))
