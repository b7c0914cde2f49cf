import { z } from 'zod'
import { joinPayload } from '../../bots/conversation/join-link.js'
import { openTelegramApi } from '../../bots/telegram/telegram-api.js'
import { checkToken } from '../../bots/telegram/telegram-token.js'
import { AppError } from '../errors.js'
import type { CardTemplateRow } from '../loyalty/own/own-tables.js'
import { drawPoster } from '../pictures/draw-poster.js'
import type { PosterDoor } from '../pictures/poster.js'
import type { Foundation } from './foundation.js'

export interface PosterOf {
  readonly businessId: string
  readonly location: { readonly id: string; readonly name: string | null }
  /** Whether the location's name stands beside the business's. */
  readonly isOneOfMany: boolean
  /** Null where 7stamp issues the cards. */
  readonly template: CardTemplateRow | null
  /** Of the bot; null where none is connected. */
  readonly telegramName: string | null
  /** Where the web chat opens with a payload. */
  webAddress(payload: string): string
}

/** The counter's poster of a location as a PDF, in the business's colour and language. */
export const posterOf = async (
  { db, businesses, wording }: Pick<Foundation, 'db' | 'businesses' | 'wording'>,
  { businessId, location, isOneOfMany, template, telegramName, webAddress }: PosterOf,
): Promise<Buffer | null> => {
  const [business] = await db.read(businesses.byId({ id: businessId }))
  if (!business) throw new AppError('not_found', `there is no business ${businessId}`)
  const { name, color, logo, language } = business
  const word = (key: string, params?: Parameters<typeof wording.word>[2]) => wording.word(language, key, params)
  const payload = joinPayload(location.id)
  const telegram: PosterDoor[] =
    telegramName === null ? [] : [{ address: `https://t.me/${telegramName}?start=${payload}`, label: 'Telegram' }]
  const goals = template?.goals ?? []
  return drawPoster({
    brand: { businessName: name, color, logo, language },
    headline: word('poster.headline'),
    hint: word('poster.camera'),
    doors: [...telegram, { address: webAddress(payload), label: word('poster.web') }],
    goals: goals.map(({ stamps, reward }) => word('poster.goal', { count: stamps, reward: reward.title })),
    goalStamps: goals.map(({ stamps }) => stamps),
    locationName: isOneOfMany ? location.name : null,
  })
}

const Bot = z.object({ token: z.string(), apiRoot: z.string() })
const TELEGRAM_MS = 4_000

/** The name of the business's Telegram bot; null if there is none, or if Telegram cannot be asked now. */
export const telegramNameOf = async ({ connections }: Foundation, businessId: string): Promise<string | null> => {
  const bot = Bot.safeParse((await connections.of(businessId)).get('telegram'))
  if (!bot.success) return null
  const api = openTelegramApi({ ...bot.data, timeoutMs: TELEGRAM_MS })
  try {
    return await checkToken(api, AbortSignal.timeout(TELEGRAM_MS))
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  } finally {
    await api.close()
  }
}
