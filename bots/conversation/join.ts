import type { ContentButton } from '../../src/notify/content.js'
import { type Answer, reply } from './answer.js'
import { showCard } from './card.js'
import { connectPrompt } from './connect.js'
import type { Facts } from './facts.js'
import { welcome } from './start.js'

/** A link on the counter, the same for everybody: it greets, grants nothing, and turns nothing on that was stopped. */
export const join = (facts: Facts): Answer => {
  const { chat, who } = facts
  const phrases = [welcome(facts), ...(chat.stopped ? [{ key: 'stop.stillOn' }] : [])]
  if (who.role !== 'guest') return reply([{ phrases, menu: true }])
  const rows: readonly (readonly ContentButton[])[] = [
    [{ kind: 'action', label: 'buttons.linkCard', action: 'connect' }],
    [{ kind: 'action', label: 'buttons.atTill', action: 'till' }],
    getCardButton(facts),
  ]
  return reply([{ phrases, buttons: rows.filter((row) => row.length > 0) }])
}

/** A card of one's own programme is got here, one of 7stamp where 7stamp gives it. */
const getCardButton = ({ business, found }: Facts): readonly ContentButton[] => {
  if (found.offeredCard !== null) return [{ kind: 'action', label: 'buttons.getCard', action: 'get_card' }]
  return business.cardLink === null ? [] : [{ kind: 'url', label: 'buttons.getCard', url: business.cardLink }]
}

/** The ways to one's card; for whoever has it here already, the card. */
export const connect = (facts: Facts): Answer =>
  facts.who.role === 'guest' ? reply([connectPrompt(facts, [])]) : showCard(null, facts)
