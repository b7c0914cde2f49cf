import { z } from 'zod'
import { pictureSize } from './telegram-picture.js'
import type { BotRequest } from './telegram-request.js'

/** The rules a request must keep whether or not the published schema is at hand; the answers are in Telegram's words. */
export const findBrokenRule = (request: BotRequest): string | null => {
  for (const rule of RULES) {
    const words = rule(request)
    if (words !== null) return words
  }
  return null
}

type Rule = (request: BotRequest) => string | null

const MAX_PHOTO_BYTES = 10 * 1024 * 1024

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const noParseMode: Rule = ({ params }) => ('parse_mode' in params ? 'Bad Request: this server parses no markup' : null)

const textFits: Rule = ({ method, params }) => {
  if (method !== 'sendMessage' && method !== 'editMessageText') return null
  if (textOf(params.text).trim() === '') return 'Bad Request: message text is empty'
  return textOf(params.text).length > 4_096 ? 'Bad Request: message is too long' : null
}

const Media = z.object({ media: z.string(), caption: z.string().optional() })

/** Of `editMessageMedia`; empty for every other method. */
const mediaOf = ({ params }: BotRequest): Partial<z.infer<typeof Media>> => Media.safeParse(params.media).data ?? {}

const captionFits: Rule = (request) =>
  textOf(request.params.caption ?? mediaOf(request).caption).length > 1_024
    ? 'Bad Request: message caption is too long'
    : null

const Button = z.object({
  text: z.string(),
  callback_data: z.string().optional(),
  url: z.string().optional(),
  copy_text: z.object({ text: z.string() }).optional(),
})
const InlineKeyboard = z.object({ inline_keyboard: z.array(z.array(Button).min(1)) })

const buttonsFit: Rule = ({ params }) => {
  if (typeof params.reply_markup !== 'object' || params.reply_markup === null) return null
  if (!('inline_keyboard' in params.reply_markup)) return null
  const keyboard = InlineKeyboard.safeParse(params.reply_markup)
  if (!keyboard.success) return "Bad Request: can't parse inline keyboard button"
  for (const button of keyboard.data.inline_keyboard.flat()) {
    const fault = faultOfButton(button)
    if (fault !== null) return fault
  }
  return null
}

const faultOfButton = ({ text, callback_data, url, copy_text }: z.infer<typeof Button>): string | null => {
  if (text.trim() === '') return 'Bad Request: can\'t parse inline keyboard button: Field "text" must be non-empty'
  const kinds = [callback_data, url, copy_text].filter((kind) => kind !== undefined)
  if (kinds.length !== 1) return 'Bad Request: text buttons are unallowed in the inline keyboard'
  if (callback_data !== undefined && !within(1, 64, Buffer.byteLength(callback_data)))
    return 'Bad Request: BUTTON_DATA_INVALID'
  if (copy_text && !within(1, 256, copy_text.text.length)) return 'Bad Request: BUTTON_COPY_TEXT_INVALID'
  if (url !== undefined && !/^(https?:\/\/[^/]*\.|tg:\/\/)/.test(url))
    return `Bad Request: inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`
  return null
}

const within = (least: number, most: number, length: number) => length >= least && length <= most

/** Every `attach://` must name an uploaded part, and no part may come along unnamed. */
const attachmentsArrive: Rule = (request) => {
  const named = [textOf(request.params.photo), mediaOf(request).media ?? ''].flatMap((value) =>
    value.startsWith('attach://') ? [value.slice('attach://'.length)] : [],
  )
  if (named.some((name) => !request.files.has(name))) return 'Bad Request: wrong file identifier/HTTP URL specified'
  return request.files.size > named.length ? 'Bad Request: a part of the form is not used' : null
}

const photosAreFit: Rule = ({ method, params, files }) => {
  if (method === 'sendPhoto' && textOf(params.photo) === '') return 'Bad Request: there is no photo in the request'
  for (const bytes of files.values()) {
    const fault = faultOfPhoto(bytes)
    if (fault !== null) return fault
  }
  return null
}

const faultOfPhoto = (bytes: Buffer): string | null => {
  if (bytes.length === 0) return 'Bad Request: file must be non-empty'
  if (bytes.length > MAX_PHOTO_BYTES) return `Bad Request: file of size ${bytes.length} bytes is too big for a photo`
  const size = pictureSize(bytes)
  if (!size) return 'Bad Request: IMAGE_PROCESS_FAILED'
  const { width, height } = size
  const isFit = width > 0 && height > 0 && width + height <= 10_000 && Math.max(width / height, height / width) <= 20
  return isFit ? null : 'Bad Request: PHOTO_INVALID_DIMENSIONS'
}

const Commands = z.array(z.object({ command: z.string(), description: z.string() }))

const commandsFit: Rule = ({ method, params }) => {
  if (method !== 'setMyCommands') return null
  const commands = Commands.safeParse(params.commands)
  if (!commands.success || commands.data.length > 100) return "Bad Request: can't parse commands"
  if (!commands.data.every(({ command }) => /^[a-z0-9_]{1,32}$/.test(command)))
    return 'Bad Request: BOT_COMMAND_INVALID'
  if (!commands.data.every(({ description }) => within(1, 256, description.length)))
    return 'Bad Request: BOT_COMMAND_DESCRIPTION_INVALID'
  return null
}

const languageIsKnown: Rule = ({ params: { language_code } }) =>
  language_code === undefined || /^([a-z]{2})?$/.test(textOf(language_code))
    ? null
    : 'Bad Request: invalid language code specified'

const webhookFits: Rule = ({ method, params }) => {
  if (method !== 'setWebhook') return null
  const url = textOf(params.url)
  if (url !== '' && !/^(https:|http:\/\/127\.0\.0\.1:)/.test(url))
    return 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook'
  if (!/^[\w-]{0,256}$/.test(textOf(params.secret_token)))
    return 'Bad Request: secret token contains unallowed characters'
  return null
}

const RULES: readonly Rule[] = [
  noParseMode,
  textFits,
  captionFits,
  buttonsFit,
  attachmentsArrive,
  photosAreFit,
  commandsFit,
  languageIsKnown,
  webhookFits,
]
