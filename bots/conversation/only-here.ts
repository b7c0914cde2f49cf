import type { MessageContent } from '../../src/notify/content.js'
import { type Answer, type Elsewhere, reply } from './answer.js'
import { connectPrompt } from './connect.js'
import type { BusinessFacts, Facts } from './facts.js'
import { whomToAsk } from './help.js'

/** What a chat is told that was just linked, while another one shows the card: whoever lost a phone can end that at once. */
export const onlyHereOffer = (): MessageContent => ({
  phrases: [{ key: 'onlyHere.offer' }],
  buttons: [[{ kind: 'action', label: 'buttons.onlyHere', action: 'only_here' }]],
})

/**
 * "Only here" disconnects the customer's chats that were linked before this one. So the newer link decides: a phone that was
 * found can press "Not me" for a day, but once the new phone has pressed this it has nothing left to press. The other way
 * round nothing is disconnected: an old chat never ends a newer one by this.
 */
export const onlyHere = (facts: Facts): Answer => {
  const { business, who, found } = facts
  const params = { business: business.name }
  if (who.role !== 'customer') return reply([connectPrompt(facts, [{ key: 'connect.first' }])])
  const { older, hasNewer } = found.otherChats ?? { older: [], hasNewer: false }
  const news = hasNewer ? [{ key: 'onlyHere.newer', params }, whomToAsk(business)] : [{ key: 'onlyHere.done', params }]
  return {
    ...reply([{ phrases: news, menu: true }]),
    elsewhere: older.map((chatId) => disconnected(chatId, business)),
  }
}

/** It may be the finder's phone, and it may be the owner's: both are sent to people who can tell them apart. */
const disconnected = (chatId: string, business: BusinessFacts): Elsewhere => ({
  chatId,
  effects: [{ kind: 'unlink' }],
  replies: [{ phrases: [{ key: 'onlyHere.ended', params: { business: business.name } }, whomToAsk(business)] }],
  isAwaited: false,
})
