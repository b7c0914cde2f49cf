import type { MessageContent, Phrase } from '../../src/notify/content.js'
import { type Answer, reply } from './answer.js'
import { connectPrompt } from './connect.js'
import { whomToAsk } from './help.js'
import type { State } from './state.js'
import { MESSAGE_TEAM, reachableTeam } from './team.js'
import type { Turn } from './turn.js'

/** From this many misunderstandings in a row on, the hint offers a person to turn to. */
const MISSES_BEFORE_PERSON = 2

/** Whether what is not understood now is answered with a person to turn to. */
export const isTimeForPerson = (state: State): boolean => missesAfter(state) >= MISSES_BEFORE_PERSON

/** One line, and the way on: the menu for a customer, how to connect for a guest; at the second time a person. */
export const notUnderstood = (turn: Turn): Answer => {
  const { state } = turn
  return {
    ...reply([isTimeForPerson(state) ? hintWithPerson(turn) : hintWith([], turn)]),
    state: { kind: 'idle', misses: missesAfter(state) },
  }
}

const missesAfter = (state: State): number =>
  state.kind === 'idle' ? Math.min(state.misses + 1, MISSES_BEFORE_PERSON) : 1

const HINT: Phrase = { key: 'help.notUnderstood' }

/** The team itself, if it can be reached from here, else what the business named. */
const hintWithPerson = (turn: Turn): MessageContent => {
  const { business } = turn.facts
  if (reachableTeam(turn.facts) !== null)
    return {
      phrases: [HINT, { key: 'team.offer', params: { business: business.name } }],
      buttons: [[MESSAGE_TEAM]],
    }
  return hintWith(business.contact === null ? [] : [whomToAsk(business)], turn)
}

const hintWith = (person: readonly Phrase[], { facts }: Turn): MessageContent =>
  facts.who.role === 'guest' ? connectPrompt(facts, [HINT, ...person]) : { phrases: [HINT, ...person], menu: true }
