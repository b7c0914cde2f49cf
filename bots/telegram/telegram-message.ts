import { InlineKeyboard, Keyboard } from 'grammy'
import type { InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup } from 'grammy/types'
import { assertNever } from '../../src/errors.js'
import type { Button, OutgoingMessage } from '../messenger.js'

/** Lengths Telegram takes (Bot API, sendMessage, sendPhoto, InlineKeyboardButton, CopyTextButton). */
export const MAX_TEXT_UNITS = 4_096
export const MAX_CAPTION_UNITS = 1_024
const MAX_ACTION_BYTES = 64
const MAX_COPY_UNITS = 256

const ELLIPSIS = '…'

/** What may be lost of a line so that it ends with a whole word. */
const LONGEST_WORD_UNITS = 80

/**
 * The text as Telegram can take it: at most `maxUnits` UTF-16 units, no half characters. Texts travel without a parse mode,
 * so nothing in them can be taken for markup and their length is what Telegram counts.
 *
 * A longer text ends early, at a word, with an ellipsis. It is not split into two messages, because a delivery is one
 * message: it has one id to edit, and one answer that says whether it arrived.
 */
export const shorten = (text: string, maxUnits: number): string => {
  const whole = text.toWellFormed()
  if (whole.length <= maxUnits) return whole
  const room = maxUnits - ELLIPSIS.length
  const cut = startOfCharacter(whole, room)
  return whole.slice(0, endOfWord(whole, cut)).trimEnd() + ELLIPSIS
}

/** The last place at or before `index` where a word ends; within an endless word, `index` itself. */
const endOfWord = (text: string, index: number): number => {
  if (/\s/.test(text[index] ?? '')) return index
  const lastSpace = text.slice(0, index).search(/\s\S*$/)
  return lastSpace >= index - LONGEST_WORD_UNITS ? Math.max(lastSpace, 0) || index : index
}

/** The last place at or before `index` that does not tear apart what a reader sees as one character. */
const startOfCharacter = (text: string, index: number): number => {
  let from = Math.max(0, index - 64)
  if (/[\uDC00-\uDFFF]/.test(text[from] ?? '')) from -= 1
  let start = from
  for (const { index: offset } of new Intl.Segmenter().segment(text.slice(from, index + 64)))
    if (from + offset <= index) start = from + offset
  return start
}

/** Why Telegram would refuse this message whatever happens, or null. Found before a byte leaves. */
export const findFault = (message: OutgoingMessage): string | null => {
  for (const button of (message.buttons ?? []).flat())
    if (button.kind === 'action' && !fitsAction(button.action))
      return `the action of button "${button.label}" is not 1 to ${MAX_ACTION_BYTES} bytes`
  return null
}

const fitsAction = (action: string) => action !== '' && Buffer.byteLength(action) <= MAX_ACTION_BYTES

/** The buttons under a message, which are all that an edit can change. */
export const inlineMarkup = (message: OutgoingMessage): InlineKeyboardMarkup | undefined => {
  const rows = (message.buttons ?? [])
    .map((row) => row.filter(canBeShown).map(inlineButton))
    .filter((row) => row.length > 0)
  return rows.length > 0 ? { inline_keyboard: rows } : undefined
}

/**
 * Telegram takes one kind of keyboard with a message. Asking for the phone number comes first: nothing else can do it.
 * Buttons come before the standing menu, which stays from an earlier message anyway.
 */
export const markup = (message: OutgoingMessage): InlineKeyboardMarkup | ReplyKeyboardMarkup | undefined => {
  const menu = (message.menu ?? []).map((row) => row.map((label) => Keyboard.text(label)))
  if (message.phoneButton !== undefined)
    return {
      keyboard: [[Keyboard.requestContact(message.phoneButton)], ...menu],
      resize_keyboard: true,
      one_time_keyboard: true, // the button has done its work once it is pressed
    }
  const inline = inlineMarkup(message)
  if (inline || menu.length === 0) return inline
  return { keyboard: menu, resize_keyboard: true, is_persistent: true }
}

/**
 * Telegram refuses the whole message for a button with an address it cannot open (a machine's own name, as in development)
 * or a code too long to copy. The text says the same, so the message goes without that button.
 */
const canBeShown = (button: Button): boolean => {
  switch (button.kind) {
    case 'action':
      return true
    case 'copy':
      return button.text !== '' && button.text.length <= MAX_COPY_UNITS
    case 'url':
      return isPublicUrl(button.url)
    default:
      return assertNever(button)
  }
}

const isPublicUrl = (url: string): boolean => {
  const parsed = URL.canParse(url) ? new URL(url) : null
  return parsed !== null && /^https?:$/.test(parsed.protocol) && /^(?!127\.).+\../.test(parsed.hostname)
}

const inlineButton = (button: Button): InlineKeyboardButton => {
  switch (button.kind) {
    case 'action':
      return InlineKeyboard.text(button.label, button.action)
    case 'copy':
      return InlineKeyboard.copyText(button.label, button.text)
    case 'url':
      return InlineKeyboard.url(button.label, button.url)
    default:
      return assertNever(button)
  }
}
