import type { CardFacts } from '../../src/loyalty/transition.js'
import { cardLines } from '../../src/notify/captions.js'
import type { MessageContent, Phrase } from '../../src/notify/content.js'
import { type Answer, reply } from './answer.js'
import { connectPrompt, whereToGetACard } from './connect.js'
import type { CustomerFacts } from './customer-facts.js'
import type { BusinessFacts, Facts } from './facts.js'

/** So many cards are shown at once as pictures; more are a list to choose from. */
const MOST_PICTURES = 3
const MOST_LISTED = 10

/** All of the customer’s cards if `cardId` is none of theirs. */
export const showCard = (cardId: string | null, facts: Facts): Answer => {
  const { business, who } = facts
  if (who.role !== 'customer') return reply([connectPrompt(facts, [{ key: 'connect.first' }])])
  const chosen = who.customer.cards.filter((card) => card.id === cardId)
  return reply(chosen.length > 0 ? chosen.map((card) => pictureOf(card, business)) : showAll(who.customer, business))
}

const showAll = ({ cards }: CustomerFacts, business: BusinessFacts): readonly MessageContent[] => {
  if (cards.length === 0) return [noCard(business)]
  if (cards.length <= MOST_PICTURES) return cards.map((card) => pictureOf(card, business))
  return [listOf(cards.slice(0, MOST_LISTED), business)]
}

const noCard = (business: BusinessFacts): MessageContent => ({
  phrases: [{ key: 'card.none', params: { business: business.name } }, ...whereToGetACard(business.cardLink)],
  menu: true,
})

const pictureOf = (card: CardFacts, business: BusinessFacts): MessageContent => ({
  phrases: [{ key: 'card.mine', params: { business: business.name } }, ...cardLines(card)],
  picture: { kind: 'card', cardId: card.id },
  menu: true,
})

const listOf = (cards: readonly CardFacts[], business: BusinessFacts): MessageContent => ({
  phrases: [{ key: 'card.choose', params: { business: business.name } }],
  buttons: cards.map((card) => [
    { kind: 'action', label: 'buttons.named', params: { name: nameOf(card) }, action: `card:${card.id}` },
  ]),
})

const nameOf = ({ title, number }: CardFacts): string | Phrase =>
  title === null ? { key: 'card.number', params: { number } } : { key: 'card.titledNumber', params: { title, number } }
