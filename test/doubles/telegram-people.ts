import type { CallbackQuery, ChatMemberUpdated, InlineKeyboardButton, Message, Update, User } from 'grammy/types'
import {
  type ChatState,
  type Chats,
  type DoubleChat,
  type ShownMessage,
  wireChat,
  wireMessage,
} from './telegram-chats.js'
import type { Inbox } from './telegram-inbox.js'

/** A person with Telegram on their phone. What they do becomes an update for the bot. */
export interface TelegramUser {
  readonly id: number
  says(text: string): Update | null
  /** Presses a button under a message, by its label or what it carries. Throws when the message shows no such button. */
  presses(messageId: number, button: string): Update | null
  /** With `own` as Telegram's button does it, else somebody's card out of the address book. */
  sharesContact(phone: string, whose: 'own' | 'someone else’s'): Update | null
  sends(content: Partial<Message>): Update | null
  blocks(): Update | null
  unblocks(): Update | null
  /** Deletes the account; Telegram tells the bot nothing. */
  leavesTelegram(): void
  deletes(messageId: number): void
  sees(): readonly ShownMessage[]
}

/** A group the bot is in. */
export interface TelegramGroup {
  readonly id: number
  says(by: Member, text: string): Update | null
  presses(by: Member, messageId: number, button: string): Update | null
  letsIn(): Update | null
  throwsOut(): Update | null
  /** Becomes a supergroup with another id; messages to the old one are refused with the new one. */
  upgradesTo(id: number): void
  sees(): readonly ShownMessage[]
}

/** Somebody in a group. */
export type Member = Pick<User, 'id' | 'language_code'>

export interface UserProfile {
  readonly first_name?: string
  readonly language_code?: string
}

export const createPeople = (chats: Chats, inbox: Inbox, bot: User, presses: Set<string>, now: () => number) => {
  const nowSec = () => Math.floor(now() / 1_000)
  let lastPress = 0

  const sendMessage = (chat: DoubleChat, from: User, content: Partial<Message>): Update | null => {
    const message = {
      message_id: chats.nextMessageId(),
      date: nowSec(),
      chat: wireChat(chat),
      from,
      ...content,
    } as Message & Update.NonChannel
    return inbox.add({ message })
  }

  const press = (chat: DoubleChat, from: User, messageId: number, label: string): Update | null => {
    const message = chats.findMessage(chat.id, messageId)
    const button = message?.buttons.flat().find((each) => each.text === label || dataOf(each) === label)
    if (!message || !button) throw new Error(`message ${messageId} shows no button ${label}`)
    const data = dataOf(button)
    if (data === null) return null // the phone opens the address or copies the text by itself
    lastPress += 1
    const id = `press-${lastPress}`
    presses.add(id)
    const callback_query: CallbackQuery = {
      id,
      from,
      chat_instance: String(chat.id),
      message: wireMessage(message, chat, bot),
      data,
    }
    return inbox.add({ callback_query })
  }

  const changeMembership = (chat: DoubleChat, from: User, state: ChatState, status: [string, string]) => {
    chat.state = state
    const [before, after] = status.map((each) => member(bot, each))
    const my_chat_member = {
      chat: wireChat(chat),
      from,
      date: nowSec(),
      old_chat_member: before,
      new_chat_member: after,
    } as ChatMemberUpdated
    return inbox.add({ my_chat_member })
  }

  const openUser = (id: number, profile: UserProfile = {}): TelegramUser => {
    const user: User = { id, is_bot: false, first_name: `User ${id}`, ...profile }
    const chat = chats.open({ id, title: null, user })
    return {
      id,
      says: (text) => sendMessage(chat, user, { text, ...commandEntity(text) }),
      presses: (messageId, button) => press(chat, user, messageId, button),
      sharesContact: (phone, whose) =>
        sendMessage(chat, user, {
          contact: { phone_number: phone, first_name: 'Someone', ...(whose === 'own' && { user_id: id }) },
        }),
      sends: (content) => sendMessage(chat, user, content),
      blocks: () => changeMembership(chat, user, 'blocked', ['member', 'kicked']),
      unblocks: () => changeMembership(chat, user, 'open', ['kicked', 'member']),
      leavesTelegram() {
        chat.state = 'deactivated'
      },
      deletes: (messageId) => void chats.forgetMessage(messageId),
      sees: () => chats.messagesOf(id),
    }
  }

  const openGroup = (id: number, title: string): TelegramGroup => {
    const chat = chats.open({ id, title, user: null })
    const somebody: User = { id: 77, is_bot: false, first_name: 'Somebody' }
    return {
      id,
      says: (by, text) => sendMessage(chat, memberOf(by), { text, ...commandEntity(text) }),
      presses: (by, messageId, button) => press(chat, memberOf(by), messageId, button),
      letsIn: () => changeMembership(chat, somebody, 'open', ['left', 'member']),
      throwsOut: () => changeMembership(chat, somebody, 'kicked', ['member', 'kicked']),
      upgradesTo(newId) {
        chats.open({ id: newId, title, user: null })
        chat.state = { movedTo: newId }
      },
      sees: () => chats.messagesOf(id),
    }
  }

  return { openUser, openGroup }
}

const memberOf = (by: Member): User => ({ is_bot: false, first_name: `User ${by.id}`, ...by })

const dataOf = (button: InlineKeyboardButton): string | null =>
  'callback_data' in button ? button.callback_data : null

const commandEntity = (text: string): Partial<Message> => {
  const [command] = /^\/\w+(@\w+)?/.exec(text) ?? []
  return command ? { entities: [{ type: 'bot_command', offset: 0, length: command.length }] } : {}
}

/** Telegram's name for one who was thrown out is `kicked`; a person who blocks a bot throws it out of their chat. */
const member = (user: User, status: string) => ({ status, user, ...(status === 'kicked' && { until_date: 0 }) })
