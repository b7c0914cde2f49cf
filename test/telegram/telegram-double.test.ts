import { describe, expect, test } from 'vitest'
import {
  ACCEPT_THEN_DROP,
  BAD_GATEWAY,
  BLOCKED,
  DROP_BEFORE_READ,
  tooManyRequests,
} from '../doubles/telegram-faults.js'
import { inline, openDouble as open, png, schema } from './open-double.js'

test('knows its own token, unlike others, and only its methods', async () => {
  const { double, call } = await open()
  const status = async (path: string) => (await fetch(double.apiRoot + path)).status
  expect(await call('getMe')).toMatchObject({ ok: true, result: { is_bot: true, username: double.username } })
  expect(await status('/bot1:other/getMe')).toBe(401)
  expect(await status('/botother/getMe')).toBe(404)
  expect(await status('/')).toBe(404)
  expect(await call('banChatMember')).toMatchObject({ status: 404, description: 'Not Found: method not found' })
})

test.runIf(schema)('speaks as the published schema says', async () => {
  const { double, call, upload, user } = await open()
  const updates = [
    user.says('/start abc'),
    user.sharesContact('+1', 'own'),
    user.sends({
      sticker: {
        file_id: 'a',
        file_unique_id: 'b',
        type: 'regular',
        width: 1,
        height: 1,
        is_animated: false,
        is_video: false,
      },
    }),
  ]
  const sent = await call('sendMessage', { chat_id: 501, text: 'Hello', reply_markup: inline({ callback_data: 'a' }) })
  const photo = await upload('sendPhoto', { chat_id: '501', photo: 'attach://a', caption: 'x' }, { a: png() })
  updates.push(user.presses(sent.result.message_id, 'Press'), user.blocks(), user.unblocks())
  const group = double.group(-5, 'Baristas')
  updates.push(group.says({ id: 501 }, 'hi'), group.throwsOut(), group.letsIn())
  for (const update of updates) expect(schema?.checkType('Update', update)).toEqual([])
  for (const { result } of [sent, photo]) expect(schema?.checkType('Message', result)).toEqual([])
  expect(schema?.checkType('User', (await call('getMe')).result)).toEqual([])
  expect(schema?.checkType('WebhookInfo', (await call('getWebhookInfo')).result)).toEqual([])
  expect(double.violations).toEqual([])
})

describe('shows what people see', () => {
  test('the newest of an edited message, and what it was before', async () => {
    const { call, user } = await open()
    const { result } = await call('sendMessage', {
      chat_id: 501,
      text: ' a\r\u202e\u0007b ',
      disable_notification: true,
    })
    const at = { chat_id: 501, message_id: result.message_id }
    await call('editMessageText', { ...at, text: 'c', reply_markup: inline({ callback_data: 'x' }) })
    await call('editMessageReplyMarkup', at)
    expect(user.sees()).toMatchObject([
      {
        text: 'c',
        buttons: [],
        silent: true,
        earlier: [{ text: 'a b' }, { text: 'c', buttons: [[{ callback_data: 'x' }]] }],
      },
    ])
    expect(await call('editMessageText', { ...at, text: 'c' })).toMatchObject({
      description: expect.stringContaining('message is not modified'),
    })
  })

  test('no edit of a message that came with a keyboard, nor of the wrong kind', async () => {
    const { call, upload, user } = await open()
    const keyboard = { keyboard: [[{ text: 'My card' }]] }
    await call('sendMessage', { chat_id: 501, text: 'a', reply_markup: keyboard })
    await upload('sendPhoto', { chat_id: '501', photo: 'attach://a' }, { a: png() })
    const [first, second] = user.sees().map(({ messageId }) => ({ chat_id: 501, message_id: messageId }))
    expect(await call('editMessageText', { ...first, text: 'b' })).toMatchObject({
      description: "Bad Request: message can't be edited",
    })
    expect(await call('editMessageText', { ...second, text: 'b' })).toMatchObject({
      description: 'Bad Request: there is no text in the message to edit',
    })
  })

  test('a picture sent by its file id, both sizes of it', async () => {
    const { call, upload, user } = await open()
    const { result } = await upload('sendPhoto', { chat_id: '501', photo: 'attach://a' }, { a: png(40, 30) })
    expect(result.photo.at(-1)).toMatchObject({ width: 40, height: 30 })
    for (const { file_id } of result.photo) await call('sendPhoto', { chat_id: 501, photo: file_id })
    expect(user.sees().map(({ photo }) => photo?.bytes.equals(png(40, 30)))).toEqual([true, true, true])
  })

  test('pressing needs a button that is shown; one that copies or opens sends nothing', async () => {
    const { call, user, double } = await open()
    const { result } = await call('sendMessage', {
      chat_id: 501,
      text: 'a',
      reply_markup: inline({ url: 'https://a.b' }),
    })
    expect(user.presses(result.message_id, 'Press')).toBeNull()
    expect(() => user.presses(result.message_id, 'Other')).toThrow('shows no button')
    expect(double.pendingUpdates()).toBe(0)
  })
})

describe('getUpdates', () => {
  test('waits for what comes, repeats it until it is confirmed, and then forgets it', async () => {
    const { call, user } = await open()
    const waiting = call('getUpdates', { timeout: 5 })
    setTimeout(() => user.says('hello'), 50)
    const [update] = (await waiting).result
    expect(update).toMatchObject({ message: { text: 'hello', from: { language_code: 'de' } } })
    user.says('again')
    expect((await call('getUpdates', { limit: 1 })).result).toEqual([update])
    expect((await call('getUpdates', { offset: update.update_id + 1 })).result).toMatchObject([
      { message: { text: 'again' } },
    ])
    expect((await call('getUpdates', { offset: -1 })).result).toHaveLength(1)
    expect((await call('getUpdates', { offset: update.update_id + 2, timeout: 0 })).result).toEqual([])
  })

  test('ends an earlier poller with 409, and both while a webhook is set', async () => {
    const { call } = await open()
    const first = call('getUpdates', { timeout: 5 })
    await expect.poll(async () => (await call('getUpdates', { timeout: 0 })).status, { timeout: 10_000 }).toBe(200)
    expect(await first).toMatchObject({ status: 409, description: expect.stringContaining('only one bot instance') })
    const second = call('getUpdates', { timeout: 5 })
    await new Promise((resolve) => setTimeout(resolve, 50))
    await call('setWebhook', { url: 'https://cafe.example/hook' })
    expect(await second).toMatchObject({ status: 409 })
    expect(await call('getUpdates')).toMatchObject({
      status: 409,
      description: expect.stringContaining('webhook is active'),
    })
    expect((await call('getWebhookInfo')).result).toMatchObject({ url: 'https://cafe.example/hook' })
  })

  test('gives only the kinds that were asked for', async () => {
    const { call, user } = await open()
    await call('getUpdates', { allowed_updates: ['callback_query'] })
    expect(user.says('hello')).toBeNull()
    await call('getUpdates', { allowed_updates: [] })
    expect(user.says('hello')).not.toBeNull()
  })
})

describe('fails as it is told', () => {
  const send = (chat_id: number) => ['sendMessage', { chat_id, text: 'x' }] as const

  test('for one chat, one method, or the next few requests', async () => {
    const { call, double } = await open({ strangers: 'accept' })
    double.fault(BLOCKED, { chat: 7 })
    double.fault(tooManyRequests(3), { method: 'sendMessage', times: 2 })
    expect(await call(...send(7))).toMatchObject({ status: 403 })
    expect(await call(...send(8))).toMatchObject({ status: 429, parameters: { retry_after: 3 } })
    expect(await call('sendChatAction', { chat_id: 8, action: 'typing' })).toMatchObject({ status: 200 })
    expect(await call(...send(8))).toMatchObject({ status: 429 })
    expect(await call(...send(8))).toMatchObject({ status: 200 })
    double.clearFaults()
    expect(await call(...send(7))).toMatchObject({ status: 200 })
  })

  test('an answer that is dropped has been delivered; a request that is dropped has not', async () => {
    const { call, double } = await open({ strangers: 'accept' })
    double.fault(ACCEPT_THEN_DROP, { times: 1 })
    await expect(call(...send(7))).rejects.toThrow()
    double.fault(DROP_BEFORE_READ, { times: 1 })
    await expect(call(...send(8))).rejects.toThrow()
    expect([double.delivered(7), double.delivered(8)]).toEqual([1, 0])
  })

  test('with a page in place of JSON', async () => {
    const { double } = await open()
    double.fault(BAD_GATEWAY)
    const answer = await fetch(`${double.apiRoot}/bot${double.token}/getMe`)
    expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining('<html>')])
  })
})

test('counts without remembering, for runs that are too long to keep', async () => {
  let now = 1_000_000
  const { call, upload, double } = await open({ strangers: 'accept', remember: 'counts', now: () => now })
  const { result } = await upload('sendPhoto', { chat_id: '1', photo: 'attach://a' }, { a: png() })
  for (let i = 0; i < 5; i++) await call('sendPhoto', { chat_id: 2, photo: result.photo.at(-1).file_id })
  now += 3_000
  await call('sendMessage', { chat_id: 2, text: 'x' })
  expect(await call('sendPhoto', { chat_id: 2, photo: 'AgAC-1-1' })).toMatchObject({ status: 400 })
  expect(await call('editMessageText', { chat_id: 2, message_id: result.message_id, text: 'x' })).toMatchObject({
    ok: true,
  })
  expect([double.delivered(), double.delivered(2)]).toEqual([7, 6])
  expect(double.deliveredPerSecond()).toEqual([6, 1])
  expect([double.messages(), double.calls]).toEqual([[], []])
})
