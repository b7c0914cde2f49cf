import { describe, expect, onTestFinished, test } from 'vitest'
import { registerWebhook } from '../../bots/telegram/register-webhook.js'
import { openTelegramApi } from '../../bots/telegram/telegram-api.js'
import type { TelegramUpdate } from '../../bots/telegram/telegram-updates.js'
import { telegramWebhook } from '../../bots/telegram/telegram-webhook.js'
import { createHttpServer } from '../../src/http/server.js'
import { UNAUTHORIZED } from '../doubles/telegram-faults.js'
import { captureLog, openTelegramForTest } from './open-telegram.js'

const OUR_TOKEN = 'path-token-of-ours'
const SECRET = 'secret_for-Telegram-1'

const openWebhook = async (store?: (updates: readonly TelegramUpdate[]) => Promise<void>) => {
  const { log, logged } = captureLog()
  const stored: TelegramUpdate[] = []
  const bot = { secret: SECRET, store: store ?? (async (updates) => void stored.push(...updates)) }
  const router = telegramWebhook(async (token) => (token === OUR_TOKEN ? bot : null))
  const server = createHttpServer({ log, publicUrl: null, webhooks: [(app) => app.use(router)], routes: [] })
  const port = await server.listen('127.0.0.1', 0)
  onTestFinished(() => server.close())
  const url = `http://127.0.0.1:${port}`
  const deliver = (body: unknown, { token = OUR_TOKEN, secret = SECRET, type = 'application/json' } = {}) =>
    fetch(`${url}/webhooks/telegram/${token}`, {
      method: 'POST',
      headers: { 'content-type': type, ...(secret !== '' && { 'X-Telegram-Bot-Api-Secret-Token': secret }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return { url, stored, deliver, logged }
}

const UPDATE = {
  update_id: 77,
  message: { message_id: 1, date: 1, chat: { id: 501, type: 'private' }, from: { id: 501 }, text: 'Привіт' },
}

describe('an update that Telegram delivers', () => {
  test('is answered 200 after it is stored, with its number and chat', async () => {
    const { deliver, stored } = await openWebhook()
    expect((await deliver(UPDATE)).status).toBe(200)
    expect(stored).toEqual([{ updateId: '77', address: '501', body: UPDATE }])
  })

  test('is not answered before its commit', async () => {
    let commit = () => {}
    const committing = new Promise<void>((resolve) => {
      commit = resolve
    })
    const { deliver } = await openWebhook(() => committing)
    let isAnswered = false
    const answer = deliver(UPDATE).then(({ status }) => {
      isAnswered = true
      return status
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(isAnswered).toBe(false)
    commit()
    expect(await answer).toBe(200)
  })

  test('that cannot be stored now is asked for again', async () => {
    const { deliver } = await openWebhook(() => Promise.reject(new Error('disk full')))
    const answer = await deliver(UPDATE)
    expect(answer.status).toBe(503)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await answer.text()).not.toContain('disk full')
  })

  test('without a chat is taken and not stored', async () => {
    const { deliver, stored } = await openWebhook()
    expect((await deliver({ update_id: 78, poll: { id: '1' } })).status).toBe(200)
    expect(stored).toEqual([])
  })

  test.each([
    ['', 400],
    ['{"update_id":', 400],
    ['[]', 422],
    ['{"message":{}}', 422],
    [`{"update_id":1,"message":{"chat":{"id":1,"type":"private"},"x":${'['.repeat(9_999)}${']'.repeat(9_999)}}}`, 422],
    [`{"update_id":1,"x":"${'x'.repeat(1_100_000)}"}`, 413],
  ])('of %.30j is answered %i', async (body, status) => {
    const { deliver, stored } = await openWebhook()
    expect((await deliver(body)).status).toBe(status)
    expect(stored).toEqual([])
  })
})

describe('whoever is not Telegram', () => {
  test.each([
    ['no secret', { secret: '' }],
    ['a wrong secret', { secret: 'secret_for-Telegram-2' }],
    ['a secret of another length', { secret: 'x' }],
    ['a wrong address', { token: 'guess' }],
  ])('with %s is answered 401, and nothing is stored', async (_, credentials) => {
    const { deliver, stored } = await openWebhook()
    expect((await deliver(UPDATE, credentials)).status).toBe(401)
    expect(stored).toEqual([])
  })

  test('learns nothing of whether the address or the secret was wrong', async () => {
    const { deliver } = await openWebhook()
    const wrongAddress = await deliver(UPDATE, { token: 'guess' })
    const wrongSecret = await deliver(UPDATE, { secret: 'guess' })
    expect(await wrongAddress.text()).toBe(await wrongSecret.text())
  })
})

describe('a bot that is registered', () => {
  const register = async (store?: Parameters<typeof openWebhook>[0]) => {
    const webhook = await openWebhook(store)
    const { double, telegram } = await openTelegramForTest()
    await registerWebhook(telegram, { publicUrl: `${webhook.url}/`, token: OUR_TOKEN, secret: SECRET })
    return { ...webhook, double, user: double.user(501) }
  }

  test('gets what people do', async () => {
    const { double, user, stored } = await register()
    user.says('/start')
    user.says('card')
    await expect.poll(double.pendingUpdates, { timeout: 10_000 }).toBe(0)
    expect(stored.map(({ body }) => body)).toMatchObject([
      { message: { text: '/start' } },
      { message: { text: 'card' } },
    ])
    expect(double.violations).toEqual([])
  })

  test('gets again what it could not store, and each chat in order', async () => {
    const committed: TelegramUpdate[] = []
    let failures = 0
    const { double, user } = await register(async (updates) => {
      failures += 1
      if (failures <= 3) throw new Error('database is away')
      committed.push(...updates)
    })
    for (const text of ['1', '2', '3']) user.says(text)
    await expect.poll(double.pendingUpdates, { timeout: 10_000 }).toBe(0)
    expect(committed.map(({ body }) => body)).toMatchObject(['1', '2', '3'].map((text) => ({ message: { text } })))
  })
})

describe('registering', () => {
  test('passes on why Telegram refuses an address', async () => {
    const { telegram } = await openTelegramForTest()
    const registering = registerWebhook(telegram, { publicUrl: 'http://cafe.example', token: 't', secret: 's' })
    await expect(registering).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('An HTTPS URL must be provided'),
    })
  })

  test('with a revoked token, or while Telegram is away, says so without the token', async () => {
    const { telegram, double } = await openTelegramForTest()
    const webhook = { publicUrl: 'https://cafe.example', token: 't', secret: 's' }
    double.fault(UNAUTHORIZED)
    await expect(registerWebhook(telegram, webhook)).rejects.toMatchObject({ code: 'misconfigured' })
    const away = openTelegramApi({ token: double.token, apiRoot: 'http://127.0.0.1:1' })
    onTestFinished(() => away.close())
    await expect(registerWebhook(away, webhook)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.not.stringContaining(double.token),
    })
  })
})
