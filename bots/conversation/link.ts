import { cardLines } from '../../src/notify/captions.js'
import type { MessageContent, Phrase } from '../../src/notify/content.js'
import { type Answer, type Effect, type Elsewhere, type LinkedBy, reply } from './answer.js'
import { connectPrompt } from './connect.js'
import { CONSENT_TEXT_VERSION, consentQuestion } from './consent.js'
import type { FoundByPhone, FoundByToken, FoundCustomer } from './customer-facts.js'
import type { BusinessFacts, Facts } from './facts.js'
import { onlyHereOffer } from './only-here.js'

/** A deep link. Null is a payload that cannot be a token. */
export const linkByToken = (token: string | null, facts: Facts): Answer => {
  const found = token === null ? NOBODY : withinGuesses(facts.found.linkToken, facts)
  if (found.kind === 'staff')
    return reply([{ phrases: [ofBusiness('staff.linked', facts.business)] }], [{ kind: 'linkStaff' }])
  if (found.kind === 'shared_device')
    return reply(
      [{ phrases: [ofBusiness('staff.linkedShared', facts.business)] }],
      [{ kind: 'linkSharedDevice', locationId: found.locationId }],
    )
  // A customer's link opened in a group must not show the card to everyone there: it is a wrong link.
  if (found.kind === 'customer' && facts.chat.isPrivate) return linkHere(found, 'token', facts)
  return wrong({ key: 'link.wrong', params: { business: facts.business.name } }, facts)
}

/** A shared contact. Only the sender's own number proves anything; somebody else's is not even looked up. */
export const linkByPhone = (own: boolean, facts: Facts): Answer => {
  if (!own) return reply([connectPrompt(facts, [{ key: 'link.notOwnPhone' }])])
  const found = withinGuesses(facts.found.phone, facts)
  if (found.kind === 'customer') return linkHere(found, 'phone', facts)
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

const linkHere = (found: FoundCustomer, by: 'token' | 'phone', { chat, who, business }: Facts): Answer => {
  const isLinked = who.role === 'customer' && who.customer.id === found.customer.id
  const { replies, effects, elsewhere } = linking(
    found,
    by,
    { chatId: chat.id, stopped: chat.stopped, isLinked },
    business,
  )
  return { ...reply(replies, effects), elsewhere }
}

/** The chat that is to be linked. */
export interface LinkedPlace {
  readonly chatId: string
  readonly stopped: boolean
  /** It shows this customer's card already. */
  readonly isLinked: boolean
}

/** What a link says and does in the linked chat, and tells the customer's other ones. */
export const linking = (
  found: FoundCustomer,
  by: LinkedBy,
  { chatId, stopped, isLinked }: LinkedPlace,
  business: BusinessFacts,
): Required<Omit<Answer, 'state'>> => {
  const { customer, language } = found
  const isStopped = stopped || found.stopped
  const link: Effect = { kind: 'link', customerId: customer.id, by }
  const first = linkedReply(found, isLinked, isStopped, business)
  const elsewhere = isLinked || isStopped ? [] : found.otherChats.map((other) => newsOfLink(other, chatId, business))
  const isElsewhere = !isLinked && found.otherChats.length > 0
  const replies = isElsewhere ? [first, onlyHereOffer()] : [first]
  if (customer.newsConsent !== 'never_asked' || isStopped) return { replies, effects: [link], elsewhere }
  return {
    replies: [...replies, consentQuestion(business, language)],
    effects: [link, { kind: 'consentAsked', textVersion: CONSENT_TEXT_VERSION, language }],
    elsewhere,
  }
}

/** Whoever lost a phone, or the card to somebody else's hand, hears of it where they are. */
const newsOfLink = (chatId: string, linkedChatId: string, business: BusinessFacts): Elsewhere => ({
  chatId,
  effects: [],
  replies: [
    {
      phrases: [ofBusiness('link.elsewhere', business)],
      buttons: [[{ kind: 'action', label: 'buttons.notMe', action: `not_me:${linkedChatId}` }]],
    },
  ],
  isAwaited: false,
})

const linkedReply = (
  { customer }: FoundCustomer,
  wasLinked: boolean,
  isStopped: boolean,
  business: BusinessFacts,
): MessageContent => {
  const card = customer.cards[0]
  return {
    phrases: [
      linkedNews(wasLinked, customer.name, business),
      ...(card ? cardLines(card) : []),
      ...(isStopped ? [{ key: 'stop.stillOn' }] : []),
    ],
    ...(card && { picture: { kind: 'card', cardId: card.id } }),
    menu: true,
  }
}

const linkedNews = (wasLinked: boolean, name: string | null, business: BusinessFacts): Phrase => {
  if (wasLinked) return ofBusiness('link.already', business)
  if (name === null) return ofBusiness('link.done', business)
  return { key: 'link.doneNamed', params: { business: business.name, name } }
}

const ofBusiness = (key: string, { name }: BusinessFacts): Phrase => ({ key, params: { business: name } })
