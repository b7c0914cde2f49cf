import { derivedId } from '../../ids.js'
import type { CardRow } from '../loyalty-tables.js'
import { cardIssued, stampsBrought } from '../own/card-events.js'
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

/** A card of our own that comes with stamps from elsewhere. */
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
  const issue = cardIssued(imported, ruled)
  const events = [issue, ...stampsBrought(imported, ruled, stamps, derivedId('stamp', 'own', ruled.id, 'import'))]
  const rows = events.reduce(rowsAfter, NO_ROWS)
  return { card: rows.cards.get(ruled.id) ?? issuedCard(issue), rows, events }
}
