import { describe, expect, test } from 'vitest'
import { inline, openDouble as open, png, schema } from './open-double.js'

describe('refuses in Telegram’s words, and remembers', () => {
  test.each([
    ['text that is empty', { text: ' \n' }, 'Bad Request: message text is empty'],
    ['text over 4096', { text: 'x'.repeat(4_097) }, 'Bad Request: message is too long'],
    [
      'callback_data over 64 bytes',
      { reply_markup: inline({ callback_data: 'й'.repeat(33) }) },
      'Bad Request: BUTTON_DATA_INVALID',
    ],
    [
      'callback_data that is empty',
      { reply_markup: inline({ callback_data: '' }) },
      'Bad Request: BUTTON_DATA_INVALID',
    ],
    [
      'copy_text over 256',
      { reply_markup: inline({ copy_text: { text: 'x'.repeat(257) } }) },
      'Bad Request: BUTTON_COPY_TEXT_INVALID',
    ],
    [
      'a button that does nothing',
      { reply_markup: inline({}) },
      'Bad Request: text buttons are unallowed in the inline keyboard',
    ],
    [
      'an address of this machine',
      { reply_markup: inline({ url: 'http://localhost:3000' }) },
      expect.stringContaining('Wrong HTTP URL'),
    ],
  ])('%s', async (_, fields, description) => {
    const { call, double } = await open()
    const answer = await call('sendMessage', { chat_id: 501, text: 'Hello', ...fields })
    expect(answer).toEqual({ status: 400, ok: false, error_code: 400, description })
    expect(double.violations).toEqual([{ method: 'sendMessage', description }])
    expect(double.delivered()).toBe(0)
  })

  test.each([
    ['no photo at all', {}, {}, 'Bad Request: there is no photo in the request'],
    [
      'a part that is not there',
      { photo: 'attach://a' },
      { b: png() },
      'Bad Request: wrong file identifier/HTTP URL specified',
    ],
    ['a part that nobody names', { photo: 'file' }, { b: png() }, 'Bad Request: a part of the form is not used'],
    ['an empty photo', { photo: 'attach://a' }, { a: Buffer.alloc(0) }, 'Bad Request: file must be non-empty'],
    [
      'a photo that is none',
      { photo: 'attach://a' },
      { a: Buffer.from('GIF89a, honestly') },
      'Bad Request: IMAGE_PROCESS_FAILED',
    ],
    ['a photo too narrow', { photo: 'attach://a' }, { a: png(1, 30) }, 'Bad Request: PHOTO_INVALID_DIMENSIONS'],
    [
      'a caption over 1024',
      { photo: 'attach://a', caption: 'x'.repeat(1_025) },
      { a: png() },
      'Bad Request: message caption is too long',
    ],
  ])('%s', async (_, params, files, description) => {
    const { upload, double } = await open()
    expect(await upload('sendPhoto', { chat_id: '501', ...params }, files)).toMatchObject({ status: 400, description })
    expect(double.violations).toHaveLength(1)
  })

  test.each([
    ['setMyCommands', { commands: [{ command: 'Card', description: 'x' }] }],
    ['setMyCommands', { commands: [{ command: 'card', description: '' }] }],
    ['setMyCommands', { commands: [], language_code: 'gsw' }],
    ['setWebhook', { url: 'http://cafe.example/' }],
    ['setWebhook', { url: 'https://cafe.example/', secret_token: 'with space' }],
  ])('%s %j', async (method, params) => {
    const { call, double } = await open()
    expect(await call(method, params)).toMatchObject({ status: 400 })
    expect(double.violations).toHaveLength(1)
  })

  test.runIf(schema)('whatever the published schema forbids: missing, mistyped and unknown parameters', async () => {
    const { call, double } = await open()
    const base = { chat_id: 501, text: 'Hello' }
    const wrong = [
      { text: 'Hello' },
      { ...base, disable_notification: 'yes' },
      { ...base, chat: 501 },
      { ...base, chat_id: 1.5 },
      { ...base, link_preview_options: { disabled: true } },
      { ...base, reply_markup: { keyboard: ['My card'] } },
      { ...base, reply_markup: { keyboard: [[{ text: 'x' }]], resize: true } },
    ]
    for (const params of wrong) expect(await call('sendMessage', params)).toMatchObject({ status: 400 })
    const media = { type: 'video', media: 'file', caption: 'x', has_spoiler: true, typo: 1 }
    expect(await call('editMessageMedia', { chat_id: 501, message_id: 1, media })).toMatchObject({ status: 400 })
    expect(double.violations).toHaveLength(wrong.length + 1)
  })

  test('a body that is none', async () => {
    const { double } = await open()
    const post = (body: string, type: string) =>
      fetch(`${double.apiRoot}/bot${double.token}/sendMessage`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      })
    expect((await post('{', 'application/json')).status).toBe(400)
    expect((await post('chat_id=501', 'application/x-www-form-urlencoded')).status).toBe(400)
    expect(double.violations).toHaveLength(2)
  })

  test('what is no mistake of the program is refused and not held against it', async () => {
    const { call, double, user } = await open()
    expect(await call('sendMessage', { chat_id: 999, text: 'x' })).toMatchObject({
      description: 'Bad Request: chat not found',
    })
    expect(await call('sendPhoto', { chat_id: 501, photo: 'AgAC-forgotten' })).toMatchObject({ status: 400 })
    expect(await call('answerCallbackQuery', { callback_query_id: '1' })).toMatchObject({ status: 400 })
    expect(await call('editMessageText', { chat_id: 501, message_id: 1, text: 'x' })).toMatchObject({ status: 400 })
    user.blocks()
    expect(await call('sendMessage', { chat_id: 501, text: 'x' })).toMatchObject({ status: 403 })
    expect(double.violations).toEqual([])
  })
})
