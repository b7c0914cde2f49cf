import type { CardDesk } from '../../bots/chats/card-desk.js'
import { demand } from '../db/database.js'
import { derivedId } from '../ids.js'
import { cardFacts } from './facts.js'
import { type CommandNeeds, wakeFor, writesOf } from './own/commands/commands.js'
import { decideCard, type IssueReads, issueReads, ownCardIdOf } from './own/commands/issue-card.js'
import { rulesOf } from './own/templates.js'
import { newOwnCustomer, withProfile } from './save-customer.js'

/** Gives guests of a chat a card of the business's first template, and makes them a customer of whom nothing else is known. */
export const createCardDesk = (needs: CommandNeeds): CardDesk<IssueReads> => {
  const { db, loyalty, templates } = needs

  /** Follows from the chat, so that asking again gives the same card back; who was erased there comes back as somebody new. */
  const customerOf = async (businessId: string, chatId: string): Promise<string> => {
    for (let ordinal = 0; ; ordinal++) {
      const id = derivedId('c', 'own', businessId, 'chat', chatId, String(ordinal))
      const [known] = await db.read(loyalty.customerById({ id }))
      if (!known || known.erasedAt === null) return id
    }
  }

  return {
    offer: async (businessId, chatId) => {
      const [template] = await db.read(templates.cardTemplatesOf({ businessId }))
      if (!template) return null
      const { title, goals } = rulesOf(template)
      const customerId = await customerOf(businessId, chatId)
      return {
        card: { title, goals: goals.map(({ stamps, reward }) => ({ stamps, reward: reward.title })) },
        customerId,
        cardId: ownCardIdOf(customerId, template.id),
        templateId: template.id,
      }
    },
    reads: (businessId, { customerId, cardId, templateId }) =>
      issueReads(needs, { businessId, customerId, cardId, templateId }),
    give: (found, { customerId }, name, now) => {
      const [business] = found.business
      const [known] = found.customer
      if (!business || (known && known.erasedAt !== null)) return null
      const customer =
        known ?? withProfile(newOwnCustomer(customerId, business.id, now), name === null ? {} : { name }, now)
      const issued = decideCard(customer, found, { origin: 'chat', locationId: null, now })
      if (issued === null) return null
      return {
        customer: {
          id: customer.id,
          name: customer.name,
          language: customer.language,
          cards: [cardFacts(issued.card)],
          vouchers: [],
          history: [],
        },
        writes: [
          ...(known ? [] : [demand(1, loyalty.addCustomer(customer))]),
          ...writesOf(needs, issued.before, issued.events),
        ],
      }
    },
    given: ({ customerId }) => wakeFor(needs, customerId),
  }
}
