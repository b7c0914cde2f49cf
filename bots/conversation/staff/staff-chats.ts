import type { ContentButton, MessageContent, Phrase } from '../../../src/notify/content.js'
import type { MessengerName } from '../../messenger.js'
import { type Answer, reply } from '../answer.js'
import { type Choice, choiceOf, isStillAsked } from '../confirm.js'
import type { Facts } from '../facts.js'
import type { Turn } from '../turn.js'
import type { StaffChat } from './staff-facts.js'

/** What somebody does with the list of staff chats; null shows it. */
export interface StaffChatWish {
  readonly chatId: string
  readonly choice: Choice | null
}

const MOST_LISTED = 20

const MESSENGER_NAMES: Readonly<Record<MessengerName, string>> = {
  telegram: 'Telegram',
  whatsapp: 'WhatsApp',
  viber: 'Viber',
  web: 'Web',
}

/**
 * The owner sees which chats belong to the team, and removes one, as a leaver's: it may do nothing from then on, and is told
 * nothing, not even this.
 */
export const staffChats = (wish: StaffChatWish | null, { facts, now }: Turn): Answer => {
  const { business, chat, found } = facts
  const params = { business: business.name }
  const isOwn = chat.isPrivate && found.staffChats?.some(({ id, isShared }) => id === chat.id && !isShared)
  if (!isOwn || found.staffChats === null) return say({ key: 'staffChats.ownersOnly', params })
  if (wish === null) return reply([list(found.staffChats, facts)])
  const target = found.staffChats.find(({ id }) => id === wish.chatId)
  if (!target || target.id === chat.id) return say({ key: 'staffChats.gone' })
  if (wish.choice?.confirmed === false) return say({ key: 'staffChats.kept' })
  if (!wish.choice || !isStillAsked(wish.choice.askedAt, now)) return reply([question(target, facts, now)])
  return {
    ...say({ key: 'staffChats.removed' }),
    elsewhere: [{ chatId: target.id, effects: [{ kind: 'unlink' }], replies: [], isAwaited: false }],
  }
}

const say = (phrase: Phrase): Answer => reply([{ phrases: [phrase] }])

const list = (chats: readonly StaffChat[], facts: Facts): MessageContent => {
  const { business, chat } = facts
  const shown = chats.slice(0, MOST_LISTED)
  const buttons = shown.flatMap(({ id }, index) => (id === chat.id ? [] : [[removeButton(id, index + 1)]]))
  return {
    phrases: [
      { key: 'staffChats.list', params: { business: business.name } },
      ...shown.map((each, index) => line(each, index + 1, facts)),
    ],
    ...(buttons.length > 0 && { buttons }),
  }
}

const line = (each: StaffChat, number: number, { business, chat }: Facts): Phrase => ({
  key: 'staffChats.line',
  params: {
    number,
    messenger: MESSENGER_NAMES[each.messenger],
    kind: kindOf(each, chat.id),
    date: { date: each.since, timeZone: business.timeZone },
  },
})

const kindOf = ({ id, isPrivate, isShared }: StaffChat, ownChatId: string): Phrase => {
  if (id === ownChatId) return { key: 'staffChats.kind.this' }
  if (isShared) return { key: 'staffChats.kind.device' }
  return { key: isPrivate ? 'staffChats.kind.person' : 'staffChats.kind.group' }
}

const removeButton = (chatId: string, number: number): ContentButton => ({
  kind: 'action',
  label: 'buttons.removeChat',
  params: { number },
  action: `staff:${chatId}`,
})

const question = (target: StaffChat, facts: Facts, now: number): MessageContent => {
  const number = (facts.found.staffChats ?? []).indexOf(target) + 1
  const action = (word: 'yes' | 'no') => `staff:${target.id}:${choiceOf(word, now)}`
  return {
    phrases: [line(target, number, facts), { key: 'staffChats.confirm', params: { business: facts.business.name } }],
    buttons: [
      [{ kind: 'action', label: 'buttons.removeYes', action: action('yes') }],
      [{ kind: 'action', label: 'buttons.removeNo', action: action('no') }],
    ],
  }
}
