import type { MessageContent, Phrase } from '../../../src/notify/content.js'
import { type Answer, type Elsewhere, reply } from '../answer.js'
import { isStillAsked } from '../confirm.js'
import type { Facts } from '../facts.js'
import type { State } from '../state.js'
import { askerName, isPassable, MESSAGE_TEAM } from '../team.js'
import type { Turn } from '../turn.js'
import type { QuestionFacts } from './staff-facts.js'

/** Somebody of the team pressed "Reply" under a message. In a group only they are asked for it. */
export const askForReply = ({ facts, now }: Turn): Answer => {
  const { question } = facts.found
  if (question === null) return say('team.gone')
  if (!question.isReachable) return say('team.unreachable')
  const key = facts.chat.isPrivate ? 'team.writeReply' : 'team.writeReplyInGroup'
  return {
    state: { kind: 'replying', questionId: question.id, askedAt: now, by: facts.speaker?.id ?? null },
    replies: [prompt({ key }, question.id)],
    effects: [],
  }
}

/** The reply, which goes to the chat that asked; null if it was no text. Other chats of the team hear of the first one. */
export const sendReply = (questionId: string, text: string | null, { state, facts }: Turn): Answer => {
  const { question } = facts.found
  if (question === null) return say('team.gone')
  if (!question.isReachable) return say('team.unreachable')
  if (!isPassable(text)) return { state, replies: [prompt({ key: 'team.textOnly' }, questionId)], effects: [] }
  return {
    ...reply([{ phrases: [{ key: 'team.replied' }] }], [{ kind: 'answerQuestion', questionId }]),
    elsewhere: [replyTo(question, text, facts), ...(question.isAnswered ? [] : newsOfReply(question, facts))],
  }
}

/** The team thought better of it: nothing is sent. */
export const dropReply = (): Answer => say('team.cancelled')

/** The reply that a staff chat is in the middle of; one that was left lying is over. */
export const isReplying = (state: State, now: number): boolean =>
  state.kind === 'replying' && isStillAsked(state.askedAt, now)

const say = (key: string): Answer => reply([{ phrases: [{ key }] }])

/** The button names the question too, so that answering this message with the messenger's own function is a reply. */
const prompt = (phrase: Phrase, questionId: string): MessageContent => ({
  phrases: [phrase],
  buttons: [[{ kind: 'action', label: 'buttons.cancel', action: `no_reply:${questionId}` }]],
})

/** Whoever asked waits for it, and hears it in spite of STOP. */
const replyTo = ({ chatId, about }: QuestionFacts, text: string, { business }: Facts): Elsewhere => ({
  chatId,
  effects: [],
  replies: [
    { phrases: [{ key: 'team.says', params: { business: business.name } }, { text }], buttons: [[MESSAGE_TEAM]] },
  ],
  isAwaited: true,
  about,
})

const newsOfReply = ({ asker, about, otherStaffChats }: QuestionFacts, { speaker }: Facts): readonly Elsewhere[] => {
  const params = { who: speaker?.name ?? { key: 'team.colleague' }, asker: askerName(asker) }
  return otherStaffChats.map((chatId) => ({
    chatId,
    effects: [],
    replies: [{ phrases: [{ key: 'team.answered', params }] }],
    isAwaited: false,
    about,
  }))
}
