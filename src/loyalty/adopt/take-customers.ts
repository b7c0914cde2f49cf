import type { Decision } from '../../db/database.js'
import { patiently } from '../../db/patiently.js'
import { ownEntryOf } from '../../events/entry.js'
import { NO_ROWS } from '../own/own-rows.js'
import { changesOf } from '../own/own-store.js'
import type { AdoptNeeds } from './adopt-needs.js'
import { ofCustomer } from './adopt-store.js'
import type { Adoption } from './adopt-tables.js'
import { type TakenOver, type TakingOver, takeOver, type Whole } from './take-over.js'

export type TakenCustomers =
  | { readonly kind: 'taken'; readonly customers: readonly TakenOver[] }
  /** Nothing is taken over any more. */
  | { readonly kind: 'undo_begun' }

/**
 * Takes some customers' cards and vouchers over in one transaction, on their locked rows: an event of 7stamp's was applied
 * before and is in the count, or comes after and is refused.
 */
export const createTakeCustomers = (needs: AdoptNeeds) => {
  const { db, store } = needs

  return {
    /** What taking over would come to, on rows that nobody locks. */
    compare: async (taking: TakingOver, customerIds: readonly string[], now: number): Promise<TakenCustomers> => {
      const ids = JSON.stringify(customerIds)
      const customers = await db.read(store.lockedCustomers({ ids }))
      const cards = await db.read(store.cardsOf7stamp({ customerIds: ids }))
      const vouchers = await db.read(store.vouchersOf7stamp({ customerIds: ids }))
      return { kind: 'taken', customers: wholes(customers, cards, vouchers).map((one) => takeOver(one, taking, now)) }
    },

    take: (taking: TakingOver, customerIds: readonly string[]): Promise<TakenCustomers> => {
      const ids = JSON.stringify(customerIds)
      const reads = {
        adoption: store.locked({ id: taking.adoptionId }),
        customers: store.lockedCustomers({ ids }),
        cards: store.cardsOf7stamp({ customerIds: ids }),
        vouchers: store.vouchersOf7stamp({ customerIds: ids }),
      }
      return patiently(() =>
        db.atomically(reads, ({ adoption: [adoption], customers, cards, vouchers }, now): Decision<TakenCustomers> => {
          if (!adoption || adoption.undoBegunAt !== null) return { writes: [], result: { kind: 'undo_begun' } }
          const taken = wholes(customers, cards, vouchers).map((one) => takeOver(one, taking, now))
          return { writes: writesOf(needs, adoption, taken), result: { kind: 'taken', customers: taken } }
        }),
      )
    },
  }
}

/** Whoever was erased meanwhile is left alone. */
const wholes = (
  customers: readonly Whole['customer'][],
  cards: Whole['cards'],
  vouchers: Whole['vouchers'],
): readonly Whole[] =>
  customers
    .filter(({ erasedAt }) => erasedAt === null)
    .map((customer) => ({
      customer,
      cards: ofCustomer(cards, customer),
      vouchers: ofCustomer(vouchers, customer),
    }))

const writesOf = ({ store, loyalty, own, journal }: AdoptNeeds, adoption: Adoption, taken: readonly TakenOver[]) => {
  const adopted = taken.flatMap((one) => one.adopted)
  if (adopted.length === 0) return []
  const cards = adopted.filter(({ before }) => before.kind === 'card').length
  return [
    store.save({
      ...adoption,
      cards: adoption.cards + cards,
      vouchers: adoption.vouchers + adopted.length - cards,
    }),
    ...adopted.map((row) => store.addAdopted(row)),
    ...taken.flatMap(({ rows, events }) => [
      ...[...rows.cards.values()].map((row) => store.turn({ kind: 'card', row })),
      ...[...rows.vouchers.values()].map((row) => store.turn({ kind: 'voucher', row })),
      ...changesOf(loyalty, own, NO_ROWS, { ...rows, cards: NO_ROWS.cards, vouchers: NO_ROWS.vouchers }),
      // Applied from the beginning: an adoption is told to nobody.
      ...events.map((event) => journal.add({ ...ownEntryOf(event, event.body), state: 'applied' })),
    ]),
  ]
}
