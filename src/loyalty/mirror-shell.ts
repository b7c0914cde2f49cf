import { type Bound, demand } from '../db/database.js'
import type { Mirror } from '../events/applying.js'
import type { JournaledEvent } from '../events/journaled-event.js'
import type { LoyaltyStore } from './loyalty-store.js'
import type { CardRow, CustomerRow, VoucherRow } from './loyalty-tables.js'
import { masterOf } from './master.js'
import { type Applied, applyEvent, type Known } from './mirror.js'
import { longNumberOf, shortNumberOf } from './numbers.js'
import { subjectsOf } from './subjects.js'
import { type Fingerprint, type Marked, marksOf } from './tombstones.js'
import type { News } from './transition.js'

/** What the mirror needs to know of locations. Whoever owns them creates one when an event names it first. */
export interface Locations {
  locationById(values: { id: string }): Bound<readonly LocationRow[]>
  addLocation(
    row: LocationRow & { readonly businessId: string; readonly externalId: string; readonly createdAt: number },
  ): Bound<unknown>
}

interface LocationRow {
  readonly id: string
  readonly name: string | null
}

/** Rows by the mirror's names; each read gives one row or none. */
interface MirrorReads {
  readonly [name: string]: Bound<readonly unknown[]> | null
  readonly customer: Bound<readonly CustomerRow[]>
  readonly card: Bound<readonly CardRow[]> | null
  readonly voucher: Bound<readonly VoucherRow[]> | null
  readonly sameNumber: Bound<readonly { id: string }[]> | null
  readonly location: Bound<readonly LocationRow[]> | null
  readonly tombstones: Bound<readonly { customerId: string }[]>
  readonly adopted: Bound<readonly { id: string }[]> | null
}

export interface MirrorNeeds {
  readonly store: LoyaltyStore
  readonly locations: Locations
  /** Whether 7stamp's customer id is one of the demo's: such people are never in an audience or report. */
  isDemoPerson(externalId: string): boolean
  readonly fingerprint: Fingerprint
}

/** The mirror of 7stamp's customers, cards and vouchers as the pipeline applies events to it. */
export const createMirror = ({
  store,
  locations,
  isDemoPerson,
  fingerprint,
}: MirrorNeeds): Mirror<MirrorReads, News> => ({
  reads: (event) => {
    const { cardId, voucherId, locationId } = subjectsOf(event)
    const marks = marksOf(fingerprint, event.businessId, markedBy(event))
    return {
      customer: store.lockedCustomer({ id: event.customerId }),
      card: cardId === null ? null : store.lockedCard({ id: cardId }),
      voucher: voucherId === null ? null : store.lockedVoucher({ id: voucherId }),
      sameNumber:
        voucherId === null
          ? null
          : store.voucherByNumber({ businessId: event.businessId, number: shortNumberOf(voucherId) }),
      location: locationId === null ? null : locations.locationById({ id: locationId }),
      tombstones: store.tombstonesWith({ marks: JSON.stringify(marks) }),
      adopted:
        cardId === null && masterOf(event.origin) === '7stamp'
          ? store.adoptedCard({ customerId: event.customerId })
          : null,
    }
  },
  decide: (event, found, now) => {
    const { voucherId, locationId } = subjectsOf(event)
    const known: Known = {
      customer: found.customer[0],
      card: found.card[0],
      voucher: found.voucher[0],
      voucherNumber: voucherId === null ? '' : freeNumber(voucherId, found.sameNumber),
      locationName: found.location[0]?.name ?? null,
      hasTombstone: found.tombstones.length > 0,
      isDemoPerson: isDemoPerson(event.payload.customer.id),
      isAdopted: found.adopted.length > 0,
    }
    const applied = applyEvent(event, known, now)
    if (applied.kind !== 'applied') return applied
    // Our own events name locations that are there.
    const isNewLocation = locationId !== null && found.location.length === 0 && masterOf(event.origin) === '7stamp'
    const location = isNewLocation ? [newLocation(locations, event, locationId, now)] : []
    return { kind: 'applied', writes: [...writesOf(store, known, applied), ...location], news: applied.news }
  },
})

const markedBy = ({ payload: { customer } }: JournaledEvent): Marked => ({
  externalId: customer.id,
  phone: customer.phone,
  email: customer.email,
})

const freeNumber = (voucherId: string, sameNumber: readonly { id: string }[]): string =>
  sameNumber.some(({ id }) => id !== voucherId) ? longNumberOf(voucherId) : shortNumberOf(voucherId)

/** A new row is demanded: if another process made it in the meantime, the event is decided again on what it made. */
const writesOf = (store: LoyaltyStore, known: Known, after: Applied & { kind: 'applied' }): Bound<unknown>[] => {
  const writes: Bound<unknown>[] = []
  const put = <Row>(before: Row | undefined, row: Row | undefined, add: Write<Row>, save: Write<Row>) => {
    if (row === undefined || row === before) return
    writes.push(before === undefined ? demand(1, add(row)) : save(row))
  }
  put(known.customer, after.customer, store.addCustomer, store.saveCustomer)
  put(known.card, after.card, store.addCard, store.saveCard)
  put(known.voucher, after.voucher, store.addVoucher, store.saveVoucher)
  return writes
}

type Write<Row> = (row: Row) => Bound<unknown>

const newLocation = (locations: Locations, event: JournaledEvent, id: string, createdAt: number): Bound<unknown> =>
  locations.addLocation({
    id,
    businessId: event.businessId,
    externalId: event.payload.location_id ?? '',
    name: null,
    createdAt,
  })
