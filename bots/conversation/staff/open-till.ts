import type { ContentButton, Phrase } from '../../../src/notify/content.js'
import { type Answer, reply } from '../answer.js'
import type { Turn } from '../turn.js'
import { nothingFound } from './at-counter.js'
import { LOCK, wrongPin } from './pin.js'
import { askAgain } from './redeem.js'
import type { AtCounter } from './staff-facts.js'
import { showToCashier, undoButton } from './stamping.js'

/** A cashier typed the PIN that a shared device asked for, and is asked what waited: to redeem, to stamp or to undo. */
export const openTill = (turn: Turn): Answer => {
  const { state, facts } = turn
  const { counter } = facts.found
  if (counter?.till.kind !== 'shared') return nothingFound()
  const { till, found } = counter
  if (till.typed?.kind !== 'cashier')
    return wrongPin(till.typed?.kind === 'locked' ? 'pin.tooMany' : 'pin.wrong', till, state)
  const { cashier } = till.typed
  const answer = whatWaited(found, turn, { key: 'pin.open', params: { name: cashier.name } })
  const effects = [{ kind: 'removeWritten' }, { kind: 'openTill', cashierId: cashier.staffId }] as const
  return { ...answer, effects: [...effects, ...answer.effects] }
}

const whatWaited = (found: AtCounter['found'], turn: Turn, opened: Phrase): Answer => {
  if (found.kind === 'card') return showToCashier(found.card, turn, [opened], [...undoWaiting(turn), [LOCK]])
  if (found.kind !== 'voucher') return reply([{ phrases: [opened, { key: 'redeem.unknown' }] }])
  const { phrases, ...asked } = askAgain(found.voucher, [LOCK], turn)
  return reply([{ ...asked, phrases: [opened, ...phrases] }])
}

const undoWaiting = ({ state }: Turn): readonly (readonly ContentButton[])[] =>
  state.kind === 'asking_pin' && state.wants.kind === 'stamp' ? [[undoButton(state.wants.stampId)]] : []
