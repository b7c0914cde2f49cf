import { PNG } from 'pngjs'
import { afterEach, describe, expect, test } from 'vitest'
import type { OutgoingMessage, OutgoingPicture } from '../../bots/messenger.js'
import { limitsAt } from '../../bots/telegram/telegram-messenger.js'
import type { TelegramDouble } from '../doubles/telegram-bot-api.js'
import { ACCEPT_THEN_DROP, BAD_GATEWAY, CHAT_NOT_FOUND, tooManyRequests } from '../doubles/telegram-faults.js'
import { fileIdsInMemory, openTelegramForTest } from './open-telegram.js'

const doubles: TelegramDouble[] = []
afterEach(() => {
  for (const { violations } of doubles.splice(0)) expect(violations).toEqual([])
})

const open = async (options: Parameters<typeof openTelegramForTest>[0] = {}) => {
  const opened = await openTelegramForTest(options)
  doubles.push(opened.double)
  const user = opened.double.user(501)
  const { messenger } = opened
  const untilEnd = new AbortController().signal
  return {
    ...opened,
    user,
    send: (message: OutgoingMessage, signal = untilEnd) => messenger.send('501', message, signal),
    edit: (messageId: string, message: OutgoingMessage) => messenger.edit('501', messageId, message, untilEnd),
    uploads: () => opened.double.calls.filter(({ params }) => JSON.stringify(params).includes('attach://')).length,
  }
}

const message = (fields: Partial<OutgoingMessage> = {}): OutgoingMessage => ({ id: 'd_1', text: 'Hello', ...fields })

const picture = (id: string, rendered: string[] = []): OutgoingPicture => ({
  id,
  altText: 'Stamp card',
  async png() {
    rendered.push(id)
    const image = new PNG({ width: 300, height: 200 })
    image.data.write(id)
    return PNG.sync.write(image)
  },
})

describe('a picture', () => {
  test('is uploaded once; after that Telegram is given its own name for it', async () => {
    const { send, user, uploads } = await open()
    const rendered: string[] = []
    const card = picture('card-7', rendered)
    for (const text of ['first', 'second', 'third'])
      expect(await send(message({ text, picture: card }))).toMatchObject({ status: 'sent' })
    expect(user.sees().map(({ text, photo }) => [text, photo?.bytes.length])).toEqual([
      ['first', (await card.png()).length],
      ['second', (await card.png()).length],
      ['third', (await card.png()).length],
    ])
    expect(uploads()).toBe(1)
    expect(rendered.slice(0, -3)).toEqual(['card-7'])
  })

  test('of a campaign is uploaded once though many messages leave at the same moment', async () => {
    const { messenger, double, uploads } = await open({ strangers: 'accept' })
    const banner = picture('banner')
    const signal = new AbortController().signal
    const results = await Promise.all(
      Array.from({ length: 32 }, (_, i) => messenger.send(String(9_000 + i), message({ picture: banner }), signal)),
    )
    expect(results.every(({ status }) => status === 'sent')).toBe(true)
    expect(double.delivered()).toBe(32)
    expect(uploads()).toBe(1)
  })

  test('is uploaded by the next one when the first upload fails', async () => {
    const { messenger, double, uploads } = await open({ strangers: 'accept' })
    double.fault(CHAT_NOT_FOUND, { times: 1 })
    const banner = picture('banner')
    const signal = new AbortController().signal
    const results = await Promise.all(
      ['1', '2'].map((address) => messenger.send(address, message({ picture: banner }), signal)),
    )
    expect(results.map(({ status }) => status)).toEqual(['unreachable', 'sent'])
    expect(uploads()).toBe(2)
  })

  test('that Telegram has forgotten is uploaded again, in the same message', async () => {
    const files = fileIdsInMemory()
    const { send, user, double } = await open({ files })
    await send(message({ picture: picture('card-7') }))
    const oldFileId = files.known.get('card-7')
    double.forgetPhotos()
    expect(await send(message({ picture: picture('card-7') }))).toMatchObject({ status: 'sent' })
    expect(user.sees()).toHaveLength(2)
    expect(files.known.get('card-7')).not.toBe(oldFileId)
  })

  test('is sent all the same when its file id cannot be looked up or kept', async () => {
    const files = {
      find: () => Promise.reject(new Error('database is away')),
      remember: () => Promise.reject(new Error('database is away')),
    }
    const { send, user, logged } = await open({ files })
    expect(await send(message({ picture: picture('card-7') }))).toMatchObject({ status: 'sent' })
    expect(user.sees()).toHaveLength(1)
    expect(logged()).toContain('telegram.file_id_not_remembered')
  })

  test('that cannot be rendered has sent nothing', async () => {
    const { send, user } = await open()
    const broken = { ...picture('card-7'), png: () => Promise.reject(new Error('out of memory')) }
    expect(await send(message({ picture: broken }))).toEqual({
      status: 'not_sent',
      reason: 'picture not rendered: out of memory',
    })
    expect(user.sees()).toEqual([])
  })

  test('does not keep others of the same picture waiting once they are aborted', async () => {
    const { send, double } = await open({ timeoutMs: 5_000 })
    double.fault({ kind: 'slow', delayMs: 2_000 }, { method: 'sendPhoto', times: 1 })
    const abort = new AbortController()
    const first = send(message({ picture: picture('card-7') }), abort.signal)
    const second = send(message({ picture: picture('card-7') }), abort.signal)
    setTimeout(() => abort.abort(), 200)
    expect((await first).status).toBe('unknown')
    expect((await second).status).toBe('not_sent')
  })

  test('has a caption that fits; a longer text ends early', async () => {
    const { send, user } = await open()
    await send(message({ text: 'word '.repeat(300), picture: picture('a') }))
    const [seen] = user.sees()
    expect(seen?.text.length).toBeLessThanOrEqual(1_024)
    expect(seen?.text).toMatch(/word…$/)
  })

  test('may come without words', async () => {
    const { send, user } = await open()
    expect(await send(message({ text: '', picture: picture('a') }))).toMatchObject({ status: 'sent' })
    expect(user.sees()[0]).toMatchObject({ text: '', photo: { fileId: expect.any(String) } })
  })
})

describe('an edit', () => {
  test('gives a text message a picture, and knows it as a picture from then on', async () => {
    const { send, edit, user } = await open()
    const sent = await send(message())
    expect(sent).toEqual({ status: 'sent', messageId: expect.stringMatching(/^t:\d+$/) })
    const edited = await edit(idOf(sent), message({ text: 'Redeemed', picture: picture('a') }))
    expect(edited).toEqual({ status: 'sent', messageId: expect.stringMatching(/^p:\d+$/) })
    expect(await edit(idOf(edited), message({ text: 'Expired' }))).toMatchObject({ status: 'sent' })
    expect(user.sees()).toMatchObject([{ text: 'Expired', photo: { fileId: expect.any(String) } }])
  })

  test('without a picture changes the words under the one that is there', async () => {
    const { send, edit, user } = await open()
    const sent = await send(
      message({ picture: picture('a'), buttons: [[{ kind: 'action', label: 'x', action: 'x' }]] }),
    )
    await edit(idOf(sent), message({ text: 'Redeemed' }))
    expect(user.sees()).toMatchObject([{ text: 'Redeemed', photo: { fileId: expect.any(String) }, buttons: [] }])
  })

  test('that changes nothing of a picture is done', async () => {
    const { send, edit } = await open()
    const same = message({ picture: picture('a') })
    const sent = await send(same)
    expect(await edit(idOf(sent), same)).toEqual(sent)
  })

  test('of a message that the person has deleted is refused', async () => {
    const { send, edit, user } = await open()
    const sent = await send(message())
    user.deletes(user.sees()[0]?.messageId ?? 0)
    expect(await edit(idOf(sent), message({ text: 'x' }))).toMatchObject({ status: 'rejected' })
  })

  test('whose answer is lost is unknown', async () => {
    const { send, edit, double } = await open()
    const sent = await send(message())
    double.fault(ACCEPT_THEN_DROP)
    expect(await edit(idOf(sent), message({ text: 'x' }))).toMatchObject({ status: 'unknown' })
  })

  test.each(['17', 'x:1', 't:', 't:1e3', '', 't:99999999999999999'])('of the id %j is refused unasked', async (id) => {
    const { edit, double } = await open()
    expect(await edit(id, message())).toMatchObject({ status: 'rejected' })
    expect(double.calls).toEqual([])
  })
})

describe('a message', () => {
  test('with a button that cannot work is refused before anything is sent', async () => {
    const { send, edit, double } = await open()
    const broken = message({ buttons: [[{ kind: 'action', label: 'x', action: 'й'.repeat(33) }]] })
    expect(await send(broken)).toMatchObject({ status: 'rejected', reason: expect.stringContaining('64 bytes') })
    expect(await edit('t:1', broken)).toMatchObject({ status: 'rejected' })
    expect(double.calls).toEqual([])
  })

  test.each(['', 'abc', '@channel', '12.5', '1e3', '99999999999999999'])('to %j reaches nobody', async (address) => {
    const { messenger, double } = await open()
    const result = await messenger.send(address, message(), new AbortController().signal)
    expect(result).toMatchObject({ status: 'unreachable' })
    expect(double.calls).toEqual([])
  })

  test('brings the menu, or the button that shares the phone number', async () => {
    const { send, user } = await open()
    await send(message({ menu: [['My card'], ['Help']] }))
    await send(message({ phoneButton: 'Share my number' }))
    expect(user.sees().map(({ keyboard }) => keyboard?.keyboard)).toEqual([
      [[{ text: 'My card' }], [{ text: 'Help' }]],
      [[{ text: 'Share my number', request_contact: true }]],
    ])
  })

  test('shows no preview of a link, which would use a one-time link up', async () => {
    const { send, double } = await open()
    await send(message({ text: 'https://cafe.example/c/one-time' }))
    expect(double.calls[0]?.params).toMatchObject({ link_preview_options: { is_disabled: true } })
  })

  test('of 5,000 characters ends early; one of white space is refused', async () => {
    const { send, user, double } = await open()
    await send(message({ text: 'word '.repeat(1_000) }))
    expect(user.sees()[0]?.text.length).toBeLessThanOrEqual(4_096)
    expect(await send(message({ text: ' \n ' }))).toMatchObject({ status: 'rejected' })
    expect(double.violations).toEqual([{ method: 'sendMessage', description: 'Bad Request: message text is empty' }])
    doubles.pop()
  })

  test('to a group that became a supergroup tells the new address', async () => {
    const { messenger, double } = await open()
    double.group(-4001, 'Baristas').upgradesTo(-1004001)
    const signal = new AbortController().signal
    expect(await messenger.send('-4001', message(), signal)).toMatchObject({
      status: 'unreachable',
      movedTo: '-1004001',
    })
    expect(await messenger.send('-1004001', message(), signal)).toMatchObject({ status: 'sent' })
  })

  test('that Telegram throttles closes the lane for the time it says', async () => {
    const { send, double } = await open()
    double.fault(tooManyRequests(12))
    expect(await send(message())).toMatchObject({ status: 'not_sent', pauseLaneMs: 12_000 })
  })

  test('answered by a proxy is unknown', async () => {
    const { send, double } = await open()
    double.fault(BAD_GATEWAY)
    expect(await send(message())).toMatchObject({ status: 'unknown' })
  })

  test('to somebody who has left Telegram reaches nobody', async () => {
    const { send, user } = await open()
    user.leavesTelegram()
    expect(await send(message())).toMatchObject({ status: 'unreachable' })
  })
})

describe('a pressed button', () => {
  test('stops spinning once it is acknowledged', async () => {
    const { messenger, send, user, double } = await open()
    await send(message({ buttons: [[{ kind: 'action', label: 'My card', action: 'card' }]] }))
    const incoming = messenger.readUpdate(user.presses(user.sees()[0]?.messageId ?? 0, 'My card'))
    expect(double.profile.unansweredPresses.size).toBe(1)
    await messenger.acknowledge?.(incoming?.acknowledge ?? '')
    expect(double.profile.unansweredPresses.size).toBe(0)
  })

  test('acknowledged too late, or while Telegram is away, is nobody’s error', async () => {
    const { messenger, double, logged } = await open()
    await messenger.acknowledge?.('too-old')
    await double.goAway()
    await messenger.acknowledge?.('away')
    expect(logged().match(/telegram.press_not_acknowledged/g)).toHaveLength(2)
    await double.comeBack()
  })
})

describe('what a person wrote', () => {
  test('is taken away by the id that it came with', async () => {
    const { messenger, user, double } = await open()
    const incoming = messenger.readUpdate(user.says('4829'))
    await messenger.remove?.('501', incoming?.messageId ?? '')
    const call = double.calls.find(({ method }) => method === 'deleteMessage')
    expect(call?.params).toMatchObject({ chat_id: 501, message_id: Number(incoming?.messageId) })
  })

  test('stays where Telegram refuses, and whoever asked is told', async () => {
    const { messenger, double } = await open()
    double.fault({ kind: 'refuse', code: 400, description: "Bad Request: message can't be deleted" })
    await expect(messenger.remove?.('501', '31')).rejects.toThrow("can't be deleted")
  })
})

test('obeys the limits that Telegram publishes', async () => {
  const { messenger } = await open()
  expect(messenger.limits).toEqual({ allPerSec: 30, allBurst: 5, bulkPerSec: 25, perChatMs: 1_000, slots: 32 })
  expect(messenger.idempotent).toBe(false)
})

test('a bot that may send more has more requests under way, but never more than a crash may leave unknown', () => {
  expect(limitsAt(25)).toEqual({ allPerSec: 30, allBurst: 5, bulkPerSec: 25, perChatMs: 1_000, slots: 32 })
  expect(limitsAt(1_000)).toMatchObject({ allPerSec: 1_000, bulkPerSec: 1_000, slots: 100 })
  expect(limitsAt(10_000)).toMatchObject({ bulkPerSec: 10_000, slots: 128 })
})

test('nothing that is logged holds a message or the token', async () => {
  const { send, double, logged } = await open()
  double.fault(CHAT_NOT_FOUND)
  await send(message({ text: 'a private matter', picture: picture('a') }))
  expect(logged()).not.toMatch(new RegExp(`private matter|${double.token}`))
})

const idOf = (result: { status: string; messageId?: string }): string => result.messageId ?? result.status
