import { PNG } from 'pngjs'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { openTelegramDouble, type TelegramDoubleOptions } from '../doubles/telegram-bot-api.js'
import { loadTelegramSchema } from '../doubles/telegram-schema.js'

export const schema = loadTelegramSchema()

const Answer = z.looseObject({ ok: z.boolean(), result: z.any().optional(), description: z.string().optional() })

/** A Telegram of the test's own, asked over plain HTTP, without the program. */
export const openDouble = async (options: TelegramDoubleOptions = {}) => {
  const double = await openTelegramDouble(options)
  onTestFinished(() => double.close())
  const address = (method: string) => `${double.apiRoot}/bot${double.token}/${method}`
  const ask = async (method: string, body: string | FormData, headers = {}) => {
    const answer = await fetch(address(method), { method: 'POST', body, headers })
    return { status: answer.status, ...Answer.parse(await answer.json()) }
  }
  const call = (method: string, params: object = {}) =>
    ask(method, JSON.stringify(params), { 'content-type': 'application/json' })
  const upload = (method: string, params: Record<string, string>, files: Record<string, Buffer>) => {
    const form = new FormData()
    for (const [name, text] of Object.entries(params)) form.set(name, text)
    for (const [name, bytes] of Object.entries(files)) form.set(name, new Blob([new Uint8Array(bytes)]), 'a.png')
    return ask(method, form)
  }
  return { double, call, upload, user: double.user(501, { language_code: 'de' }) }
}

export const png = (width = 4, height = 4) => PNG.sync.write(new PNG({ width, height }))
export const inline = (button: object) => ({ inline_keyboard: [[{ text: 'Press', ...button }]] })
