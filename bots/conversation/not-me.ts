import { shortName } from '../../src/notify/short-name.js'
import { type Answer, type Elsewhere, reply } from './answer.js'
import { connectPrompt } from './connect.js'
import type { Facts } from './facts.js'
import { whomToAsk } from './help.js'

/**
 * "Not me" under the news that another chat shows the card now. It disconnects that chat, which is told no more than that.
 * For a link that is older than a day, or was not made while this chat was there, a person decides.
 */
export const notMe = (facts: Facts): Answer => {
  const { business, who, found } = facts
  const params = { business: business.name }
  if (who.role !== 'customer') return reply([connectPrompt(facts, [{ key: 'connect.first' }])])
  if (found.newerChat === null)
    return reply([{ phrases: [{ key: 'notMe.late', params }, whomToAsk(business)], menu: true }])
  const name = who.customer.name === null ? { key: 'alerts.someone' } : shortName(who.customer.name)
  const disconnected: Elsewhere = {
    chatId: found.newerChat.chatId,
    effects: [{ kind: 'unlink' }],
    replies: [{ phrases: [{ key: 'unlink.done', params }] }],
    isAwaited: false,
  }
  const alerts = found.newerChat.staffChats.map(
    (chatId): Elsewhere => ({
      chatId,
      effects: [],
      replies: [{ phrases: [{ key: 'alerts.notMe', params: { who: name } }] }],
      isAwaited: false,
    }),
  )
  return {
    ...reply([{ phrases: [{ key: 'notMe.done', params }, whomToAsk(business)], menu: true }]),
    elsewhere: [disconnected, ...alerts],
  }
}
