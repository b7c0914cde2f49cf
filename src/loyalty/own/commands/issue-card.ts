import type { Decision, Found } from '../../../db/database.js'
import { derivedId } from '../../../ids.js'
import type { CardRow, CustomerRow } from '../../loyalty-tables.js'
import { cardIssued } from '../card-events.js'
import { issuedCard } from '../own-card.js'
import type { OwnEvent, OwnOrigin } from '../own-event.js'
import { NO_ROWS, type OwnRows } from '../own-rows.js'
import { rulesOf } from '../templates.js'
import { type CommandNeeds, isOf, wakeFor, writesOf } from './commands.js'

export interface IssueCard {
  readonly businessId: string
  readonly customerId: string
  /** Null for the business's first template. */
  readonly templateId: string | null
  readonly origin: OwnOrigin
  readonly locationId: string | null
  /** Unix ms */
  readonly now: number
}

type CardRefusal = 'customer_not_found' | 'template_not_found'

export type CardIssue =
  /** `isNew` is false when the customer has a card of this template already. */
  | { readonly kind: 'issued'; readonly card: CardRow; readonly isNew: boolean }
  | { readonly kind: 'refused'; readonly reason: CardRefusal }

/** Gives a customer a card of our own, one of each template. */
export const createIssueCard =
  (needs: CommandNeeds) =>
  async (asked: IssueCard): Promise<CardIssue> => {
    const { businessId, customerId } = asked
    const { db, loyalty, templates } = needs
    const [found] = await db.read(loyalty.customerById({ id: customerId }))
    if (!found) return { kind: 'refused', reason: 'customer_not_found' }
    const offered = await db.read(templates.cardTemplatesOf({ businessId: found.businessId }))
    const template = asked.templateId === null ? offered[0] : offered.find(({ id }) => id === asked.templateId)
    if (!template) return { kind: 'refused', reason: 'template_not_found' }
    const place = { businessId: found.businessId, customerId, templateId: template.id }
    const reads = issueReads(needs, { ...place, cardId: ownCardIdOf(customerId, template.id) })
    const issue = await db.atomically(reads, (rows): Decision<CardIssue> => {
      const [customer] = rows.customer
      const [business] = rows.business
      if (!customer || customer.erasedAt !== null || !isOf(businessId, business)) return refuse('customer_not_found')
      const issued = decideCard(customer, rows, asked)
      if (issued === null) return refuse('template_not_found')
      const { card, before, events } = issued
      return {
        writes: writesOf(needs, before, events),
        result: { kind: 'issued', card, isNew: events.length > 0 },
      }
    })
    if (issue.kind === 'issued' && issue.isNew) wakeFor(needs, customerId)
    return issue
  }

/** A customer has one card of each template. */
export const ownCardIdOf = (customerId: string, templateId: string): string =>
  derivedId('card', 'own', customerId, templateId)

export type IssueReads = ReturnType<typeof issueReads>

/** What `decideCard` decides on, customer and card locked; for whoever issues as a part of a batch of their own. */
export const issueReads = (
  { loyalty, templates, businessById }: CommandNeeds,
  place: {
    readonly businessId: string
    readonly customerId: string
    readonly cardId: string
    readonly templateId: string
  },
) => ({
  customer: loyalty.lockedCustomer({ id: place.customerId }),
  card: loyalty.lockedCard({ id: place.cardId }),
  /** One that was 7stamp's has another id. */
  same: loyalty.cardOfTemplate({ customerId: place.customerId, templateId: place.templateId }),
  business: businessById({ id: place.businessId }),
  template: templates.cardTemplate({ id: place.templateId }),
})

export interface Issued {
  readonly card: CardRow
  readonly before: OwnRows
  /** None if the customer has the card already. */
  readonly events: readonly OwnEvent[]
}

/** The customer's card, new or known; null if its template or business is gone. */
export const decideCard = (
  customer: CustomerRow,
  { card: [issued], same: [same], business: [business], template: [template] }: Found<IssueReads>,
  { origin, locationId, now }: Pick<IssueCard, 'origin' | 'locationId' | 'now'>,
): Issued | null => {
  const known = issued ?? same
  if (known) return { card: known, before: NO_ROWS, events: [] }
  if (!business || !template) return null
  const ruled = {
    id: ownCardIdOf(customer.id, template.id),
    templateId: template.id,
    templateVersion: template.version,
    rules: rulesOf(template),
  }
  const event = cardIssued({ business, customer, origin, locationId, at: now }, ruled)
  return { card: issuedCard(event), before: NO_ROWS, events: [event] }
}

const refuse = (reason: CardRefusal): Decision<CardIssue> => ({ writes: [], result: { kind: 'refused', reason } })
