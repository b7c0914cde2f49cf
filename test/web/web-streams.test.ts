import { connect } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { openStream, type WebChat } from './open-web-chat.js'
import { say, textsOf, useWebProcesses } from './web-processes.js'

const open = useWebProcesses()

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
    await chat.close()
    await stream.ended
    expect(stream.notices).toEqual(['ready', 'bye'])
  })

  test('shows an edit in its place in the order, with the message that it replaces', async () => {
    const chat = await open()
    const { token, address } = await chat.newVisitor()
    const sent = await say(chat, address, 'active')
    if (sent.status !== 'sent') throw new Error('not sent')
    const first = await chat.messenger.edit(
      address,
      sent.messageId,
      { id: 'edit-1', text: 'redeemed' },
      AbortSignal.timeout(5_000),
    )
    if (first.status !== 'sent') throw new Error('not edited')
    await chat.messenger.edit(address, first.messageId, { id: 'edit-2', text: 'expired' }, AbortSignal.timeout(5_000))
    await chat.messenger.edit(address, sent.messageId, { id: 'edit-1', text: 'redeemed' }, AbortSignal.timeout(5_000))
    const stream = await openStream(chat.url, token)
    await vi.waitFor(() => expect(stream.notices).toEqual(['ready']))
    expect(stream.received.slice(2).map(({ row }) => row)).toMatchObject([
      { kind: 'edit', edits: sent.messageId, message: { text: 'redeemed' } },
      { kind: 'edit', edits: sent.messageId, message: { text: 'expired' } },
    ])
    stream.cut()
  })
})
