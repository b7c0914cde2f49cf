import type { MessageContent, Phrase } from '../../src/notify/content.js'
import { type Answer, reply } from './answer.js'
import { connectPrompt } from './connect.js'
import type { Facts } from './facts.js'

/** A bare START: says who speaks here and what for. It is also what turns messages on again after STOP. */
export const start = (facts: Facts): Answer =>
  facts.chat.stopped
    ? reply(
        [greeting(facts, [{ key: 'stop.resumed', params: { business: facts.business.name } }])],
        [{ kind: 'resume' }],
      )
    : reply([greeting(facts, [welcome(facts)])])

const greeting = (facts: Facts, phrases: readonly Phrase[]): MessageContent =>
  facts.who.role === 'guest' ? connectPrompt(facts, phrases) : { phrases, menu: true }

export const welcome = ({ business, who }: Facts): Phrase => {
  const params = { business: business.name }
  if (who.role !== 'customer') return { key: 'welcome.guest', params }
  const { name } = who.customer
  return name === null ? { key: 'welcome.back', params } : { key: 'welcome.backNamed', params: { ...params, name } }
}
