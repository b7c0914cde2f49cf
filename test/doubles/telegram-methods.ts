import type { InlineKeyboardMarkup, ReplyKeyboardMarkup, ResponseParameters, User } from 'grammy/types'
import { type Chats, type DoubleChat, type ShownMessage, type ShownPhoto, wireMessage } from './telegram-chats.js'
import type { BotRequest } from './telegram-request.js'

/** How Telegram says no. */
export class Refused extends Error {
  readonly code: number
  readonly parameters: ResponseParameters | undefined

  constructor(code: number, description: string, parameters?: ResponseParameters) {
    super(description)
    this.code = code
    this.parameters = parameters
  }
}

/** Runs one method. The request has been checked: its parameters are what the Bot API declares. Throws `Refused`. */
export type Method = (request: BotRequest) => unknown

export const createMessageMethods = (
  chats: Chats,
  bot: User,
  options: { readonly strangers: 'refuse' | 'accept' },
): Readonly<Record<string, Method>> => {
  const reach = (params: BotRequest['params']): DoubleChat => {
    const id = Number(params.chat_id)
    const chat = chats.find(id) ?? (options.strangers === 'accept' ? stranger(id) : null)
    if (!chat) throw new Refused(400, 'Bad Request: chat not found')
    refuseClosed(chat)
    return chat
  }

  const send = (request: BotRequest, content: { text: string; photo: ShownPhoto | null }) => {
    const chat = reach(request.params)
    const { buttons, keyboard } = readMarkup(request.params.reply_markup)
    const shown = chats.show({
      messageId: chats.nextMessageId(),
      chatId: chat.id,
      ...content,
      buttons,
      keyboard,
      silent: request.params.disable_notification === true,
    })
    return wireMessage(shown, chat, bot)
  }

  const photoOf = (value: unknown, { files }: BotRequest): ShownPhoto => {
    const upload = files.get(String(value).replace('attach://', ''))
    const photo = upload ? chats.storePhoto(upload) : chats.findPhoto(String(value).replace(/-small$/, ''))
    if (!photo) throw new Refused(400, 'Bad Request: wrong file identifier/HTTP URL specified')
    return photo
  }

  const toEdit = (params: BotRequest['params']): { chat: DoubleChat; message: ShownMessage } => {
    const chat = reach(params)
    const message = chats.findMessage(chat.id, Number(params.message_id))
    if (!message) throw new Refused(400, 'Bad Request: message to edit not found')
    if (message.keyboard) throw new Refused(400, "Bad Request: message can't be edited")
    return { chat, message }
  }

  const edit = (request: BotRequest, change: (message: ShownMessage) => Partial<ShownMessage>) => {
    const { chat, message } = toEdit(request.params)
    const { buttons } = readMarkup(request.params.reply_markup)
    const wished = { ...change(message), buttons }
    if (isSame(message, wished)) throw new Refused(400, NOT_MODIFIED)
    return wireMessage(chats.replace(message, wished), chat, bot)
  }

  return {
    sendMessage: (request) => send(request, { text: clean(request.params.text), photo: null }),
    sendPhoto(request) {
      reach(request.params)
      return send(request, { text: clean(request.params.caption), photo: photoOf(request.params.photo, request) })
    },
    sendChatAction({ params }) {
      reach(params)
      return true
    },
    deleteMessage({ params }) {
      reach(params)
      chats.forgetMessage(Number(params.message_id))
      return true
    },
    editMessageText: (request) =>
      edit(request, (message) => {
        if (message.photo) throw new Refused(400, 'Bad Request: there is no text in the message to edit')
        return { text: clean(request.params.text) }
      }),
    editMessageCaption: (request) =>
      edit(request, (message) => {
        if (!message.photo) throw new Refused(400, 'Bad Request: there is no caption in the message to edit')
        return { text: clean(request.params.caption) }
      }),
    editMessageMedia: (request) =>
      edit(request, () => {
        const { media, caption } = Object(request.params.media)
        return { photo: photoOf(media, request), text: clean(caption) }
      }),
    editMessageReplyMarkup: (request) => edit(request, () => ({})),
  }
}

const NOT_MODIFIED =
  'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'

const stranger = (id: number): DoubleChat => ({
  id,
  title: null,
  user: { id, is_bot: false, first_name: `User ${id}` },
  state: 'open',
})

const refuseClosed = ({ state }: DoubleChat) => {
  if (state === 'blocked') throw new Refused(403, 'Forbidden: bot was blocked by the user')
  if (state === 'deactivated') throw new Refused(403, 'Forbidden: user is deactivated')
  if (state === 'kicked') throw new Refused(403, 'Forbidden: bot was kicked from the group chat')
  if (state !== 'open')
    throw new Refused(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: state.movedTo,
    })
}

const readMarkup = (markup: unknown): Pick<ShownMessage, 'buttons' | 'keyboard'> => {
  if (isInline(markup)) return { buttons: markup.inline_keyboard, keyboard: null }
  return { buttons: [], keyboard: isReply(markup) ? markup : null }
}

const isInline = (markup: unknown): markup is InlineKeyboardMarkup =>
  typeof markup === 'object' && markup !== null && 'inline_keyboard' in markup

const isReply = (markup: unknown): markup is ReplyKeyboardMarkup =>
  typeof markup === 'object' && markup !== null && 'keyboard' in markup

const isSame = (message: ShownMessage, wished: Partial<ShownMessage>): boolean => {
  const { text = message.text, photo = message.photo, buttons = message.buttons } = wished
  const isSamePhoto = photo?.fileId === message.photo?.fileId
  return text === message.text && isSamePhoto && JSON.stringify(buttons) === JSON.stringify(message.buttons)
}

/** What Telegram's server makes of a text: no controls, no line or paragraph separators, no edges of white space. */
const clean = (text: unknown): string =>
  (typeof text === 'string' ? text : '')
    .replace(/\r|[\u2028-\u202e]/g, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are replaced
    .replace(/[\0-\x08\x0b-\x1f]/g, ' ')
    .trim()
