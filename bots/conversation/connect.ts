import type { MessageContent, OwnWords, Phrase } from '../../src/notify/content.js'
import type { Facts } from './facts.js'

/** Tells a guest how to get at their card here, below whatever led to it. */
export const connectPrompt = ({ business, chat, found }: Facts, phrases: readonly Phrase[]): MessageContent => {
  const asksForPhone = chat.canSharePhone && chat.isPrivate
  return {
    phrases: [
      ...phrases,
      { key: asksForPhone ? 'connect.byPhone' : 'connect.byLink', params: { business: business.name } },
      ...(chat.isPrivate ? [{ key: 'connect.atTill' }] : []),
      ...(found.offeredCard !== null && chat.isPrivate
        ? [{ key: 'connect.getCardHere' }]
        : whereToGetACard(business.cardLink)),
    ],
    menu: true,
    ...(asksForPhone && { asksForPhone }),
  }
}

/** Nothing if the business has no link for that. */
export const whereToGetACard = (cardLink: string | null): readonly (Phrase | OwnWords)[] =>
  cardLink === null ? [] : [{ key: 'connect.getCard' }, { text: cardLink }]
