import { LRUCache } from 'lru-cache'
import type { CustomerBook } from '../../bots/chats/customer-book.js'
import type { BusinessRow } from '../business/business-tables.js'
import type { Shown } from '../channels/picture-desk.js'
import { AppError } from '../errors.js'
import { createCustomerBook } from '../loyalty/customer-book.js'
import { cardFacts, voucherFacts } from '../loyalty/facts.js'
import { createLookupStore } from '../loyalty/lookup-store.js'
import type { Foundation } from './foundation.js'

/** What capabilities ask about each other's rows, answered in one place. */
export interface Directory {
  /** Throws AppError('not_found'). Remembered for a second. */
  business(id: string): Promise<BusinessRow>
  readonly customers: CustomerBook
  readonly shown: Shown
  /** What events said of each customer's language. */
  languagesOf(customerIds: readonly string[]): Promise<ReadonlyMap<string, string | null>>
}

const REMEMBERED_MS = 1_000
const MAX_REMEMBERED = 1_000

export const createDirectory = (foundation: Foundation): Directory => {
  const { db, clock, loyalty, businesses, eventLookups, signals } = foundation
  const remembered = new LRUCache<string, Promise<BusinessRow>>({ max: MAX_REMEMBERED, ttl: REMEMBERED_MS })
  signals.subscribe('business', () => remembered.clear())

  const load = async (id: string): Promise<BusinessRow> => {
    const [row] = await db.read(businesses.byId({ id }))
    if (!row) throw new AppError('not_found', `there is no business ${id}`)
    return row
  }
  const byId = async <Row extends { id: string }, Facts>(
    ids: readonly string[],
    read: (values: { ids: string }) => Parameters<typeof db.read<Row[]>>[0],
    factsOf: (row: Row) => Facts,
  ): Promise<ReadonlyMap<string, Facts>> => {
    if (ids.length === 0) return new Map()
    const rows = await db.read(read({ ids: JSON.stringify(ids) }))
    return new Map(rows.map((row) => [row.id, factsOf(row)]))
  }

  return {
    business: (id) => {
      const known = remembered.get(id)
      if (known) return known
      const loading = load(id)
      remembered.set(id, loading)
      loading.catch(() => remembered.delete(id))
      return loading
    },
    customers: createCustomerBook({
      db,
      loyalty,
      lookups: createLookupStore(db),
      events: eventLookups,
      clock,
      familyOf: businesses.family,
    }),
    shown: {
      cards: (ids) => byId(ids, loyalty.cardsByIds, cardFacts),
      vouchers: (ids) => byId(ids, loyalty.vouchersByIds, voucherFacts),
    },
    languagesOf: (customerIds) => byId(customerIds, loyalty.customerLanguages, ({ language }) => language),
  }
}
