import type { TelegramApi } from './telegram-api.js'
import { asAppError } from './telegram-errors.js'

/**
 * The username of the bot that the token belongs to. Throws AppError: `misconfigured` when Telegram refuses the token, which
 * ends a start; `unavailable` while Telegram cannot be reached, which does not: ask again later.
 */
export const checkToken = async ({ call }: TelegramApi, signal?: AbortSignal): Promise<string> => {
  try {
    const { username } = await call.getMe({}, signal)
    return username
  } catch (error) {
    throw asAppError(error)
  }
}
