import type { BotCommand, MenuButton, User } from 'grammy/types'
import type { Inbox, UpdateKind } from './telegram-inbox.js'
import { type Method, Refused } from './telegram-methods.js'

/** What a bot has told Telegram about itself. */
export interface BotProfile {
  /** By language; the empty string is what everybody else sees. */
  readonly commands: ReadonlyMap<string, readonly BotCommand[]>
  readonly description: ReadonlyMap<string, string>
  readonly shortDescription: ReadonlyMap<string, string>
  readonly menuButton: MenuButton
  /** The button presses that wait for `answerCallbackQuery`. */
  readonly unansweredPresses: Set<string>
}

const languageOf = (params: Readonly<Record<string, unknown>>) => String(params.language_code ?? '')

export const createBotMethods = (bot: User, inbox: Inbox) => {
  const commands = new Map<string, readonly BotCommand[]>()
  const description = new Map<string, string>()
  const shortDescription = new Map<string, string>()
  const unansweredPresses = new Set<string>()
  let menuButton: MenuButton = { type: 'default' }

  const methods: Readonly<Record<string, Method>> = {
    getMe: () => ({
      ...bot,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
    }),
    setMyCommands({ params }) {
      commands.set(languageOf(params), params.commands as BotCommand[])
      return true
    },
    getMyCommands: ({ params }) => commands.get(languageOf(params)) ?? [],
    deleteMyCommands({ params }) {
      commands.delete(languageOf(params))
      return true
    },
    setMyDescription({ params }) {
      description.set(languageOf(params), String(params.description ?? ''))
      return true
    },
    setMyShortDescription({ params }) {
      shortDescription.set(languageOf(params), String(params.short_description ?? ''))
      return true
    },
    setChatMenuButton({ params }) {
      menuButton = params.menu_button as MenuButton
      return true
    },
    getChatMenuButton: () => menuButton,
    answerCallbackQuery({ params }) {
      if (unansweredPresses.delete(String(params.callback_query_id))) return true
      const words = 'query is too old and response timeout expired or query ID is invalid'
      throw new Refused(400, `Bad Request: ${words}`)
    },
    setWebhook({ params }) {
      if (params.drop_pending_updates === true) inbox.dropPending()
      const allowed = params.allowed_updates as UpdateKind[] | undefined
      inbox.setWebhook(String(params.url), String(params.secret_token ?? ''), allowed)
      return true
    },
    deleteWebhook({ params }) {
      if (params.drop_pending_updates === true) inbox.dropPending()
      inbox.setWebhook('', '', undefined)
      return true
    },
    getWebhookInfo: () => inbox.webhookInfo(),
  }
  const profile: BotProfile = {
    commands,
    description,
    shortDescription,
    unansweredPresses,
    get menuButton() {
      return menuButton
    },
  }
  return { methods, profile }
}
