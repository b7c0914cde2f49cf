import { createHash, timingSafeEqual } from 'node:crypto'
import { type Request, Router } from 'express'
import { AppError } from '../../src/errors.js'
import { readJsonBody } from '../../src/http/raw-body.js'
import { type TelegramUpdate, updateKey } from './telegram-updates.js'

/** One bot that is reached by webhook. */
export interface WebhookBot {
  /** What Telegram repeats in a header of every request, as `registerWebhook` asked it to. */
  readonly secret: string
  /** Commits the rows; one that is there already (same `updateId`) is passed over. */
  store(updates: readonly TelegramUpdate[]): Promise<void>
}

const SECRET_HEADER = 'X-Telegram-Bot-Api-Secret-Token'

/** Telegram's updates have a few KiB. */
const MAX_UPDATE_BYTES = 1024 * 1024

/** When Telegram should try again while we cannot store (it honours up to an hour). */
const RETRY_AFTER_SEC = 2

/**
 * `POST /webhooks/telegram/:token`, where the token is ours and names the bot. Answers 200 once the update is committed, 401
 * to whoever does not know both token and secret, and 503 while nothing can be stored: Telegram then delivers again.
 */
export const telegramWebhook = (find: (token: string) => Promise<WebhookBot | null>): Router => {
  const router = Router()
  router.post('/webhooks/telegram/:token', async (req, res) => {
    const bot = await admit(req, find)
    const body = parseJson(await readJsonBody(req, MAX_UPDATE_BYTES))
    const key = updateKey(body)
    if (key) await storeOrRefuse(bot, { ...key, body })
    res.sendStatus(200)
  })
  return router
}

const admit = async (req: Request<{ token: string }>, find: (token: string) => Promise<WebhookBot | null>) => {
  const bot = await find(req.params.token)
  if (!bot || !isSame(req.get(SECRET_HEADER) ?? '', bot.secret))
    throw new AppError('unauthorized', 'This address is for Telegram, with the secret it was given.')
  return bot
}

/** Compares without telling by its duration how much was right. */
const isSame = (given: string, expected: string): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** Without the boundary's limits: Telegram is known by its secret, and a body refused once would come again for a day. */
const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString())
  } catch (cause) {
    throw new AppError('invalid_json', 'The body must be a JSON object.', { cause })
  }
}

const storeOrRefuse = async (bot: WebhookBot, update: TelegramUpdate) => {
  try {
    await bot.store([update])
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('unavailable', 'The update cannot be stored now.', { cause, retryAfterSec: RETRY_AFTER_SEC })
  }
}
