import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { OutgoingMessage } from '../../bots/messenger.js'
import { openStream, openWebChat, type WebChat, type WebChatOptions } from './open-web-chat.js'

let folder: string
const opened: WebChat[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((chat) => chat.close()))
  rmSync(folder, { recursive: true, force: true })
})

/** Each call is one more process on the same database. */
const open = async (options: WebChatOptions = {}): Promise<WebChat> => {
  const chat = await openWebChat(join(folder, 'test.sqlite'), options)
  opened.push(chat)
  return chat
}

const untilEnd = new AbortController().signal
const say = (chat: WebChat, address: string, text: string, fields: Partial<OutgoingMessage> = {}) =>
  chat.messenger.send(address, { id: randomUUID(), text, ...fields }, untilEnd)
const text = (words: string) => ({ id: randomUUID(), input: { kind: 'text', text: words } })
const textsOf = (received: { row: object }[]) =>
  received.flatMap(({ row }) => ('message' in row ? [(row.message as { text: string }).text] : []))

describe('a visitor', () => {
  test('is a random bearer, of which the database keeps no more than a hash', async () => {
    const chat = await open()
    const first = await chat.newVisitor()
    const second = await chat.newVisitor()
    expect(first.token).toMatch(/^[0-9A-Za-z]{32}$/)
    expect(first.token).not.toBe(second.token)
    expect(first.address).not.toBe(second.address)
    expect(await chat.store.findVisitor(first.token)).toBeNull()
  })

  test.each([
    ['no token', {}],
    ['another one', { Authorization: `Bearer ${'x'.repeat(32)}` }],
    ['half a one', { Authorization: 'Bearer ab' }],
    ['one of another kind', { Authorization: 'Basic YTpi' }],
  ])('with %s nothing is told and nothing is taken', async (_what, headers) => {
    const chat = await open()
    await chat.newVisitor()
    const heard = chat.updates.length
    const calls = [
      fetch(`${chat.url}/try/stream`, { headers }),
      ...['messages', 'acks'].map((path) =>
        fetch(`${chat.url}/try/${path}`, {
          method: 'POST',
          headers: { ...headers, 'Content-Type': 'application/json' },
          body: JSON.stringify({ ...text('let me in'), seq: 1 }),
        }),
      ),
    ]
    for (const response of await Promise.all(calls)) {
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ code: 'unauthorized' })
    }
    expect(chat.updates).toHaveLength(heard)
  })

  test('sees nothing of another visitor', async () => {
    const chat = await open()
    const [anna, boris] = [await chat.newVisitor(), await chat.newVisitor()]
    await say(chat, boris.address, 'for Boris only')
    const stream = await openStream(chat.url, anna.token)
    await vi.waitFor(() => expect(stream.notices).toEqual(['ready']))
    await say(chat, anna.address, 'for Anna')
    await vi.waitFor(() => expect(textsOf(stream.received)).toEqual(['for Anna']))
    stream.cut()
  })
})

describe('what a visitor says', () => {
  test('is stored for the lane before it is accepted, and shown to the visitor', async () => {
    const chat = await open()
    const { token, address } = await chat.newVisitor()
    const posted = { id: 'my-own-id-1', input: { kind: 'text', text: 'Привіт ☕️' }, language: 'uk-UA' }
    const response = await chat.post('/try/messages', posted, token)
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({ status: 'accepted', id: 'my-own-id-1' })
    expect(chat.updates.at(-1)).toMatchObject({ address, body: { address, input: posted.input, language: 'uk-UA' } })
    expect(chat.messenger.readUpdate(chat.updates.at(-1)?.body)).toEqual({
      address,
      isPrivate: true,
      languageHint: 'uk-UA',
      input: { kind: 'text', text: 'Привіт ☕️' },
    })
    const stream = await openStream(chat.url, token)
    await vi.waitFor(() => expect(stream.received.at(-1)?.row).toMatchObject({ kind: 'own', id: 'my-own-id-1' }))
    stream.cut()
  })

  test('said twice with one id is said once', async () => {
    const chat = await open()
    const { token, address } = await chat.newVisitor()
    const heard = chat.updates.length
    const posted = text('once')
    const responses = await Promise.all(Array.from({ length: 8 }, () => chat.post('/try/messages', posted, token)))
    expect(responses.map(({ status }) => status)).toEqual(Array(8).fill(202))
    expect(chat.updates).toHaveLength(heard + 1)
    expect((await chat.store.listMessages(address, 1, 10)).map(({ messageId }) => messageId)).toEqual([posted.id])
  })

  test('with an id that another visitor used is heard all the same', async () => {
    const chat = await open()
    const [anna, boris] = [await chat.newVisitor(), await chat.newVisitor()]
    const heard = chat.updates.length
    await chat.post('/try/messages', { ...text('Anna'), id: 'the-same-id' }, anna.token)
    await chat.post('/try/messages', { ...text('Boris'), id: 'the-same-id' }, boris.token)
    expect(chat.updates.slice(heard).map(({ address }) => address)).toEqual([anna.address, boris.address])
  })

  test('is not accepted while the lane cannot store it, and complete after the next try', async () => {
    const chat = await open()
    const { token, address } = await chat.newVisitor()
    const heard = chat.updates.length
    const posted = text('hold on')
    chat.failUpdates = new Error('the disk is full')
    expect((await chat.post('/try/messages', posted, token)).status).toBe(500)
    expect(chat.updates).toHaveLength(heard)
    chat.failUpdates = null
    expect((await chat.post('/try/messages', posted, token)).status).toBe(202)
    expect(chat.updates).toHaveLength(heard + 1)
    expect(await chat.store.listMessages(address, 1, 10)).toHaveLength(1)
  })

  test.each([
    ['no id', { input: { kind: 'text', text: 'a' } }, 'id'],
    ['an id of other characters', { ...text('a'), id: '../../etc' }, 'id'],
    ['nothing', text('   '), 'input.text'],
    ['too much', text('я'.repeat(2_049)), 'input.text'],
    ['a kind nobody knows', { ...text('a'), input: { kind: 'contact', phone: '+1', own: true } }, 'input.kind'],
    ['an empty action', { ...text('a'), input: { kind: 'action', action: '', label: '' } }, 'input.action'],
    ['a long action', { ...text('a'), input: { kind: 'action', action: 'a'.repeat(257), label: '' } }, 'input.action'],
    ['a payload of other characters', { ...text('a'), input: { kind: 'start', payload: 'a b' } }, 'input.payload'],
    ['a language that is none', { ...text('a'), language: '<script>' }, 'language'],
  ])('with %s is refused by the field', async (_what, body, field) => {
    const chat = await open()
    const { token } = await chat.newVisitor()
    const heard = chat.updates.length
    const response = await chat.post('/try/messages', body, token)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ code: 'invalid_input', errors: [{ field }] })
    expect(chat.updates).toHaveLength(heard)
  })

  test('as something else than JSON, or as too much of it, is refused', async () => {
    const chat = await open()
    const { token } = await chat.newVisitor()
    expect((await chat.post('/try/messages', '{"id":', token)).status).toBe(400)
    expect((await chat.post('/try/messages', { ...text('a'), more: 'x'.repeat(20_000) }, token)).status).toBe(413)
    const form = await fetch(`${chat.url}/try/messages`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'id=1',
    })
    expect(form.status).toBe(415)
  })

  test('whatever it is, is refused or readable by the bot, and never our fault', async () => {
    const chat = await open({ rates: { messagesPerVisitor: { burst: 10_000, perMinute: 1 } } })
    const { token } = await chat.newVisitor()
    const input = fc.oneof(
      fc.record({ kind: fc.constant('text'), text: fc.string({ unit: 'binary', maxLength: 200 }) }),
      fc.record({ kind: fc.constant('action'), action: fc.string(), label: fc.string({ unit: 'binary' }) }),
      fc.record({ kind: fc.constant('start'), payload: fc.option(fc.string()) }),
      fc.jsonValue(),
    )
    await fc.assert(
      fc.asyncProperty(input, fc.uuid(), async (hostile, id) => {
        const heard = chat.updates.length
        const response = await chat.post('/try/messages', { id, input: hostile }, token)
        expect([202, 422, 400]).toContain(response.status)
        expect(chat.updates.length).toBe(heard + (response.status === 202 ? 1 : 0))
        if (response.status === 202) chat.messenger.readUpdate(chat.updates.at(-1)?.body)
      }),
      { numRuns: 300 },
    )
    const stream = await openStream(chat.url, token)
    await vi.waitFor(() => expect(stream.notices).toEqual(['ready']))
    stream.cut()
  })

  test('halves of characters become the replacement character, so that every database can keep them', async () => {
    const chat = await open()
    const { token } = await chat.newVisitor()
    await chat.post(
      '/try/messages',
      `{"id":"${randomUUID()}","input":{"kind":"text","text":"a\\ud800b\\u0000"}}`,
      token,
    )
    expect(chat.updates.at(-1)?.body).toMatchObject({ input: { text: 'a\ufffdb\ufffd' } })
  })
})

describe('the stream', () => {
  test('gives the past, says that it is ready, and goes on live', async () => {
    const chat = await open()
    const { token, address } = await chat.newVisitor()
    await say(chat, address, 'before')
    const stream = await openStream(chat.url, token)
    expect(stream.response.headers.get('Content-Type')).toBe('text/event-stream; charset=utf-8')
    expect(stream.response.headers.get('Cache-Control')).toContain('no-store')
    await vi.waitFor(() => expect(stream.notices).toEqual(['ready']))
    expect(textsOf(stream.received)).toEqual(['before'])
    await say(chat, address, 'after')
    await vi.waitFor(() => expect(textsOf(stream.received)).toEqual(['before', 'after']))
    stream.cut()
  })

  test('carries everything a message has, with today’s address of its picture', async () => {
    const chat = await open()
    const { token, address } = await chat.newVisitor()
    const message = {
      text: 'Your voucher',
      picture: { id: 'pic1', altText: 'Voucher: free coffee', png: async () => Buffer.from('not really a PNG') },
      buttons: [
        [{ kind: 'copy', label: 'Copy', text: 'COFFEE' }],
        [{ kind: 'url', label: 'Open', url: 'https://a.example' }],
      ],
      menu: [['My card', 'Help']],
      silent: true,
    } as const
    await say(chat, address, message.text, message)
    const stream = await openStream(chat.url, token)
    await vi.waitFor(() => expect(stream.received).toHaveLength(2))
    expect(stream.received.at(-1)?.row).toMatchObject({
      kind: 'message',
      message: {
        text: 'Your voucher',
        picture: { url: '/media/pic1.png', altText: 'Voucher: free coffee' },
        buttons: message.buttons,
        menu: message.menu,
      },
    })
    stream.cut()
  })

  test('of another process shows what this one wrote, within a second and without a signal', async () => {
    const [one, other] = [await open(), await open()]
    const { token, address } = await one.newVisitor()
    const stream = await openStream(other.url, token)
    await vi.waitFor(() => expect(stream.notices).toEqual(['ready']))
    await say(one, address, 'across')
    await vi.waitFor(() => expect(textsOf(stream.received)).toEqual(['across']), { timeout: 3_000 })
    stream.cut()
  })

  test('broken off anywhere and taken up again gives every row once and in order', async () => {
    const [one, other] = [await open(), await open()]
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant('message') }, fc.constantFrom('cut', 'cut unread')), {
          minLength: 5,
          maxLength: 25,
        }),
        async (steps) => {
          const { token, address } = await one.newVisitor()
          const seen: number[] = []
          const reconnect = async (processes: WebChat[]) => {
            const [process = one] = processes
            return openStream(process.url, token, seen.at(-1))
          }
          let stream = await reconnect([one])
          let said = 1
          for (const step of steps) {
            if (step === 'message') {
              await say(said % 2 ? one : other, address, `message ${said}`)
              said++
              continue
            }
            // With `cut unread` the connection breaks while rows may be under way.
            if (step === 'cut') await vi.waitFor(() => expect(stream.notices).toContain('ready'), { timeout: 3_000 })
            stream.cut()
            await stream.ended
            seen.push(...stream.received.map(({ seq }) => seq))
            stream = await reconnect(said % 3 ? [other] : [one])
          }
          await vi.waitFor(() => expect(seen.length + stream.received.length).toBeGreaterThanOrEqual(said), {
            timeout: 3_000,
          })
          stream.cut()
          await stream.ended
          seen.push(...stream.received.map(({ seq }) => seq))
          expect(seen).toEqual(Array.from({ length: said }, (_, index) => index + 1))
        },
      ),
      { numRuns: 15 },
    )
  })

  test('of a chat that has become longer than a page of rows comes whole', async () => {
    const chat = await open()
    const { token, address } = await chat.newVisitor()
    for (let n = 0; n < 120; n++) await say(chat, address, `message ${n}`)
    const stream = await openStream(chat.url, token)
    await vi.waitFor(() => expect(stream.notices).toEqual(['ready']))
    expect(stream.received.map(({ seq }) => seq)).toEqual(Array.from({ length: 121 }, (_, index) => index + 1))
    stream.cut()
  })

  test('of a reader who takes nothing holds up nobody, and goes on whole when they read again', async () => {
    const chat = await open()
    const [slow, quick] = [await chat.newVisitor(), await chat.newVisitor()]
    const long = 'x'.repeat(40_000)
    for (let n = 0; n < 250; n++) await say(chat, slow.address, long)
    const socket = connect(chat.port, '127.0.0.1')
    socket.pause()
    socket.write(`GET /try/stream HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${slow.token}\r\n\r\n`)
    const stream = await openStream(chat.url, quick.token)
    await say(chat, quick.address, 'not held up')
    await vi.waitFor(() => expect(textsOf(stream.received)).toEqual(['not held up']))
    stream.cut()
    let read = ''
    socket.on('data', (chunk) => {
      read += chunk.toString()
    })
    socket.resume()
    await vi.waitFor(() => expect(read).toContain('event: ready'), { timeout: 10_000 })
    socket.destroy()
    expect([...read.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq))).toEqual(
      Array.from({ length: 251 }, (_, index) => index + 1),
    )
  })

  test('asked to go on after a number that is not there begins anew and says so', async () => {
    const chat = await open()
    const { token, address } = await chat.newVisitor()
    await say(chat, address, 'hello')
    for (const afterSeq of [7_000, 'nonsense']) {
      const stream = await openStream(chat.url, token, afterSeq)
      await vi.waitFor(() => expect(stream.notices).toEqual(['reset', 'ready']))
      expect(textsOf(stream.received)).toEqual(['hello'])
      stream.cut()
    }
  })

  test('of the sixth tab replaces that of the first', async () => {
    const chat = await open()
    const { token, address } = await chat.newVisitor()
    const streams = []
    for (let n = 0; n < 6; n++) streams.push(await openStream(chat.url, token))
    await streams[0]?.ended
    expect(streams[0]?.notices).toContain('replaced')
    await say(chat, address, 'to all others')
    for (const stream of streams.slice(1))
      await vi.waitFor(() => expect(textsOf(stream.received)).toEqual(['to all others']))
    expect(textsOf(streams[0]?.received ?? [])).toEqual([])
    for (const stream of streams) stream.cut()
  })

  test('says goodbye when the server goes down, and the server waits for nobody', async () => {
    const chat = await open()
    const { token } = await chat.newVisitor()
    const stream = await openStream(chat.url, token)
    await vi.waitFor(() => expect(stream.notices).toEqual(['ready']))
    opened.splice(0)
    await chat.close()
    await stream.ended
    expect(stream.notices).toEqual(['ready', 'bye'])
  })

  test('shows an edit in its place in the order, with the message that it replaces', async () => {
    const chat = await open()
    const { token, address } = await chat.newVisitor()
    const sent = await say(chat, address, 'active')
    if (sent.status !== 'sent') throw new Error('not sent')
    const first = await chat.messenger.edit(address, sent.messageId, { id: 'edit-1', text: 'redeemed' }, untilEnd)
    if (first.status !== 'sent') throw new Error('not edited')
    await chat.messenger.edit(address, first.messageId, { id: 'edit-2', text: 'expired' }, untilEnd)
    await chat.messenger.edit(address, sent.messageId, { id: 'edit-1', text: 'redeemed' }, untilEnd)
    const stream = await openStream(chat.url, token)
    await vi.waitFor(() => expect(stream.notices).toEqual(['ready']))
    expect(stream.received.slice(2).map(({ row }) => row)).toMatchObject([
      { kind: 'edit', edits: sent.messageId, message: { text: 'redeemed' } },
      { kind: 'edit', edits: sent.messageId, message: { text: 'expired' } },
    ])
    stream.cut()
  })
})

describe('an acknowledgement', () => {
  test('gives each of the bot’s messages up to there one receipt, and nothing that was not shown', async () => {
    const chat = await open()
    const { token, address } = await chat.newVisitor()
    for (const id of ['m-1', 'm-2', 'm-3']) await say(chat, address, id, { id })
    expect((await chat.post('/try/acks', { seq: 3 }, token)).status).toBe(204)
    expect(chat.receipts).toEqual(['m-1', 'm-2'])
    await chat.post('/try/acks', { seq: 3 }, token)
    await chat.post('/try/acks', { seq: 999 }, token)
    expect(chat.receipts).toEqual(['m-1', 'm-2', 'm-3'])
    expect((await chat.post('/try/acks', { seq: -1 }, token)).status).toBe(422)
  })
})

describe('limits', () => {
  test('a network gets so many new visitors and is told when to come back', async () => {
    let now = 1_800_000_000_000
    const chat = await open({ clock: () => now, rates: { visitorsPerNetwork: { burst: 3, perMinute: 6 } } })
    const ask = async () => (await chat.post('/try/visitors', {})).status
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([201, 201, 201, 429])
    const refused = await chat.post('/try/visitors', {})
    expect(refused.headers.get('Retry-After')).toBe('10')
    expect(await refused.json()).toMatchObject({ code: 'rate_limited' })
    now += 10_000
    expect(await ask()).toBe(201)
  })

  test('a visitor who talks too fast waits, and others do not', async () => {
    const now = 1_800_000_000_000
    const chat = await open({ clock: () => now, rates: { messagesPerVisitor: { burst: 2, perMinute: 60 } } })
    const [anna, boris] = [await chat.newVisitor(), await chat.newVisitor()]
    expect((await chat.post('/try/messages', text('2'), anna.token)).status).toBe(202)
    expect((await chat.post('/try/messages', text('3'), anna.token)).status).toBe(429)
    expect((await chat.post('/try/messages', text('2'), boris.token)).status).toBe(202)
  })
})
