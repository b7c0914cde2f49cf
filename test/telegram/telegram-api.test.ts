import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { InputFile } from 'grammy'
import { PNG } from 'pngjs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openTelegramApi } from '../../bots/telegram/telegram-api.js'
import { classify } from '../../bots/telegram/telegram-errors.js'
import { checkToken } from '../../bots/telegram/telegram-token.js'
import {
  ACCEPT_THEN_DROP,
  BAD_GATEWAY,
  CHAT_NOT_FOUND,
  DROP_BEFORE_READ,
  type Fault,
  SERVER_ERROR,
  tooManyRequests,
  UNAUTHORIZED,
} from '../doubles/telegram-faults.js'
import { openTelegramForTest } from './open-telegram.js'

const TOKEN = '123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr'

describe('the token', () => {
  test('names its bot', async () => {
    const { telegram, double } = await openTelegramForTest()
    expect(await checkToken(telegram)).toBe(double.username)
  })

  test.each(['', 'abc', '123:ab/../getMe', '123:ab?x=1', '123:ab\r\nhost: x'])('%j cannot be one', (token) => {
    expect(() => openTelegramApi({ token, apiRoot: 'http://127.0.0.1:1' })).toThrow(
      expect.objectContaining({ code: 'misconfigured', message: expect.stringContaining('@BotFather') }),
    )
  })

  test('that Telegram does not know is one sentence with the fix', async () => {
    const { double } = await openTelegramForTest()
    const stranger = open({ token: '987654321:unknown-to-telegram', apiRoot: double.apiRoot })
    await expect(checkToken(stranger)).rejects.toMatchObject({
      code: 'misconfigured',
      message: 'Telegram knows no bot with this token: copy it again from @BotFather.',
    })
  })

  test('cannot be checked while Telegram is away: that is not the owner’s mistake', async () => {
    const { telegram, double } = await openTelegramForTest()
    await double.goAway()
    await expect(checkToken(telegram)).rejects.toMatchObject({ code: 'unavailable' })
    await double.comeBack()
    double.fault(tooManyRequests(7))
    await expect(checkToken(telegram)).rejects.toMatchObject({ code: 'unavailable', retryAfterSec: 7 })
  })

  const faults: Fault[] = [
    UNAUTHORIZED,
    CHAT_NOT_FOUND,
    SERVER_ERROR,
    BAD_GATEWAY,
    ACCEPT_THEN_DROP,
    DROP_BEFORE_READ,
    tooManyRequests(1),
    { kind: 'slow', delayMs: 1_000 },
  ]
  test.each(faults)('is in no error, whatever goes wrong: $kind $code', async (fault) => {
    const { telegram, double } = await openTelegramForTest({ token: TOKEN, timeoutMs: 200 })
    double.fault(fault)
    const photo = new InputFile(PNG.sync.write(new PNG({ width: 4, height: 4 })), 'a.png')
    double.user(5).says('/start')
    const requests = [
      telegram.call.sendMessage({ chat_id: 5, text: 'Hello' }),
      telegram.call.sendPhoto({ chat_id: 5, photo }),
      checkToken(telegram),
    ]
    for (const outcome of await Promise.allSettled(requests)) {
      expect(outcome.status).toBe('rejected')
      expect(inspect(outcome, { depth: 20, showHidden: true })).not.toContain('AAbbCC')
    }
  })

  test('is in no error when nobody answers', async () => {
    const { telegram, double } = await openTelegramForTest({ token: TOKEN })
    await double.goAway()
    const [outcome] = await Promise.allSettled([telegram.call.sendMessage({ chat_id: 5, text: 'Hello' })])
    expect(inspect(outcome, { depth: 20, showHidden: true })).toMatch(/ECONNREFUSED(?![\s\S]*AAbbCC)/)
  })
})

describe('answers in other words than Telegram’s', () => {
  test.each([
    [502, '<html>Bad Gateway</html>', 'unknown'],
    [500, '{"error":"proxy"}', 'unknown'],
    [503, '{"ok":false}', 'unknown'],
    [200, '{"ok":tru', 'unknown'],
    [200, '', 'unknown'],
    [200, 'null', 'unknown'],
    [502, '{"ok":true,"result":{"message_id":1}}', 'unknown'],
    [403, '<html>captive portal</html>', 'not_sent'],
    [301, '', 'not_sent'],
  ])('HTTP %i %j makes a message %s', async (status, body, expected) => {
    const telegram = open({ token: TOKEN, apiRoot: await serve(status, body) })
    const [outcome] = await Promise.allSettled([telegram.call.sendMessage({ chat_id: 5, text: 'Hello' })])
    expect(outcome.status === 'rejected' && classify(outcome.reason)).toMatchObject({ status: expected })
  })

  test('whoever repeats the token in a refusal does not get it into what is kept', async () => {
    const body = JSON.stringify({ ok: false, error_code: 400, description: `Bad Request: /bot${TOKEN}/sendMessage` })
    const telegram = open({ token: TOKEN, apiRoot: await serve(400, body) })
    const [outcome] = await Promise.allSettled([telegram.call.sendMessage({ chat_id: 5, text: 'Hello' })])
    const reason = `400 Bad Request: /bot${TOKEN.split(':')[0]}:[token]/sendMessage`
    expect(outcome.status === 'rejected' && classify(outcome.reason)).toEqual({ status: 'rejected', reason })
  })

  test('a 5xx in Telegram’s own words has sent nothing', async () => {
    const body = '{"ok":false,"error_code":500,"description":"Internal Server Error: restart"}'
    const telegram = open({ token: TOKEN, apiRoot: await serve(500, body) })
    const [outcome] = await Promise.allSettled([telegram.call.sendMessage({ chat_id: 5, text: 'Hello' })])
    expect(outcome.status === 'rejected' && classify(outcome.reason)).toMatchObject({ status: 'not_sent' })
  })
})

test('an API root may have a path, as behind a proxy', async () => {
  const asked: string[] = []
  const root = await serve(200, '{"ok":true,"result":{"username":"proxied_bot"}}', asked)
  expect(await checkToken(open({ token: TOKEN, apiRoot: `${root}/telegram/` }))).toBe('proxied_bot')
  expect(asked).toEqual([`/telegram/bot${TOKEN}/getMe`])
})

test.each(['', 'api.telegram.org', 'ftp://api.telegram.org', 'http://'])('%j cannot be an API root', (apiRoot) => {
  expect(() => openTelegramApi({ token: TOKEN, apiRoot })).toThrow(expect.objectContaining({ code: 'misconfigured' }))
})

const open = (options: Parameters<typeof openTelegramApi>[0]) => {
  const telegram = openTelegramApi(options)
  onTestFinished(() => telegram.close())
  return telegram
}

const serve = async (status: number, body: string, asked: string[] = []) => {
  const server = createServer((req, res) => {
    asked.push(req.url ?? '')
    req.resume()
    res.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
