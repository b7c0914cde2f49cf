import type { InlineKeyboardButton, Message, PhotoSize, ReplyKeyboardMarkup, User } from 'grammy/types'
import { pictureSize } from './telegram-picture.js'

/** A message as the person sees it now, and what it was before it was edited. */
export interface ShownMessage {
  readonly messageId: number
  readonly chatId: number
  /** Unix ms */
  readonly at: number
  /** The text, or the caption of a picture. */
  readonly text: string
  readonly photo: ShownPhoto | null
  readonly buttons: readonly (readonly InlineKeyboardButton[])[]
  /** The keyboard that came with it in place of buttons. */
  readonly keyboard: ReplyKeyboardMarkup | null
  readonly silent: boolean
  readonly earlier: readonly Omit<ShownMessage, 'earlier'>[]
}

export interface ShownPhoto {
  readonly fileId: string
  readonly bytes: Buffer
}

export type ChatState = 'open' | 'blocked' | 'deactivated' | 'kicked' | { readonly movedTo: number }

export interface DoubleChat {
  readonly id: number
  readonly title: string | null
  readonly user: User | null
  state: ChatState
}

/** `counts` keeps numbers only, for runs whose messages would not fit into memory; every message id can then be edited. */
export type Memory = 'all' | 'counts'

/** Chats, their messages and the pictures that were uploaded: what the double knows and the oracle tells. */
export const createChats = (bot: User, memory: Memory, now: () => number) => {
  const chats = new Map<number, DoubleChat>()
  const messages = new Map<number, ShownMessage>()
  const delivered = new Map<number, number>()
  const deliveredInSecond = new Map<number, number>()
  const photos = new Map<string, Buffer>()
  let lastMessageId = 0
  let photoCount = 0

  const storePhoto = (bytes: Buffer): ShownPhoto => {
    photoCount += 1
    const fileId = `AgAC-${bot.id}-${photoCount}`
    if (memory === 'all') photos.set(fileId, bytes)
    return { fileId, bytes }
  }

  const findPhoto = (fileId: string): ShownPhoto | null => {
    const bytes = photos.get(fileId)
    if (bytes) return { fileId, bytes }
    const [, number] = memory === 'counts' ? (new RegExp(`^AgAC-${bot.id}-(\\d+)$`).exec(fileId) ?? []) : []
    return Number(number) <= photoCount ? { fileId, bytes: Buffer.alloc(0) } : null
  }

  const count = (chatId: number) => {
    const second = Math.floor(now() / 1_000)
    delivered.set(chatId, (delivered.get(chatId) ?? 0) + 1)
    deliveredInSecond.set(second, (deliveredInSecond.get(second) ?? 0) + 1)
  }

  return {
    open(chat: Omit<DoubleChat, 'state'>): DoubleChat {
      const opened: DoubleChat = chats.get(chat.id) ?? { ...chat, state: 'open' }
      chats.set(chat.id, opened)
      return opened
    },
    find: (chatId: number) => chats.get(chatId) ?? null,

    nextMessageId: () => {
      lastMessageId += 1
      return lastMessageId
    },
    show(message: Omit<ShownMessage, 'earlier' | 'at'>) {
      const shown = { ...message, at: now(), earlier: [] }
      count(message.chatId)
      if (memory === 'all') messages.set(message.messageId, shown)
      return shown
    },
    findMessage(chatId: number, messageId: number): ShownMessage | null {
      const message = messages.get(messageId)
      if (message) return message.chatId === chatId ? message : null
      return memory === 'counts' && messageId <= lastMessageId ? unseenMessage(chatId, messageId, now()) : null
    },
    replace(message: ShownMessage, change: Partial<ShownMessage>): ShownMessage {
      const { earlier, ...before } = message
      const edited = { ...message, ...change, earlier: [...earlier, before] }
      if (memory === 'all') messages.set(message.messageId, edited)
      return edited
    },
    forgetMessage: (messageId: number) => messages.delete(messageId),

    storePhoto,
    findPhoto,
    forgetPhotos: () => photos.clear(),

    messagesOf: (chatId: number) => [...messages.values()].filter((message) => message.chatId === chatId),
    allMessages: () => [...messages.values()],
    deliveredTo: (chatId: number) => delivered.get(chatId) ?? 0,
    deliveredInAll: () => [...delivered.values()].reduce((sum, each) => sum + each, 0),
    deliveredPerChat: (): ReadonlyMap<number, number> => delivered,
    deliveredPerSecond: () => [...deliveredInSecond.entries()].sort(([a], [b]) => a - b).map(([, each]) => each),
  }
}

export type Chats = ReturnType<typeof createChats>

const unseenMessage = (chatId: number, messageId: number, at: number): ShownMessage => {
  const unseen = { text: '', photo: null, buttons: [], keyboard: null, silent: false, earlier: [] }
  return { messageId, chatId, at, ...unseen }
}

/** A message as Telegram puts it on the wire. */
export const wireMessage = (message: ShownMessage, chat: DoubleChat, bot: User): Message => {
  const base = { message_id: message.messageId, date: Math.floor(message.at / 1_000), from: bot, chat: wireChat(chat) }
  const buttons = message.buttons.map((row) => [...row])
  return {
    ...base,
    ...(message.photo
      ? { photo: photoSizes(message.photo), ...(message.text !== '' && { caption: message.text }) }
      : { text: message.text }),
    ...(buttons.length > 0 && { reply_markup: { inline_keyboard: buttons } }),
    ...(message.earlier.length > 0 && { edit_date: base.date }),
  } as Message
}

export const wireChat = ({ id, title, user }: DoubleChat) =>
  user
    ? ({ id, type: 'private', first_name: user.first_name } as const)
    : ({ id, type: 'group', title: title ?? '' } as const)

/** Telegram offers a small version first; the last is the original's size. */
const photoSizes = ({ fileId, bytes }: ShownPhoto): PhotoSize[] => {
  const { width, height } = pictureSize(bytes) ?? { width: 90, height: 90 }
  const small = { file_id: `${fileId}-small`, file_unique_id: `${fileId}-s`, width: 90, height: 90, file_size: 1 }
  return [small, { file_id: fileId, file_unique_id: fileId, width, height, file_size: bytes.length }]
}
