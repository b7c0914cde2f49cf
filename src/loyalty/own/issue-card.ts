import type { Decision } from '../../db/database.js'
import { derivedId } from '../../ids.js'
import type { CardRow } from '../loyalty-tables.js'
import { cardIssued } from './card-events.js'
import { type CommandNeeds, isOf, wakeFor, writesOf } from './commands.js'
import { issuedCard } from './own-card.js'
import type { OwnOrigin } from './own-event.js'
import { NO_ROWS } from './own-rows.js'
import { rulesOf } from './templates.js'

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
  async ({ businessId, customerId, templateId, origin, locationId, now }: IssueCard): Promise<CardIssue> => {
    const { db, loyalty, templates, businessById } = needs
    const [found] = await db.read(loyalty.customerById({ id: customerId }))
    if (!found) return { kind: 'refused', reason: 'customer_not_found' }
    const offered = await db.read(templates.cardTemplatesOf({ businessId: found.businessId }))
    const template = templateId === null ? offered[0] : offered.find(({ id }) => id === templateId)
    if (!template) return { kind: 'refused', reason: 'template_not_found' }
    const id = derivedId('card', 'own', customerId, template.id)
    const issue = await db.atomically(
      {
        customer: loyalty.lockedCustomer({ id: customerId }),
        card: loyalty.lockedCard({ id }),
        business: businessById({ id: found.businessId }),
      },
      ({ customer: [customer], card: [card], business: [business] }): Decision<CardIssue> => {
        if (!customer || customer.erasedAt !== null || !isOf(businessId, business)) return refuse('customer_not_found')
        if (card) return { writes: [], result: { kind: 'issued', card, isNew: false } }
        const ruled = { id, templateId: template.id, templateVersion: template.version, rules: rulesOf(template) }
        const event = cardIssued({ business, customer, origin, locationId, at: now }, ruled)
        const result = { kind: 'issued', card: issuedCard(event), isNew: true } as const
        return { writes: writesOf(needs, NO_ROWS, [event]), result }
      },
    )
    if (issue.kind === 'issued' && issue.isNew) wakeFor(needs, customerId)
    return issue
  }

const refuse = (reason: CardRefusal): Decision<CardIssue> => ({ writes: [], result: { kind: 'refused', reason } })
