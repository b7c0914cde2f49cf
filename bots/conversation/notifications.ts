import type { ContentButton, Phrase } from '../../src/notify/content.js'
import { HEARS, type Hears } from '../../src/notify/hears.js'
import { type Answer, reply } from './answer.js'
import { connectPrompt } from './connect.js'
import type { Facts } from './facts.js'

const BUTTONS: readonly (readonly ContentButton[])[] = HEARS.map((hears) => [
  { kind: 'action', label: `buttons.hears.${hears}`, action: `notifications:${hears}` },
])

/** Shows what the customer hears now with the choices, or chooses. STOP stands above it, and is said where it holds. */
export const notifications = (chosen: Hears | null, facts: Facts): Answer => {
  const { business, chat, who } = facts
  if (who.role !== 'customer') return reply([connectPrompt(facts, [{ key: 'connect.first' }])])
  const stopped: readonly Phrase[] = chat.stopped ? [{ key: 'stop.stillOn' }] : []
  const params = { business: business.name }
  if (chosen !== null)
    return reply(
      [{ phrases: [{ key: `notifications.chosen.${chosen}`, params }, ...stopped], menu: true }],
      [{ kind: 'setHears', hears: chosen }],
    )
  const now: Phrase = { key: `notifications.now.${who.customer.hears}`, params }
  return reply([{ phrases: [now, ...stopped, { key: 'notifications.ask' }], buttons: BUTTONS }])
}
