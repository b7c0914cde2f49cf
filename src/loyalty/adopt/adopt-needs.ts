import type { AuditLog } from '../../access/audit-log.js'
import type { Bound, Database } from '../../db/database.js'
import type { Journal } from '../../events/journal.js'
import type { LoyaltyStore } from '../loyalty-store.js'
import type { OwnStore } from '../own/own-store.js'
import type { TemplateStore } from '../own/template-store.js'
import type { AdoptStore } from './adopt-store.js'

/** What adopting and undoing it stand on. */
export interface AdoptNeeds {
  readonly db: Database
  readonly store: AdoptStore
  readonly loyalty: LoyaltyStore
  readonly own: OwnStore
  readonly templates: TemplateStore
  readonly journal: Pick<Journal, 'add'>
  readonly audit: Pick<AuditLog, 'atomically'>
  readonly businessById: (values: {
    id: string
  }) => Bound<readonly { readonly id: string; readonly parentId: string | null }[]>
  /** One of 7stamp's events that were received until then (Unix ms) and wait to be applied, if there is any. */
  readonly pendingEvents: (values: { businessId: string; until: number }) => Bound<readonly unknown[]>
  /** How many events of 7stamp's failed so often that they wait for somebody. */
  readonly failedEvents: (values: { businessId: string }) => Bound<readonly { readonly count: number }[]>
  /** How many events of 7stamp's have come since then (Unix ms) that changed nothing, being about what is ours. */
  readonly lateEvents: (values: { businessId: string; since: number }) => Bound<readonly { readonly count: number }[]>
}
