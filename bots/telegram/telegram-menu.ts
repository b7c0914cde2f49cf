import type { BotCommand, LanguageCode } from 'grammy/types'
import { COMMANDS } from '../conversation/commands.js'
import type { TelegramApi } from './telegram-api.js'
import { asAppError } from './telegram-errors.js'

export interface MenuWords {
  /** BCP 47 primary tags. The first is the business's own: whoever uses none of the others sees it. */
  readonly languages: readonly string[]
  /** The words of a phrase key such as `commands.card`. */
  word(language: string, key: string): string
}

/** Telegram takes 1 to 256 characters. */
const MAX_DESCRIPTION_UNITS = 256

/**
 * Puts the commands into Telegram's menu button, in each language. What Telegram shows already is not sent again, since it
 * limits such changes strictly and every process start comes by here. Throws AppError: `misconfigured` or `unavailable`.
 */
export const announce = async (telegram: TelegramApi, { languages, word }: MenuWords, signal?: AbortSignal) => {
  const [ownLanguage] = languages
  try {
    if (ownLanguage !== undefined) await announceCommands(telegram, commandsIn(ownLanguage, word), {}, signal)
    for (const language of languages.filter(isLanguageCode))
      await announceCommands(telegram, commandsIn(language, word), { language_code: language }, signal)
    await announceButton(telegram, signal)
  } catch (error) {
    throw asAppError(error)
  }
}

const commandsIn = (language: string, word: MenuWords['word']): BotCommand[] =>
  COMMANDS.map(({ command, description }) => ({
    command,
    description: word(language, description).slice(0, MAX_DESCRIPTION_UNITS),
  }))

/** Telegram knows languages by two letters; a language of three sees the business's own. */
const isLanguageCode = (language: string): language is LanguageCode => /^[a-z]{2}$/.test(language)

const announceCommands = async (
  { call }: TelegramApi,
  commands: BotCommand[],
  audience: { language_code?: LanguageCode },
  signal?: AbortSignal,
) => {
  const shown = await call.getMyCommands(audience, signal)
  if (!isEqual(shown, commands)) await call.setMyCommands({ ...audience, commands }, signal)
}

const isEqual = (shown: readonly BotCommand[], wanted: readonly BotCommand[]): boolean =>
  shown.length === wanted.length &&
  wanted.every(({ command, description }, i) => shown[i]?.command === command && shown[i]?.description === description)

/** A button that the owner has given a web app keeps it. */
const announceButton = async ({ call }: TelegramApi, signal?: AbortSignal) => {
  const { type } = await call.getChatMenuButton({}, signal)
  if (type === 'default') await call.setChatMenuButton({ menu_button: { type: 'commands' } }, signal)
}
