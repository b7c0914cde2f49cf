import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { openStream } from './open-web-chat.js'
import { say, textsOf, typed, useWebProcesses } from './web-processes.js'

const open = useWebProcesses()

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
          body: JSON.stringify({ ...typed('let me in'), seq: 1 }),
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
      messageId: 'my-own-id-1',
    })
    const stream = await openStream(chat.url, token)
    await vi.waitFor(() => expect(stream.received.at(-1)?.row).toMatchObject({ kind: 'own', id: 'my-own-id-1' }))
    stream.cut()
  })

  test.each([
    ['the token of a link', { kind: 'start', payload: 'a-token-of-a-link' }, { kind: 'start', payload: null }],
    ['a link that was typed', { kind: 'text', text: '/start a-token-of-a-link' }, { kind: 'text', text: '/start' }],
    ['what may be a PIN', { kind: 'text', text: ' 4829 ' }, { kind: 'text', text: '••••' }],
  ])('is answered as it is, and shown later without %s', async (_what, input, shown) => {
    const chat = await open()
    const { token } = await chat.newVisitor()
    await chat.post('/try/messages', { id: 'my-own-id-1', input }, token)
    expect(chat.updates.at(-1)).toMatchObject({ body: { input } })
    const stream = await openStream(chat.url, token)
    await vi.waitFor(() => expect(stream.received.at(-1)?.row).toMatchObject({ kind: 'own', input: shown }))
    stream.cut()
  })

  test('said twice with one id is said once', async () => {
    const chat = await open()
    const { token, address } = await chat.newVisitor()
    const heard = chat.updates.length
    const posted = typed('once')
    const responses = await Promise.all(Array.from({ length: 8 }, () => chat.post('/try/messages', posted, token)))
    expect(responses.map(({ status }) => status)).toEqual(Array(8).fill(202))
    expect(chat.updates).toHaveLength(heard + 1)
    expect((await chat.store.listMessages(address, 1, 10)).map(({ messageId }) => messageId)).toEqual([posted.id])
  })

  test('with an id that another visitor used is heard all the same', async () => {
    const chat = await open()
    const [anna, boris] = [await chat.newVisitor(), await chat.newVisitor()]
    const heard = chat.updates.length
    await chat.post('/try/messages', { ...typed('Anna'), id: 'the-same-id' }, anna.token)
    await chat.post('/try/messages', { ...typed('Boris'), id: 'the-same-id' }, boris.token)
    expect(chat.updates.slice(heard).map(({ address }) => address)).toEqual([anna.address, boris.address])
  })

  test('is not accepted while the lane cannot store it, and complete after the next try', async () => {
    const chat = await open()
    const { token, address } = await chat.newVisitor()
    const heard = chat.updates.length
    const posted = typed('hold on')
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
    ['an id of other characters', { ...typed('a'), id: '../../etc' }, 'id'],
    ['nothing', typed('   '), 'input.text'],
    ['too much', typed('я'.repeat(2_049)), 'input.text'],
    ['a kind nobody knows', { ...typed('a'), input: { kind: 'contact', phone: '+1', own: true } }, 'input.kind'],
    ['an empty action', { ...typed('a'), input: { kind: 'action', action: '', label: '' } }, 'input.action'],
    ['a long action', { ...typed('a'), input: { kind: 'action', action: 'a'.repeat(257), label: '' } }, 'input.action'],
    ['a payload of other characters', { ...typed('a'), input: { kind: 'start', payload: 'a b' } }, 'input.payload'],
    ['a language that is none', { ...typed('a'), language: '<script>' }, 'language'],
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
    expect((await chat.post('/try/messages', { ...typed('a'), more: 'x'.repeat(20_000) }, token)).status).toBe(413)
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
    expect((await chat.post('/try/messages', typed('2'), anna.token)).status).toBe(202)
    expect((await chat.post('/try/messages', typed('3'), anna.token)).status).toBe(429)
    expect((await chat.post('/try/messages', typed('2'), boris.token)).status).toBe(202)
  })
})
