import type { TelegramApi } from './telegram-api.js'
import { asAppError } from './telegram-errors.js'
import { ALLOWED_UPDATES } from './telegram-updates.js'

/**
 * Tells Telegram where to deliver this bot's updates. `publicUrl` is https, on port 443, 80, 88 or 8443; `secret` is 1 to 256
 * of A-Z, a-z, 0-9, _ and -. Throws AppError: `misconfigured` with Telegram's reason, or `unavailable`.
 */
export const registerWebhook = async (
  telegram: TelegramApi,
  { publicUrl, token, secret }: { readonly publicUrl: string; readonly token: string; readonly secret: string },
  signal?: AbortSignal,
): Promise<void> => {
  const url = `${publicUrl.replace(/\/+$/, '')}/webhooks/telegram/${token}`
  try {
    await telegram.call.setWebhook({ url, secret_token: secret, allowed_updates: ALLOWED_UPDATES }, signal)
  } catch (error) {
    throw asAppError(error)
  }
}
