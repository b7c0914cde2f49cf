import type { MessageContent } from '../../src/notify/content.js'
import { type Answer, reply } from './answer.js'
import { connectPrompt } from './connect.js'
import type { BusinessFacts } from './facts.js'
import type { ConsentAnswer } from './intent.js'
import type { Turn } from './turn.js'

/** Names the texts of `consent.question`. Raise it when any language's question changes: it is part of the proof. */
export const CONSENT_TEXT_VERSION = '1'

/** Asks whether news and offers are welcome; both answers are one press, and none of them is chosen beforehand. */
export const consentQuestion = (business: BusinessFacts, language: string): MessageContent => {
  const proof = `${CONSENT_TEXT_VERSION}:${language}`
  return {
    phrases: [{ key: 'consent.question', params: { business: business.name, perMonth: business.newsPerMonth } }],
    buttons: [
      [{ kind: 'action', label: 'buttons.consentYes', action: `consent:yes:${proof}` }],
      [{ kind: 'action', label: 'buttons.consentNo', action: `consent:no:${proof}` }],
    ],
  }
}

/** Records an answer, or asks again: on wish, and when the yes belongs to a question that is not asked any more. */
export const answerConsent = (answer: ConsentAnswer | null, { facts, now, vocabulary }: Turn): Answer => {
  const { business, chat, who } = facts
  if (who.role !== 'customer') return reply([connectPrompt(facts, [{ key: 'connect.first' }])])
  if (
    answer === null ||
    !isOf(
      answer,
      vocabulary.languageNames().map(({ tag }) => tag),
    )
  )
    return reply(
      [consentQuestion(business, chat.language)],
      [{ kind: 'consentAsked', textVersion: CONSENT_TEXT_VERSION, language: chat.language }],
    )
  const thanks = { key: answer.granted ? 'consent.granted' : 'consent.refused', params: { business: business.name } }
  return reply(
    [{ phrases: chat.stopped ? [thanks, { key: 'stop.stillOn' }] : [thanks], menu: true }],
    [{ kind: 'recordConsent', ...answer, at: now }],
  )
}

/** A no always counts; a yes only to the text in force, in a language that it was written in. */
const isOf = ({ granted, textVersion, language }: ConsentAnswer, languages: readonly string[]): boolean =>
  !granted || (textVersion === CONSENT_TEXT_VERSION && languages.includes(language))
