import type { ContentButton, MessageContent, Phrase } from '../../src/notify/content.js'
import { shortName } from '../../src/notify/short-name.js'
import { type Answer, type Elsewhere, reply } from './answer.js'
import { isStillAsked } from './confirm.js'
import type { Facts, TeamFacts } from './facts.js'
import { whomToAsk } from './help.js'
import type { State } from './state.js'
import type { Turn } from './turn.js'

/** Characters of one message, either way. */
const MOST_CHARACTERS = 1_000

/** Opens a message to the team. */
export const MESSAGE_TEAM: ContentButton = { kind: 'action', label: 'buttons.messageTeam', action: 'team' }

/** What may be passed on to somebody else: readable text, and not too much of it. */
export const isPassable = (text: string | null): text is string =>
  text !== null && text.trim() !== '' && [...text].length <= MOST_CHARACTERS

/** Somebody pressed "Message the team". */
export const askForMessage = (turn: Turn): Answer => {
  const { state, facts, now } = turn
  const team = reachableTeam(facts)
  if (team === null) return nobody(facts)
  if (team.messagesLeft <= 0) return tooMany()
  return {
    state: { kind: 'writing_to_team', askedAt: now },
    replies: [
      prompt(
        { key: 'team.ask', params: { business: facts.business.name } },
        // What nobody understood is not sent by itself: whoever wrote it is told, and may say it better.
        ...(state.kind === 'idle' && state.misses > 0 ? [{ key: 'team.notYet' }] : []),
      ),
    ],
    effects: [],
  }
}

/** Their message, which goes to all chats of the team; null if it was no text. */
export const tellTeam = (text: string | null, { state, facts }: Turn): Answer => {
  const team = reachableTeam(facts)
  if (team === null) return nobody(facts)
  if (!isPassable(text)) return { state, replies: [prompt({ key: 'team.textOnly' })], effects: [] }
  if (team.messagesLeft <= 0) return tooMany()
  const question: MessageContent = {
    phrases: [{ key: 'team.asks', params: { who: speakerOf(facts) } }, { text }],
    buttons: [[{ kind: 'action', label: 'buttons.reply', action: `reply:${team.questionId}` }]],
  }
  return {
    ...reply(
      [{ phrases: [{ key: 'team.sent', params: { business: facts.business.name } }], menu: true }],
      [{ kind: 'askTeam', questionId: team.questionId }],
    ),
    elsewhere: team.staffChats.map(
      (chatId): Elsewhere => ({ chatId, effects: [], replies: [question], isAwaited: false, about: aboutOf(facts) }),
    ),
  }
}

/** The writer thought better of it: nothing is sent. */
export const keepToOneself = (): Answer => reply([{ phrases: [{ key: 'team.cancelled' }], menu: true }])

/** The writing that a chat is in the middle of; one that was left lying is over. */
export const isWriting = (state: State, now: number): boolean =>
  state.kind === 'writing_to_team' && isStillAsked(state.askedAt, now)

/** A team of which at least one chat hears what comes. */
export const reachableTeam = ({ chat, found: { team } }: Facts): TeamFacts | null =>
  chat.isPrivate && team !== null && team.staffChats.length > 0 ? team : null

const prompt = (...phrases: readonly Phrase[]): MessageContent => ({
  phrases,
  buttons: [[{ kind: 'action', label: 'buttons.cancel', action: 'team:cancel' }]],
})

const nobody = ({ business }: Facts): Answer =>
  reply([
    { phrases: [{ key: 'team.nobody' }, ...(business.contact === null ? [] : [whomToAsk(business)])], menu: true },
  ])

const tooMany = (): Answer => reply([{ phrases: [{ key: 'team.tooMany' }], menu: true }])

const speakerOf = ({ who }: Facts): string | Phrase =>
  askerName(who.role === 'customer' ? { role: 'customer', name: who.customer.name } : { role: 'guest' })

/** How the team reads of somebody who asked. */
export const askerName = (
  asker: { readonly role: 'guest' } | { readonly role: 'customer'; readonly name: string | null },
): string | Phrase => {
  if (asker.role === 'guest') return { key: 'team.guest' }
  return asker.name === null ? { key: 'alerts.someone' } : shortName(asker.name)
}

const aboutOf = ({ who, chat }: Facts): string => (who.role === 'customer' ? who.customer.id : chat.id)
