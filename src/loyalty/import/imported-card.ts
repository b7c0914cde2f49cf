import { derivedId } from '../../ids.js'
import type { CardRow } from '../loyalty-tables.js'
import { cardIssued, stampAdded } from '../own/card-events.js'
import { issuedCard } from '../own/own-card.js'
import type { Cause, OwnEvent } from '../own/own-event.js'
import { NO_ROWS, type OwnRows, rowsAfter } from '../own/own-rows.js'
import type { CardTemplateRow } from '../own/own-tables.js'
import { rulesOf } from '../own/templates.js'

/** A card of our own as its events make it. */
export interface ImportedCard {
  readonly card: CardRow
  readonly rows: OwnRows
  readonly events: readonly OwnEvent[]
}

/**
 * A card of our own that comes with stamps from elsewhere: one stamping, of which goals that lie behind earn nothing, since
 * whoever counted them has given what they earned.
 */
export const importedCard = (
  cause: Omit<Cause, 'origin' | 'locationId'>,
  template: CardTemplateRow,
  stamps: number,
): ImportedCard => {
  const imported: Cause = { ...cause, origin: 'import', locationId: null }
  const ruled = {
    id: derivedId('card', 'own', cause.customer.id, template.id),
    templateId: template.id,
    templateVersion: template.version,
    rules: rulesOf(template),
  }
  const stamp = {
    id: derivedId('stamp', 'own', ruled.id, 'import'),
    count: stamps,
    amount: null,
    carriedChange: 0,
    currency: null,
    receiptId: null,
    source: 'import',
    staffId: null,
  }
  const issue = cardIssued(imported, ruled)
  const stampings = stamps === 0 ? [] : [stampAdded(imported, ruled, { total: stamps, carried: 0 }, stamp)]
  const events = [issue, ...stampings]
  const rows = events.reduce(rowsAfter, NO_ROWS)
  return { card: rows.cards.get(ruled.id) ?? issuedCard(issue), rows, events }
}
