import type { CardRow } from '../loyalty-tables.js'
import { type StampCount, withNumber } from '../stamp-count.js'

/** A line of 7stamp's export. */
export interface ExportedCard {
  /** 7stamp's ids. */
  readonly cardExternalId: string
  readonly customerExternalId: string
  /** Null where the line says none. */
  readonly stamps: number | null
}

/** How a card of the mirror stands beside the export. */
export type CardState =
  | 'equal'
  | 'differs'
  /** Events that came after the export have changed it. */
  | 'newer_in_mirror'
  | 'no_count_in_mirror'
  /** The export has no line of it, or none with a count. */
  | 'only_in_mirror'
  /** Neither knows how many stamps it has. */
  | 'unknown'
  /** The export says that it is somebody else's. */
  | 'other_customer'

export interface ComparedCard {
  readonly state: CardState
  /** With how many stamps it would be taken over; null if it would not. */
  readonly stamps: number | null
}

export interface Comparing {
  /** When the export was true, Unix ms. */
  readonly asOf: number
  /** A card whose count nobody knows is taken over with the stamps that events have added since. */
  readonly isUnknownZero: boolean
}

/** Compares a card with its line of the export: what was counted later stands. */
export const compareCard = (
  card: StampCount,
  customerExternalId: string | null,
  exported: ExportedCard | undefined,
  { asOf, isUnknownZero }: Comparing,
): ComparedCard => {
  if (exported && exported.customerExternalId !== customerExternalId) return { state: 'other_customer', stamps: null }
  if (exported && exported.stamps !== null) {
    const { stamps } = withNumber(card, exported.stamps, asOf)
    return { state: stateOf(card.stamps, exported.stamps, stamps), stamps }
  }
  if (card.stamps !== null) return { state: 'only_in_mirror', stamps: card.stamps }
  return { state: 'unknown', stamps: isUnknownZero ? withNumber(card, 0, card.countsAt).stamps : null }
}

const stateOf = (mirrored: CardRow['stamps'], exported: number, both: CardRow['stamps']): CardState => {
  if (mirrored === null) return 'no_count_in_mirror'
  if (both !== mirrored) return 'differs'
  return mirrored === exported ? 'equal' : 'newer_in_mirror'
}
