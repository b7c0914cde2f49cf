import { cardLines } from '../../src/notify/captions.js'
import type { MessageContent, Phrase } from '../../src/notify/content.js'
import { type Answer, type Effect, type Elsewhere, reply } from './answer.js'
import { connectPrompt } from './connect.js'
import { CONSENT_TEXT_VERSION, consentQuestion } from './consent.js'
import type { Facts, FoundByPhone, FoundByToken, FoundCustomer } from './facts.js'

/** A deep link. Null is a payload that cannot be a token. */
export const linkByToken = (token: string | null, facts: Facts): Answer => {
  const found = token === null ? NOBODY : withinGuesses(facts.found.linkToken, facts)
  if (found.kind === 'staff') return reply([{ phrases: [ofBusiness('staff.linked', facts)] }], [{ kind: 'linkStaff' }])
  // A customer's link opened in a group must not show the card to everyone there: it is a wrong link.
  if (found.kind === 'customer' && facts.chat.isPrivate) return linked(found, 'token', facts)
  return wrong({ key: 'link.wrong', params: { business: facts.business.name } }, facts)
}

/** A shared contact. Only the sender's own number proves anything; somebody else's is not even looked up. */
export const linkByPhone = (own: boolean, facts: Facts): Answer => {
  if (!own) return reply([connectPrompt(facts, [{ key: 'link.notOwnPhone' }])])
  const found = withinGuesses(facts.found.phone, facts)
  if (found.kind === 'customer') return linked(found, 'phone', facts)
  return wrong({ key: 'link.wrongPhone', params: { business: facts.business.name } }, facts)
}

const NOBODY = { kind: 'nobody' } as const

/** Once the guesses are used up, right ones are answered exactly like wrong ones. */
const withinGuesses = <Found extends FoundByToken | FoundByPhone>(
  found: Found | null,
  { guessesLeft }: Facts,
): Found | typeof NOBODY => (found !== null && guessesLeft > 0 ? found : NOBODY)

const wrong = (phrase: Phrase, facts: Facts): Answer =>
  reply(
    [facts.who.role === 'guest' && facts.chat.isPrivate ? connectPrompt(facts, [phrase]) : { phrases: [phrase] }],
    [{ kind: 'countGuess' }],
  )

const linked = (found: FoundCustomer, by: 'token' | 'phone', facts: Facts): Answer => {
  const { customer, language } = found
  const link: Effect = { kind: 'link', customerId: customer.id, by }
  const wasLinked = facts.who.role === 'customer' && facts.who.customer.id === customer.id
  const isStopped = facts.chat.stopped || found.stopped
  const first = linkedReply(found, wasLinked, isStopped, facts)
  const elsewhere = wasLinked || isStopped ? [] : found.otherChats.map((chatId) => newsOfLink(chatId, facts))
  if (customer.newsConsent !== 'never_asked' || isStopped) return { ...reply([first], [link]), elsewhere }
  return {
    ...reply(
      [first, consentQuestion(facts.business, language)],
      [link, { kind: 'consentAsked', textVersion: CONSENT_TEXT_VERSION, language }],
    ),
    elsewhere,
  }
}

/** Whoever lost a phone, or the card to somebody else's hand, hears of it where they are. */
const newsOfLink = (chatId: string, facts: Facts): Elsewhere => ({
  chatId,
  effects: [],
  replies: [
    {
      phrases: [ofBusiness('link.elsewhere', facts)],
      buttons: [[{ kind: 'action', label: 'buttons.notMe', action: `not_me:${facts.chat.id}` }]],
    },
  ],
  isAwaited: false,
})

const linkedReply = (
  { customer }: FoundCustomer,
  wasLinked: boolean,
  isStopped: boolean,
  facts: Facts,
): MessageContent => {
  const card = customer.cards[0]
  return {
    phrases: [
      linkedNews(wasLinked, customer.name, facts),
      ...(card ? cardLines(card) : []),
      ...(isStopped ? [{ key: 'stop.stillOn' }] : []),
    ],
    ...(card && { picture: { kind: 'card', cardId: card.id } }),
    menu: true,
  }
}

const linkedNews = (wasLinked: boolean, name: string | null, facts: Facts): Phrase => {
  if (wasLinked) return ofBusiness('link.already', facts)
  if (name === null) return ofBusiness('link.done', facts)
  return { key: 'link.doneNamed', params: { business: facts.business.name, name } }
}

const ofBusiness = (key: string, { business }: Facts): Phrase => ({ key, params: { business: business.name } })
