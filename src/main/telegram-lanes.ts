import { z } from 'zod'
import { registerWebhook } from '../../bots/telegram/register-webhook.js'
import { openTelegramApi } from '../../bots/telegram/telegram-api.js'
import { createFileIds } from '../../bots/telegram/telegram-files.js'
import { announce } from '../../bots/telegram/telegram-menu.js'
import { createTelegramMessenger, limitsAt } from '../../bots/telegram/telegram-messenger.js'
import { pollUpdates } from '../../bots/telegram/telegram-polling.js'
import { checkToken } from '../../bots/telegram/telegram-token.js'
import type { WebhookBot } from '../../bots/telegram/telegram-webhook.js'
import type { BusinessRow } from '../business/business-tables.js'
import type { ConnectionSettings } from '../business/connections.js'
import { sleep } from '../clock.js'
import { AppError, describeError } from '../errors.js'
import { hashToken } from '../ids.js'
import type { Foundation } from './foundation.js'
import type { MessengerLane } from './messenger-lanes.js'

/** What is stored, sealed, of a business's Telegram bot. */
const Settings = z.object({
  token: z.string(),
  apiRoot: z.string(),
  mode: z.enum(['polling', 'webhook']),
  messagesPerSec: z.number(),
})

export interface TelegramLane extends MessengerLane {
  /** Null while Telegram has not been reached. */
  username(): string | null
  /** The address and secret of its webhook. */
  readonly webhook: { readonly token: string; readonly bot: WebhookBot } | null
  close(): Promise<void>
}

/** How long a start waits to hear whether Telegram knows the token. */
const TOKEN_CHECK_MS = 2_000
const TRY_AGAIN_MS = 30_000

export const telegramLaneId = (businessId: string): string => `telegram:${businessId}`

/**
 * A business's bot. Throws AppError('misconfigured') when Telegram refuses the token; Telegram being away is no reason not
 * to start.
 */
export const openTelegramLane = async (
  foundation: Foundation,
  business: BusinessRow,
  stored: ConnectionSettings,
): Promise<TelegramLane> => {
  const { db, clock, log, storeUpdates, config } = foundation
  const settings = Settings.parse(stored)
  const telegram = openTelegramApi(settings)
  const id = telegramLaneId(business.id)
  const messenger = createTelegramMessenger({ telegram, files: createFileIds(db, clock)(id), log })
  const closing = new AbortController()
  const store: WebhookBot['store'] = (updates) => storeUpdates(id, updates)
  const webhookToken = hashToken(`webhook address ${settings.token}`).slice(0, 32)
  const secret = hashToken(`webhook secret ${settings.token}`)
  const isWebhook = settings.mode === 'webhook' && config.http.publicUrl !== null

  let username: string | null = null
  const introduce = async (): Promise<void> => {
    username = await checkToken(telegram, closing.signal)
  }
  /** Everything that may wait until Telegram answers. */
  const settleIn = async (): Promise<void> => {
    if (username === null) await introduce()
    const { languages, word } = foundation.wording
    const own = [business.language, ...[...languages].filter((tag) => tag !== business.language)]
    await announce(telegram, { languages: own, word }, closing.signal)
    if (isWebhook && config.http.publicUrl !== null)
      await registerWebhook(telegram, { publicUrl: config.http.publicUrl, token: webhookToken, secret }, closing.signal)
  }

  await withinTokenCheck(introduce())
  void untilDone(settleIn, closing.signal, (error) => log.warn({ lane: id, error }, 'telegram.not_settled'))

  return {
    id,
    business,
    messenger: { ...messenger, limits: limitsAt(settings.messagesPerSec) },
    showsPicturesByAddress: false,
    ...(!isWebhook && {
      poll: (signal: AbortSignal) =>
        pollUpdates({
          telegram,
          store,
          onRefused: (reason) => log.error({ lane: id, reason }, 'telegram.token_refused'),
          signal,
          log,
          sleep,
        }),
    }),
    username: () => username,
    startLink: (payload) => (username === null ? null : `https://t.me/${username}?start=${payload}`),
    webhook: isWebhook ? { token: webhookToken, bot: { secret, store } } : null,
    close: async () => {
      closing.abort()
      await telegram.close()
    },
  }
}

/** Passes on a refusal that comes in time; everything else is left to the work in the background. */
const withinTokenCheck = async (checking: Promise<void>): Promise<void> => {
  const verdict = checking.catch((error: unknown) => error)
  const error = await Promise.race([verdict, sleep(TOKEN_CHECK_MS)])
  if (error instanceof AppError && error.code === 'misconfigured') throw error
}

const untilDone = async (
  work: () => Promise<void>,
  signal: AbortSignal,
  onError: (error: string) => void,
): Promise<void> => {
  while (!signal.aborted) {
    try {
      return await work()
    } catch (error) {
      if (signal.aborted) return
      onError(describeError(error))
      await sleep(TRY_AGAIN_MS, signal)
    }
  }
}
