import { createAuditLog } from '../access/audit-log.js'
import { createAuthentication } from '../access/authentication.js'
import { createKeyRing } from '../access/key-ring.js'
import { createPinCheck } from '../access/pin-check.js'
import { createRoster } from '../access/roster.js'
import type { BusinessStore } from '../business/business-store.js'
import type { Sealing } from '../business/sealing.js'
import type { Database } from '../db/database.js'
import type { Log } from '../log.js'
import type { Signals } from '../queue/signals.js'

export interface AccessNeeds {
  readonly db: Database
  readonly signals: Signals
  readonly log: Log
  readonly sealing: Sealing
  readonly businesses: BusinessStore
}

/** Who may do what, with the locations that the businesses keep. */
export const openAccess = ({ db, signals, log, sealing, businesses }: AccessNeeds) => {
  const audit = createAuditLog(db)
  const locationsOf = async (businessId: string) =>
    (await db.read(businesses.locationsOf({ businessId }))).map(({ id }) => id)
  return {
    audit,
    roster: createRoster({ db, audit, signals, fingerprint: sealing.fingerprint, locationsOf }),
    keyRing: createKeyRing({ db, audit, signals }),
    authenticate: createAuthentication({ db, signals, log }),
    cashierByPin: createPinCheck(db, sealing.fingerprint),
  }
}
