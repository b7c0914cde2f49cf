import { z } from 'zod'
import { invalidInput, parseInput } from '../../src/field-errors.js'
import { takesCode } from '../conversation/commands.js'
import type { Incoming, Input } from '../messenger.js'

/** The updates this bot asks Telegram for. */
export const ALLOWED_UPDATES = ['message', 'callback_query', 'my_chat_member'] as const

/** One update on its way into the database; `updateId` is unique per bot, and Telegram may deliver it several times. */
export interface TelegramUpdate {
  readonly updateId: string
  /** The chat: updates of one address are handled one at a time, in order. */
  readonly address: string
  readonly body: unknown
}

/** A database may refuse NUL and half characters, or change them silently. */
const Text = z.string().transform((text) => text.replace(/\0|\p{Surrogate}/gu, '\uFFFD'))
const Id = z.int()
const Chat = z.object({ id: Id, type: z.string() })
const From = z.object({
  id: Id,
  is_bot: z.boolean().optional(),
  first_name: Text.optional(),
  last_name: Text.optional(),
  language_code: Text.optional(),
})
/** Only our own messages say something in their buttons; what other bots' say leads nowhere. */
const Keyboard = z.object({ inline_keyboard: z.array(z.array(z.object({ callback_data: Text.optional() }))) })
const RepliedTo = z.object({ reply_markup: Keyboard.optional() })
const Message = z.object({
  message_id: Id.optional(),
  chat: Chat,
  from: From.optional(),
  text: Text.optional(),
  reply_to_message: RepliedTo.optional().catch(undefined),
  contact: z.object({ phone_number: Text, user_id: Id.optional() }).optional(),
})
const CallbackQuery = z.object({
  id: Text,
  from: From,
  message: z.object({ chat: Chat }).optional(),
  data: Text.optional(),
})
const MemberChange = z.object({
  chat: Chat,
  from: From,
  new_chat_member: z.object({ status: z.string(), is_member: z.boolean().optional() }),
})
const Update = z.object({
  update_id: Id,
  message: Message.loose().optional(),
  callback_query: CallbackQuery.optional(),
  my_chat_member: MemberChange.optional(),
})

/**
 * One update as the conversation understands it; null for what concerns nobody (edited messages, channel posts, service
 * messages, other bots). Throws AppError('invalid_input') for what is not an update of Telegram.
 */
export const readUpdate = (body: unknown): Incoming | null => {
  const { message, callback_query, my_chat_member } = parseInput(Update, body)
  if (message) return readMessage(message)
  if (callback_query) return readPress(callback_query)
  if (my_chat_member) return readMemberChange(my_chat_member)
  return null
}

const Key = z.object({
  update_id: Id,
  message: z.object({ chat: Chat }).optional(),
  callback_query: z.object({ message: z.object({ chat: Chat }).optional() }).optional(),
  my_chat_member: z.object({ chat: Chat }).optional(),
})

/**
 * What names an update and its chat; null where there is no chat that could be answered. Reads as little as possible, so
 * that an update with an odd field is stored all the same. Throws AppError('invalid_input').
 */
export const updateKey = (body: unknown): Omit<TelegramUpdate, 'body'> | null => {
  if (isDeeperThan(MAX_DEPTH, body)) throw invalidInput([{ field: 'body', message: 'is nested too deep' }])
  const { update_id, message, callback_query, my_chat_member } = parseInput(Key, body)
  const chat = message?.chat ?? callback_query?.message?.chat ?? my_chat_member?.chat
  return chat ? { updateId: String(update_id), address: String(chat.id) } : null
}

/** JSON.parse reads any depth, and JSON.stringify, with which an update is stored, overflows the stack at some thousand. */
const MAX_DEPTH = 100

const isDeeperThan = (limit: number, value: unknown): boolean => {
  let level: unknown[] = [value]
  for (let depth = 0; depth <= limit && level.length > 0; depth++)
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  return level.length > 0
}

const readMessage = (message: z.infer<typeof Message>): Incoming | null => {
  // An administrator who writes anonymously comes as a bot, too, but with the group as `sender_chat`.
  const isBot = message.from?.is_bot === true && !('sender_chat' in message)
  const input = isBot ? null : inputOf(message)
  const { message_id } = message
  return (
    input && {
      ...incoming(message.chat, message.from, input),
      ...(message_id !== undefined && { messageId: String(message_id) }),
    }
  )
}

const inputOf = (message: z.infer<typeof Message>): Input | null => {
  if (message.text !== undefined) return withRepliedTo(readText(message.text), message)
  if (message.contact) return readContact(message.contact, message.from?.id)
  return UNREADABLE.some((kind) => kind in message) ? { kind: 'other' } : null
}

/** What people send besides text. Whatever is not named here is a service message, which nobody expects an answer to. */
const UNREADABLE = [
  ...['animation', 'audio', 'checklist', 'dice', 'document', 'game', 'live_photo', 'location', 'paid_media', 'photo'],
  ...['poll', 'rich_message', 'sticker', 'story', 'venue', 'video', 'video_note', 'voice'],
]

const withRepliedTo = (input: Input, { reply_to_message }: z.infer<typeof Message>): Input => {
  const keys = reply_to_message?.reply_markup?.inline_keyboard.flat() ?? []
  const repliesTo = keys.flatMap(({ callback_data }) => callback_data ?? [])
  return input.kind === 'text' && repliesTo.length > 0 ? { ...input, repliesTo } : input
}

/** `/card`, `/card@our_bot` (as in groups), `/start <payload>`. Most other commands' arguments are not used. */
const COMMAND = /^\/(\w{1,32})(?:@\w+)?(?:\s+(.*))?$/su

const readText = (text: string): Input => {
  const [, command, rest = ''] = COMMAND.exec(text.trim()) ?? []
  if (command === undefined) return { kind: 'text', text }
  const action = command.toLowerCase()
  if (action === 'start') return { kind: 'start', payload: rest || null }
  return rest !== '' && takesCode(action) ? { kind: 'text', text: `/${action} ${rest}` } : { kind: 'action', action }
}

/**
 * Anyone can send anyone's contact card; it is the sender's own only if its user is the sender. Telegram gives a user's own
 * number in international form, with or without the plus.
 */
const readContact = (contact: NonNullable<z.infer<typeof Message>['contact']>, senderId: number | undefined): Input => {
  const own = contact.user_id !== undefined && contact.user_id === senderId
  const phone = own && /^\d/.test(contact.phone_number) ? `+${contact.phone_number}` : contact.phone_number
  return { kind: 'contact', phone, own }
}

const readPress = ({ id, from, message, data }: z.infer<typeof CallbackQuery>): Incoming | null =>
  message
    ? {
        ...incoming(message.chat, from, data === undefined ? { kind: 'other' } : { kind: 'action', action: data }),
        acknowledge: id,
      }
    : null

/** In a private chat this comes exactly when the person blocks or unblocks the bot; in a group, when it is let in or out. */
const readMemberChange = ({ chat, from, new_chat_member }: z.infer<typeof MemberChange>): Incoming | null => {
  switch (new_chat_member.status) {
    case 'creator':
    case 'administrator':
    case 'member':
      return incoming(chat, from, { kind: 'unblocked' })
    case 'restricted':
      return incoming(chat, from, { kind: new_chat_member.is_member === false ? 'blocked' : 'unblocked' })
    case 'left':
    case 'kicked':
      return incoming(chat, from, { kind: 'blocked' })
    default:
      return null
  }
}

const incoming = (
  chat: z.infer<typeof Chat>,
  from: z.infer<typeof From> | undefined,
  input: Input,
): Omit<Incoming, 'acknowledge'> => ({
  address: String(chat.id),
  isPrivate: chat.type === 'private',
  languageHint: from?.language_code ?? null,
  input,
  ...(from && from.is_bot !== true && { speaker: { id: String(from.id), name: nameOf(from) } }),
})

const nameOf = ({ first_name, last_name }: z.infer<typeof From>): string | null =>
  [first_name, last_name].filter((part) => part !== undefined && part !== '').join(' ') || null
