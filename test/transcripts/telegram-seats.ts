import type { InlineKeyboardButton, Message } from 'grammy/types'
import { vi } from 'vitest'
import type { TelegramDouble } from '../doubles/telegram-bot-api.js'
import type { ShownMessage } from '../doubles/telegram-chats.js'
import type { Seats, Seen, SeenButton, TelegramSeat } from './seat.js'

const FIRST_USER = 501
const SOON = { timeout: 60_000, interval: 5 }

/** People and groups of the Telegram double. */
export const openTelegramSeats = (telegram: TelegramDouble): Seats<TelegramSeat> => {
  let users = FIRST_USER
  return {
    seat: async (name, language, isGroup) => {
      const id = users++
      return isGroup ? groupSeat(telegram, -id, name, language) : userSeat(telegram, id, name, language)
    },
    heard: () =>
      vi.waitFor(() => {
        if (telegram.pendingUpdates() > 0) throw new Error('Telegram still has updates for the bot')
      }, SOON),
    close: async () => {
      await telegram.close()
      if (telegram.violations.length > 0) throw new Error(JSON.stringify(telegram.violations))
    },
  }
}

const userSeat = (telegram: TelegramDouble, id: number, name: string, language: string): TelegramSeat => {
  const user = telegram.user(id, { first_name: name, language_code: language })
  const withButton = (label: string) => newestWith(user.sees(), label)
  return {
    says: async (text) => void user.says(text),
    starts: async (payload) => void user.says(`/start ${payload}`),
    presses: async (label) => {
      const message = withButton(label)
      if (message) user.presses(message.messageId, label)
      return message !== undefined
    },
    takeNew: watch(() => user.sees()),
    sharesPhone: (phone, own) => void user.sharesContact(phone, own ? 'own' : 'someone else’s'),
    sendsSticker: () => void user.sends({ sticker: {} } as Partial<Message>),
    blocks: () => void user.blocks(),
    unblocks: () => void user.unblocks(),
    replies: (label, text) => {
      const answered = withButton(label)
      if (!answered) throw new Error(`${name} sees no message with the button ${label}`)
      const reply_markup = { inline_keyboard: answered.buttons.map((row) => [...row]) }
      user.sends({ text, reply_to_message: { message_id: answered.messageId, reply_markup } } as Partial<Message>)
    },
  }
}

/** One member speaks for all. */
const groupSeat = (telegram: TelegramDouble, id: number, name: string, language: string): TelegramSeat => {
  const group = telegram.group(id, name)
  const member = { id: 400 - id, language_code: language }
  const never = (): never => {
    throw new Error('a group does not do that')
  }
  return {
    says: async (text) => void group.says(member, text),
    starts: async (payload) => void group.says(member, `/start@${telegram.username} ${payload}`),
    presses: async (label) => {
      const message = newestWith(group.sees(), label)
      if (message) group.presses(member, message.messageId, label)
      return message !== undefined
    },
    takeNew: watch(() => group.sees()),
    sharesPhone: never,
    sendsSticker: never,
    blocks: never,
    unblocks: never,
    replies: never,
  }
}

const newestWith = (messages: readonly ShownMessage[], label: string): ShownMessage | undefined =>
  messages.findLast(({ buttons }) => buttons.flat().some(({ text }) => text === label))

const watch = (sees: () => readonly ShownMessage[]) => {
  const edits = new Map<number, number>()
  return async (): Promise<readonly Seen[]> => {
    const shown = sees()
    const added = shown.filter(({ messageId }) => !edits.has(messageId))
    const edited = shown.filter(({ messageId, earlier }) => (edits.get(messageId) ?? earlier.length) < earlier.length)
    for (const { messageId, earlier } of shown) edits.set(messageId, earlier.length)
    return [...added.map((each) => seenOf(each, 'message')), ...edited.map((each) => seenOf(each, 'edit'))]
  }
}

const seenOf = ({ messageId, text, photo, buttons, keyboard, silent }: ShownMessage, kind: Seen['kind']): Seen => {
  const keys = (keyboard?.keyboard ?? []).flat().map((key) => (typeof key === 'string' ? { text: key } : key))
  const menu = keys.flatMap((key) => ('request_contact' in key ? [] : key.text))
  return {
    kind,
    messageId: `${photo ? 'p' : 't'}:${messageId}`,
    text,
    png: photo?.bytes ?? null,
    buttons: buttons.map((row) => row.map(buttonOf)),
    menu: menu.length > 0 ? menu : null,
    phoneButton: keys.find((key) => 'request_contact' in key)?.text ?? null,
    isSilent: silent,
  }
}

const buttonOf = (button: InlineKeyboardButton): SeenButton => {
  if ('copy_text' in button) return { label: button.text, does: button.copy_text.text }
  return { label: button.text, does: 'url' in button ? button.url : null }
}
