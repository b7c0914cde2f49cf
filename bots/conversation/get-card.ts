import type { ContentButton } from '../../src/notify/content.js'
import { type Answer, reply } from './answer.js'
import { showCard } from './card.js'
import { connectPrompt } from './connect.js'
import type { Facts } from './facts.js'
import { linking } from './link.js'

const BUTTONS: readonly (readonly ContentButton[])[] = [
  [{ kind: 'action', label: 'buttons.getCardYes', action: 'get_card:yes' }],
  [{ kind: 'action', label: 'buttons.getCardNo', action: 'get_card:no' }],
]

/** A card of the business's own, in two taps: what it is, then "yes". Null is the first of them. */
export const getCard = (confirmed: boolean | null, facts: Facts): Answer => {
  const { business, chat, who, found } = facts
  if (who.role !== 'guest') return showCard(null, facts)
  if (found.offeredCard === null || !chat.isPrivate) return reply([connectPrompt(facts, [])])
  if (confirmed === false) return reply([{ phrases: [{ key: 'getCard.notNow' }], menu: true }])
  if (confirmed && found.newCard !== null) {
    const place = { chatId: chat.id, stopped: chat.stopped, isLinked: false }
    const { replies, effects, elsewhere } = linking(found.newCard, 'new_card', place, business)
    return { ...reply(replies, [{ kind: 'giveCard' }, ...effects]), elsewhere }
  }
  const { title, goals } = found.offeredCard
  return reply([
    {
      phrases: [
        { key: 'getCard.offer', params: { business: business.name, title } },
        ...goals.map(({ stamps, reward }) => ({ key: 'getCard.goal', params: { count: stamps, reward } })),
      ],
      buttons: BUTTONS,
    },
  ])
}
