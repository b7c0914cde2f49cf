import { el } from '../../../bots/web/page/dom.js'
import type { TestState } from '../setup-protocol.js'
import { TEXTS } from '../setup-texts.js'
import { api } from './api.js'
import { type Progress, type Section, type SectionHooks, setText } from './section.js'

const WORDS = TEXTS.test

export interface TestSection extends Section {
  /** The test whose fate is to be looked up, or null. */
  testId(): string | null
}

/** Sends a test voucher and tells what became of it. */
export const testSection = ({ refresh, leave }: SectionHooks): TestSection => {
  const send = el('button', { type: 'button', class: 'primary' }, WORDS.send)
  const outcome = el('p', { role: 'status' })
  let testId: string | null = null
  let isSending = false
  send.addEventListener('click', async () => {
    if (isSending) return
    isSending = true
    const sent = await api.sendTest()
    isSending = false
    if (sent.kind === 'gone') return leave()
    testId = sent.kind === 'done' ? sent.value.deliveryId : null
    setText(
      outcome,
      sent.kind === 'done' ? WORDS.states.pending : sent.kind === 'refused' ? sent.why : TEXTS.notReached,
    )
    refresh()
  })
  return {
    title: WORDS.title,
    body: [el('p', {}, WORDS.why), el('p', {}, send), outcome],
    testId: () => testId,
    show: ({ test }) => {
      if (test) setText(outcome, outcomeText(test))
      return test ? progressOf(test) : 'todo'
    },
  }
}

const outcomeText = ({ state, reason }: TestState): string =>
  reason === null ? WORDS.states[state] : `${WORDS.states[state]}: ${reason}`

const progressOf = ({ state }: TestState): Progress => {
  switch (state) {
    case 'sent':
    case 'delivered':
    case 'read':
      return 'done'
    case 'pending':
    case 'sending':
      return 'todo'
    default:
      return 'broken'
  }
}
