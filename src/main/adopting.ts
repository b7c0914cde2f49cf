import type { AuditLog } from '../access/audit-log.js'
import type { BusinessStore } from '../business/business-store.js'
import type { BusinessRow } from '../business/business-tables.js'
import type { Database } from '../db/database.js'
import type { EventLookupStore } from '../events/event-lookup-store.js'
import type { Journal } from '../events/journal.js'
import { createAdoptCards } from '../loyalty/adopt/adopt-cards.js'
import { createAdoptStore } from '../loyalty/adopt/adopt-store.js'
import { createAdoptionStatus } from '../loyalty/adopt/adoption-status.js'
import { createUndoAdoption } from '../loyalty/adopt/undo-adoption.js'
import type { LoyaltyStore } from '../loyalty/loyalty-store.js'
import { MANAGED_BY_OWN } from '../loyalty/mirror.js'
import { createOwnStore } from '../loyalty/own/own-store.js'
import { createTemplateStore } from '../loyalty/own/template-store.js'

export interface AdoptingNeeds {
  readonly db: Database
  readonly loyalty: LoyaltyStore
  readonly journal: Journal
  readonly eventLookups: EventLookupStore
  readonly businesses: BusinessStore
  readonly audit: AuditLog
}

/** What turns 7stamp's cards into own ones, and back. */
export const openAdopting = ({ db, loyalty, journal, eventLookups, businesses, audit }: AdoptingNeeds) => {
  const needs = {
    db,
    store: createAdoptStore(db),
    loyalty,
    own: createOwnStore(db),
    templates: createTemplateStore(db),
    journal,
    audit,
    businessById: businesses.byId,
    pendingEvents: eventLookups.pendingOf7stamp,
    failedEvents: eventLookups.countDeadOf7stamp,
    lateEvents: (of: { businessId: string; since: number }) =>
      eventLookups.countIgnored({ ...of, reason: MANAGED_BY_OWN }),
  }
  return {
    adoptCards: createAdoptCards(needs),
    undo: createUndoAdoption(needs),
    status: createAdoptionStatus(needs),
    /** Businesses of which 7stamp still tells: those that have left it are silent for good, and nobody is alerted. */
    businessesOf7stamp: async (): Promise<readonly BusinessRow[]> => {
      const left = await db.read(needs.store.businessesLeft({}))
      const all = await db.read(businesses.all({}))
      return all.filter(({ id }) => !left.some((one) => one.id === id))
    },
  }
}
