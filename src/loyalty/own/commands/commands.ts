import type { Bound, Database } from '../../../db/database.js'
import { ownEntryOf } from '../../../events/entry.js'
import type { Journal } from '../../../events/journal.js'
import { shardOf } from '../../../events/journaled-event.js'
import type { LoyaltyStore } from '../../loyalty-store.js'
import type { CardRow } from '../../loyalty-tables.js'
import { longNumberOf, shortNumberOf } from '../../numbers.js'
import type { RuledCard } from '../card-events.js'
import type { OwnEvent } from '../own-event.js'
import { type OwnRows, rowsAfter } from '../own-rows.js'
import { changesOf, type OwnStore } from '../own-store.js'
import type { TemplateStore } from '../template-store.js'
import { rulesOf } from '../templates.js'

/** What a command needs to know of a business. */
export interface OwnBusiness {
  readonly id: string
  readonly parentId: string | null
  /** IANA name */
  readonly timeZone: string
}

export interface CommandNeeds {
  readonly db: Database
  readonly loyalty: LoyaltyStore
  readonly own: OwnStore
  readonly templates: TemplateStore
  readonly journal: Pick<Journal, 'add'>
  readonly businessById: (values: { id: string }) => Bound<readonly OwnBusiness[]>
  /** Asks for a shard's events to be worked; never fails, never waits. */
  wake(shard: number): void
}

/** The writes of a command: its rows and the events that tell of them, in one batch. */
export const writesOf = (
  { loyalty, own, journal }: CommandNeeds,
  before: OwnRows,
  events: readonly OwnEvent[],
): readonly Bound<unknown>[] => [
  ...changesOf(loyalty, own, before, events.reduce(rowsAfter, before)),
  ...events.map((event) => journal.add(ownEntryOf(event, event.body))),
]

/** After the commit: nobody waits for messages, and a wake that is lost loses nothing. */
export const wakeFor = ({ wake }: CommandNeeds, customerId: string): void => wake(shardOf(customerId))

/** A business may act on what is its own or its sisters'. */
export const isOf = (businessId: string, business: OwnBusiness | undefined): business is OwnBusiness =>
  business !== undefined && (business.id === businessId || business.parentId === businessId)

/** A card of our own with the rules it was issued under; null for one that 7stamp owns. */
export const ruledCard = async ({ db, templates }: CommandNeeds, card: CardRow): Promise<RuledCard | null> => {
  const { id, templateId, templateVersion } = card
  if (card.master !== 'own' || templateId === null || templateVersion === null) return null
  const [template] = await db.read(templates.cardTemplateAt({ id: templateId, version: templateVersion }))
  if (!template) throw new Error(`there is no version ${templateVersion} of the card template ${templateId}`)
  return { id, templateId, templateVersion, rules: rulesOf(template) }
}

/** The number of a new voucher; `taken` are the short numbers that others of the business have. */
export const freeNumberOf = (voucherId: string, taken: readonly { readonly number: string }[]): string => {
  const short = shortNumberOf(voucherId)
  return taken.some(({ number }) => number === short) ? longNumberOf(voucherId) : short
}
