import { PassThrough } from 'node:stream'
import { onTestFinished } from 'vitest'
import { openTelegramApi } from '../../bots/telegram/telegram-api.js'
import { createTelegramMessenger } from '../../bots/telegram/telegram-messenger.js'
import type { FileIds } from '../../bots/telegram/telegram-photos.js'
import { createLog } from '../../src/log.js'
import { openTelegramDouble, type TelegramDoubleOptions } from '../doubles/telegram-bot-api.js'

/** A Telegram of the test's own, the bot's messenger on it, and everything the bot has logged. Closed when the test ends. */
export const openTelegram = async (
  options: TelegramDoubleOptions & { readonly timeoutMs?: number; readonly files?: FileIds } = {},
) => {
  const double = await openTelegramDouble(options)
  const { timeoutMs = 2_000, files = fileIdsInMemory() } = options
  const telegram = openTelegramApi({ token: double.token, apiRoot: double.apiRoot, timeoutMs })
  const { log, logged } = captureLog()
  const messenger = createTelegramMessenger({ telegram, files, log })
  const close = async () => {
    await telegram.close()
    await double.close()
  }
  return { double, telegram, messenger, files, log, logged, close }
}

export const openTelegramForTest = async (options: Parameters<typeof openTelegram>[0] = {}) => {
  const opened = await openTelegram(options)
  onTestFinished(opened.close)
  return opened
}

export const captureLog = () => {
  const lines: string[] = []
  const sink = new PassThrough()
  sink.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  return { log: createLog('trace', sink), logged: () => lines.join('') }
}

export const fileIdsInMemory = (): FileIds & { readonly known: Map<string, string> } => {
  const known = new Map<string, string>()
  return {
    known,
    find: async (pictureId) => known.get(pictureId) ?? null,
    remember: async (pictureId, fileId) => void known.set(pictureId, fileId),
  }
}
