import type { InputFile } from 'grammy'
import type { InlineKeyboardMarkup, ReplyKeyboardMarkup } from 'grammy/types'
import type { Log } from '../../src/log.js'
import type { LaneLimits, Messenger, OutgoingMessage, OutgoingPicture, SendResult } from '../messenger.js'
import type { TelegramApi } from './telegram-api.js'
import { classify, isNotModified } from './telegram-errors.js'
import { findFault, inlineMarkup, MAX_CAPTION_UNITS, MAX_TEXT_UNITS, markup, shorten } from './telegram-message.js'
import { createPhotos, type FileIds } from './telegram-photos.js'
import { readUpdate } from './telegram-updates.js'

/**
 * Telegram lets a bot send about 30 messages a second in all and one a second to a chat (core.telegram.org/bots/faq);
 * 25 for bulk leaves room for answers while a campaign runs.
 */
const LIMITS: LaneLimits = { allPerSec: 30, allBurst: 5, bulkPerSec: 25, perChatMs: 1_000, slots: 32 }

/** Telegram answers within this time, from nearly everywhere. */
const USUAL_ANSWER_SEC = 0.1
/** A crash leaves at most so many unknown, however fast the bot may send. */
const MOST_SLOTS = 128

/** The limits of a bot that may send more, as one with paid broadcasts or its own Bot API server. */
export const limitsAt = (messagesPerSec: number): LaneLimits => ({
  ...LIMITS,
  allPerSec: Math.max(LIMITS.allPerSec, messagesPerSec),
  bulkPerSec: messagesPerSec,
  slots: Math.min(MOST_SLOTS, Math.max(LIMITS.slots, Math.ceil(messagesPerSec * USUAL_ANSWER_SEC))),
})

/**
 * Telegram behind the messenger's port. A sent message's id tells what it was, `t:<id>` for text and `p:<id>` for a picture,
 * because Telegram edits the two with different methods.
 */
export const createTelegramMessenger = ({
  telegram: { call },
  files,
  log,
}: {
  readonly telegram: TelegramApi
  readonly files: FileIds
  readonly log: Log
}): Messenger => {
  const photos = createPhotos(files, log)

  const sendText = (chatId: number, message: OutgoingMessage, signal: AbortSignal) =>
    call
      .sendMessage(dressed({ chat_id: chatId, ...textOf(message) }, message), signal)
      .then((sent) => sentAs('t', sent.message_id))

  const sendPicture = async (
    chatId: number,
    message: OutgoingMessage,
    picture: OutgoingPicture,
    signal: AbortSignal,
  ) => {
    const fields = dressed({ chat_id: chatId, ...captionOf(message) }, message)
    const sent = await photos.deliver(picture, signal, (photo) => call.sendPhoto({ ...fields, photo }, signal))
    return sentAs('p', sent.message_id)
  }

  const replacePicture = async (
    at: SentAt,
    message: OutgoingMessage,
    picture: OutgoingPicture,
    signal: AbortSignal,
  ) => {
    const fields = { ...target(at), ...markupField(inlineMarkup(message)) }
    const media = (photo: string | InputFile) => ({ type: 'photo' as const, media: photo, ...captionOf(message) })
    await photos.deliver(picture, signal, (photo) => call.editMessageMedia({ ...fields, media: media(photo) }, signal))
    return sentAs('p', at.messageId)
  }

  /** A picture stays when the new message has none: Telegram cannot take it away. */
  const replaceWords = async (at: SentAt, message: OutgoingMessage, signal: AbortSignal) => {
    const fields = { ...target(at), ...markupField(inlineMarkup(message)) }
    await (at.kind === 'p'
      ? call.editMessageCaption({ ...fields, ...captionOf(message) }, signal)
      : call.editMessageText({ ...fields, ...textOf(message) }, signal))
    return sentAs(at.kind, at.messageId)
  }

  return {
    name: 'telegram',
    limits: LIMITS,
    idempotent: false,

    async send(address, message, signal) {
      const chatId = chatIdOf(address)
      if (chatId === null) return { status: 'unreachable', reason: 'not a Telegram chat id' }
      const fault = findFault(message)
      if (fault !== null) return { status: 'rejected', reason: fault }
      try {
        return message.picture
          ? await sendPicture(chatId, message, message.picture, signal)
          : await sendText(chatId, message, signal)
      } catch (error) {
        return classify(error)
      }
    },

    async edit(address, messageId, message, signal) {
      const at = sentAtOf(address, messageId)
      if (at === null) return { status: 'rejected', reason: 'not a message of this bot' }
      const fault = findFault(message)
      if (fault !== null) return { status: 'rejected', reason: fault }
      try {
        return message.picture
          ? await replacePicture(at, message, message.picture, signal)
          : await replaceWords(at, message, signal)
      } catch (error) {
        return isNotModified(error) ? { status: 'sent', messageId } : classify(error)
      }
    },

    readUpdate,

    async remove(address, messageId) {
      const chatId = chatIdOf(address)
      if (chatId === null || !/^\d{1,15}$/.test(messageId)) return
      await call.deleteMessage({ chat_id: chatId, message_id: Number(messageId) })
    },

    async acknowledge(token) {
      try {
        await call.answerCallbackQuery({ callback_query_id: token })
      } catch (error) {
        // The spinner ends by itself; a press answered too late is refused, and that is nobody's loss.
        log.debug({ reason: classify(error).reason }, 'telegram.press_not_acknowledged')
      }
    },
  }
}

interface SentAt {
  readonly chatId: number
  readonly kind: 't' | 'p'
  readonly messageId: number
}

const chatIdOf = (address: string): number | null => (/^-?\d{1,15}$/.test(address) ? Number(address) : null)

const sentAtOf = (address: string, messageId: string): SentAt | null => {
  const chatId = chatIdOf(address)
  const [, kind, id] = /^([tp]):(\d{1,15})$/.exec(messageId) ?? []
  return chatId !== null && (kind === 't' || kind === 'p') ? { chatId, kind, messageId: Number(id) } : null
}

const target = ({ chatId, messageId }: SentAt) => ({ chat_id: chatId, message_id: messageId })

/** Links show no preview: Telegram opens a link to preview it, and a one-time link would be used up before it is read. */
const textOf = (message: OutgoingMessage) => ({
  text: shorten(message.text, MAX_TEXT_UNITS),
  link_preview_options: { is_disabled: true },
})

const captionOf = (message: OutgoingMessage) => ({ caption: shorten(message.text, MAX_CAPTION_UNITS) })

interface Dress {
  disable_notification?: boolean
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup
}

/** The fields of a new message, with its sound and its keyboard. */
const dressed = <F extends object>(fields: F & Dress, message: OutgoingMessage): F & Dress => {
  const keyboard = markup(message)
  if (message.silent) fields.disable_notification = true
  if (keyboard) fields.reply_markup = keyboard
  return fields
}

const markupField = (reply_markup: InlineKeyboardMarkup | undefined) => (reply_markup ? { reply_markup } : {})

const sentAs = (kind: SentAt['kind'], messageId: number): SendResult =>
  Number.isSafeInteger(messageId)
    ? { status: 'sent', messageId: `${kind}:${messageId}` }
    : { status: 'unknown', reason: 'the answer names no message' }
