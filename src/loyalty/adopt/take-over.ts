import type { CardRow, CustomerRow, VoucherRow } from '../loyalty-tables.js'
import type { RuledCard } from '../own/card-events.js'
import type { OwnEvent } from '../own/own-event.js'
import { NO_ROWS, type OwnRows, rowsAfter } from '../own/own-rows.js'
import type { CardTemplateRow } from '../own/own-tables.js'
import { rulesOf } from '../own/templates.js'
import type { AdoptedRow } from './adopt-tables.js'
import { type AdoptionCause, cardTakenOver, voucherTakenOver } from './adoption-events.js'
import { type ComparedCard, type Comparing, compareCard, type ExportedCard } from './compare-card.js'

/** What all cards of an adoption have in common. */
export interface TakingOver extends Comparing {
  readonly adoptionId: string
  readonly business: AdoptionCause['business']
  readonly template: CardTemplateRow
  /** By 7stamp's card id. */
  readonly exported: ReadonlyMap<string, ExportedCard>
}

/** A customer with what 7stamp owns of theirs. */
export interface Whole {
  readonly customer: CustomerRow
  readonly cards: readonly CardRow[]
  readonly vouchers: readonly VoucherRow[]
}

export interface ComparedWith extends ComparedCard {
  readonly card: CardRow
  readonly customerExternalId: string | null
  readonly exported: ExportedCard | undefined
}

export interface TakenOver {
  readonly compared: readonly ComparedWith[]
  /** The rows that become our own, and the stamps of cards. */
  readonly rows: OwnRows
  readonly events: readonly OwnEvent[]
  /** What they were. */
  readonly adopted: readonly AdoptedRow[]
}

/**
 * Takes over what 7stamp owns of a customer. A card whose count nobody knows stays, and its vouchers with it; those that name
 * no card go with the last of them.
 */
export const takeOver = ({ customer, cards, vouchers }: Whole, taking: TakingOver, now: number): TakenOver => {
  const compared = cards.map((card) => {
    const exported = card.externalId === null ? undefined : taking.exported.get(card.externalId)
    const { externalId: customerExternalId } = customer
    return { card, customerExternalId, exported, ...compareCard(card, customerExternalId, exported, taking) }
  })
  const left = new Set(compared.flatMap(({ card, stamps }) => (stamps === null ? [card.id] : [])))
  const theirs = vouchers.filter(({ cardId }) => (cardId === null ? left.size === 0 : !left.has(cardId)))
  const { adoptionId, business } = taking
  const cause = { business, customer, origin: 'import', locationId: null, at: now, adoptionId } as const
  const events = [
    ...compared.flatMap(({ card, stamps }) =>
      stamps === null ? [] : cardTakenOver(cause, card, ruled(card, taking), stamps),
    ),
    ...theirs.map((voucher) => voucherTakenOver(cause, voucher)),
  ]
  const keep = (row: Pick<AdoptedRow, 'id' | 'before' | 'exportStamps' | 'stamps'>): AdoptedRow => ({
    ...row,
    adoptionId,
    customerId: customer.id,
    adoptedAt: now,
    undo: null,
    stampsSince: null,
  })
  return {
    compared,
    rows: events.reduce(rowsAfter, NO_ROWS),
    events,
    adopted: [
      ...compared.flatMap(({ card, stamps, exported }) => {
        const before = { kind: 'card', row: card } as const
        return stamps === null ? [] : keep({ id: card.id, before, stamps, exportStamps: exported?.stamps ?? null })
      }),
      ...theirs.map((row) => keep({ id: row.id, before: { kind: 'voucher', row }, stamps: null, exportStamps: null })),
    ],
  }
}

const ruled = ({ id }: CardRow, { template }: TakingOver): RuledCard => ({
  id,
  templateId: template.id,
  templateVersion: template.version,
  rules: rulesOf(template),
})
