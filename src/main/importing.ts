import type { BusinessStore } from '../business/business-store.js'
import type { Sealing } from '../business/sealing.js'
import type { Clock } from '../clock.js'
import type { Database } from '../db/database.js'
import { createLeaseLook } from '../db/leases.js'
import type { Journal } from '../events/journal.js'
import { createImportFile } from '../loyalty/import/import-file.js'
import { createImportStore } from '../loyalty/import/import-store.js'
import type { LoyaltyStore } from '../loyalty/loyalty-store.js'
import { createOwnStore } from '../loyalty/own/own-store.js'
import { createTemplateStore } from '../loyalty/own/template-store.js'

export interface ImportingNeeds {
  readonly db: Database
  readonly loyalty: LoyaltyStore
  readonly journal: Journal
  readonly businesses: BusinessStore
  readonly sealing: Sealing
  readonly clock: Clock
}

/** Customers and cards from a file. */
export const openImporting = ({ db, loyalty, journal, businesses, sealing, clock }: ImportingNeeds) =>
  createImportFile({
    db,
    store: createImportStore(db),
    loyalty,
    own: createOwnStore(db),
    journal,
    templates: createTemplateStore(db),
    businessById: businesses.byId,
    familyOf: businesses.family,
    fingerprint: sealing.fingerprint,
    isProgramRunning: createLeaseLook(db),
    clock,
  })
