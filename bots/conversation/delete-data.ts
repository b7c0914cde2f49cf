import type { ContentButton } from '../../src/notify/content.js'
import { type Answer, reply } from './answer.js'
import { isStillAsked } from './confirm.js'
import { connectPrompt } from './connect.js'
import type { Intent } from './intent.js'
import type { State } from './state.js'
import type { Turn } from './turn.js'

const BUTTONS: readonly (readonly ContentButton[])[] = [
  [{ kind: 'action', label: 'buttons.deleteYes', action: 'deletedata:yes' }],
  [{ kind: 'action', label: 'buttons.deleteNo', action: 'deletedata:no' }],
]

/** Whether a customer who says this is erased by the answer. */
export const confirmsDeletion = (state: State, intent: Intent, now: number): boolean =>
  intent.kind === 'delete_data' &&
  intent.confirmed === true &&
  state.kind === 'confirming_deletion' &&
  isStillAsked(state.askedAt, now)

/** Forgets a customer after a "yes" to the question; null asks it. It cannot be taken back, so a late "yes" asks again. */
export const deleteData = (confirmed: boolean | null, { state, facts, now }: Turn): Answer => {
  const { business, chat, who } = facts
  const params = { business: business.name }
  if (who.role !== 'customer') return reply([connectPrompt(facts, [{ key: 'deletion.nothing', params }])])
  if (confirmed === false) return reply([{ phrases: [{ key: 'deletion.kept', params }], menu: true }])
  if (confirmsDeletion(state, { kind: 'delete_data', confirmed }, now))
    return reply([{ phrases: [{ key: 'deletion.done', params }] }], [{ kind: 'erase', language: chat.language }])
  return {
    state: { kind: 'confirming_deletion', askedAt: now },
    replies: [
      {
        phrases: [{ key: 'deletion.question', params }, { key: 'deletion.card' }],
        buttons: BUTTONS,
      },
    ],
    effects: [],
  }
}
