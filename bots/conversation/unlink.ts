import type { ContentButton } from '../../src/notify/content.js'
import { type Answer, reply } from './answer.js'
import { isStillAsked } from './confirm.js'
import { connectPrompt } from './connect.js'
import type { Turn } from './turn.js'

const BUTTONS: readonly (readonly ContentButton[])[] = [
  [{ kind: 'action', label: 'buttons.unlinkYes', action: 'unlink:yes' }],
  [{ kind: 'action', label: 'buttons.unlinkNo', action: 'unlink:no' }],
]

/** Disconnects a customer or a staff chat after a "yes" to the question; null asks it. */
export const unlink = (confirmed: boolean | null, { state, facts, now }: Turn): Answer => {
  const { business, who } = facts
  const params = { business: business.name }
  if (who.role === 'guest') return reply([connectPrompt(facts, [{ key: 'unlink.notLinked', params }])])
  const isCustomer = who.role === 'customer'
  if (confirmed === false) return reply([{ phrases: [{ key: 'unlink.kept' }], ...(isCustomer && { menu: true }) }])

  const isOpen = state.kind === 'confirming_unlink' && isStillAsked(state.askedAt, now)
  if (confirmed && isOpen) return reply([{ phrases: [{ key: 'unlink.done', params }] }], [{ kind: 'unlink' }])
  return {
    state: { kind: 'confirming_unlink', askedAt: now },
    replies: [{ phrases: [{ key: isCustomer ? 'unlink.confirm' : 'unlink.confirmStaff', params }], buttons: BUTTONS }],
    effects: [],
  }
}
