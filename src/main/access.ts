import { createAuditLog } from '../access/audit-log.js'
import { createPinCheck } from '../access/pin-check.js'
import { createRoster } from '../access/roster.js'
import type { BusinessStore } from '../business/business-store.js'
import type { Sealing } from '../business/sealing.js'
import type { Database } from '../db/database.js'

export interface AccessNeeds {
  readonly db: Database
  readonly sealing: Sealing
  readonly businesses: BusinessStore
}

/** Who may do what, with the locations that the businesses keep. */
export const openAccess = ({ db, sealing, businesses }: AccessNeeds) => {
  const audit = createAuditLog(db)
  const locationsOf = async (businessId: string) =>
    (await db.read(businesses.locationsOf({ businessId }))).map(({ id }) => id)
  return {
    audit,
    roster: createRoster({ db, audit, fingerprint: sealing.fingerprint, locationsOf }),
    cashierByPin: createPinCheck(db, sealing.fingerprint),
  }
}
