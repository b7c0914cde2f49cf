import { once } from 'node:events'
import { createServer } from 'node:net'
import { PassThrough } from 'node:stream'
import type { Response as Answer } from 'express'
import { afterEach, describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.js'
import { createHttpServer, type HttpServer, type HttpServerOptions, type Mount } from '../../src/http/server.js'
import { createLog } from '../../src/log.js'
import { rawExchange } from './raw-request.js'

const opened: HttpServer[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()))
})

interface Opened {
  readonly server: HttpServer
  readonly port: number
  readonly get: (path: string, init?: RequestInit) => Promise<Response>
  readonly logLines: () => Record<string, unknown>[]
}

const open = async (options: Partial<HttpServerOptions> & { level?: string } = {}): Promise<Opened> => {
  const output = new PassThrough()
  const log = createLog(options.level ?? 'debug', output)
  const server = createHttpServer({ log, publicUrl: null, webhooks: [], routes: [], ...options })
  opened.push(server)
  const port = await server.listen('127.0.0.1', 0)
  return {
    server,
    port,
    get: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
    logLines: () =>
      String(output.read() ?? '')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  }
}

const page: Mount = (app) => app.get('/page', (_req, res) => void res.send('hello'))
const hook: Mount = (app) => app.post('/webhooks/:who/:token', (_req, res) => void res.status(202).json({ ok: true }))

describe('answers', () => {
  test('an address nobody serves is a 404 problem', async () => {
    const { get } = await open()
    const response = await get('/nothing')
    expect(response.status).toBe(404)
    expect(response.headers.get('Content-Type')).toBe('application/problem+json; charset=utf-8')
    expect(await response.json()).toMatchObject({ code: 'not_found', status: 404 })
  })

  test('what a route throws or rejects with is a problem too, and our own faults are logged', async () => {
    const routes: Mount[] = [
      (app) =>
        app.get('/refused', () => {
          throw new AppError('conflict', 'not twice')
        }),
      (app) =>
        app.get('/broken', async () => {
          throw new Error('the disk is on fire')
        }),
      (app) => app.get('/items/:id', (_req, res) => void res.send('item')),
    ]
    const { get, logLines } = await open({ routes, level: 'info' })
    expect((await get('/refused')).status).toBe(409)
    expect((await get('/items/%ff')).status).toBe(400)
    expect(logLines()).toEqual([])
    const broken = await get('/broken')
    expect(broken.status).toBe(500)
    expect(await broken.text()).not.toContain('fire')
    expect(logLines()).toMatchObject([{ msg: 'http.failed', code: 'internal_error', error: 'the disk is on fire' }])
  })

  test('an answer that fails half-way is broken off, so that nobody takes it for whole', async () => {
    const half: Mount = (app) =>
      app.get('/half', async (_req, res) => {
        res.write('half')
        throw new Error('no more')
      })
    const { get } = await open({ routes: [half] })
    await expect(get('/half').then((response) => response.text())).rejects.toThrow()
  })
})

describe('headers', () => {
  test('a page may use only what is ours, and cannot be framed', async () => {
    const { get } = await open({ routes: [page] })
    const { headers } = await get('/page')
    const policy = headers.get('Content-Security-Policy')?.split(';') ?? []
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]),
    )
    expect(policy.join()).not.toMatch(/unsafe|https:|\*/)
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('Referrer-Policy')).toBe('no-referrer')
    expect(headers.get('X-Powered-By')).toBeNull()
  })

  test('HTTPS is demanded only when the public address has it', async () => {
    const headersFor = async (publicUrl: string | null) =>
      (await (await open({ routes: [page], publicUrl })).get('/page')).headers
    expect((await headersFor(null)).get('Strict-Transport-Security')).toBeNull()
    expect((await headersFor('http://cafe.local')).get('Content-Security-Policy')).not.toContain('upgrade')
    const https = await headersFor('https://stamps.example.com')
    expect(https.get('Strict-Transport-Security')).toBe('max-age=31536000')
    expect(https.get('Content-Security-Policy')).toContain('upgrade-insecure-requests')
  })

  test('webhooks are answered without the headers that only browsers read', async () => {
    const { get } = await open({ webhooks: [hook], routes: [page] })
    const { headers, status } = await get('/webhooks/7stamp/t', { method: 'POST' })
    expect(status).toBe(202)
    expect(headers.get('Content-Security-Policy')).toBeNull()
    expect(headers.get('X-Powered-By')).toBeNull()
    expect(headers.get('ETag')).toBeNull()
  })

  test("a proxy's word for the caller's address counts only behind a public address", async () => {
    const whoami: Mount = (app) => app.get('/ip', (req, res) => void res.send(`${req.ip} ${req.protocol}`))
    const headers = { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Proto': 'https' }
    const answer = async (publicUrl: string | null) =>
      (await (await open({ routes: [whoami], publicUrl })).get('/ip', { headers })).text()
    expect(await answer(null)).toBe('127.0.0.1 http')
    expect(await answer('https://stamps.example.com')).toBe('203.0.113.7 https')
  })
})

describe('the log of requests', () => {
  const lines = async (path: string, init?: RequestInit, options: Parameters<typeof open>[0] = {}) => {
    const { get, logLines } = await open({ webhooks: [hook], routes: [page], ...options })
    await (await get(path, init)).text()
    await new Promise((resolve) => setTimeout(resolve, 20))
    return logLines()
  }

  test('is one line each at level debug', async () => {
    expect(await lines('/page?name=Olena')).toEqual([
      expect.objectContaining({ level: 'debug', msg: 'http.answered', method: 'GET', path: '/page', status: 200 }),
    ])
    expect(await lines('/page', {}, { level: 'info' })).toEqual([])
  })

  test.each([
    ['/webhooks/7stamp/s3cret', '/webhooks/7stamp/[secret]'],
    ['/webhooks/telegram/s3cret/more?s3cret', '/webhooks/telegram/[secret]'],
    ['/c/s3cret', '/c/[secret]'],
    ['/media/s3cret.png', '/media/[secret]'],
    ['/webhook/7stamp/a-s3cret-of-16-letters', '/webhook/7stamp/[long]'],
    ['//webhooks/7stamp/a-s3cret-of-16-letters', '//webhooks/7stamp/[long]'],
    ['/api/v1/cards/7loc_sc_s3cretS3cretS3cret', '/api/v1/cards/[long]'],
  ])('hides the secret in %s', async (path, shown) => {
    const [line] = await lines(path, { method: 'POST', body: 's3cret' })
    expect(line).toMatchObject({ path: shown })
    expect(JSON.stringify(line)).not.toContain('s3cret')
  })
})

describe('listening', () => {
  test('a port in use is one sentence with the fix', async () => {
    const { port } = await open()
    const second = createHttpServer({ log: createLog('silent'), publicUrl: null, webhooks: [], routes: [] })
    await expect(second.listen('127.0.0.1', port)).rejects.toMatchObject({
      code: 'misconfigured',
      message: `Port ${port} is already in use. Set PORT to a free one, or end the program that holds it.`,
    })
    await second.close()
  })

  test('an address of another machine too', async () => {
    const server = createHttpServer({ log: createLog('silent'), publicUrl: null, webhooks: [], routes: [] })
    await expect(server.listen('203.0.113.7', 0)).rejects.toMatchObject({
      code: 'misconfigured',
      message: '203.0.113.7 is not an address of this machine. Set HOST to one that is, such as 127.0.0.1.',
    })
  })

  test('after a refusal another port can be had', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const server = createHttpServer({ log: createLog('silent'), publicUrl: null, webhooks: [], routes: [] })
    opened.push(server)
    await expect(server.listen('127.0.0.1', port)).rejects.toThrow(AppError)
    expect(await server.listen('127.0.0.1', 0)).toBeGreaterThan(0)
    taken.close()
  })
})

describe('slow senders', () => {
  const limits = { headersTimeoutMs: 100, requestTimeoutMs: 200 }
  const reader: Mount = (app) => app.post('/slow', (req, res) => void req.resume().on('end', () => res.send('read')))

  test('headers that do not end are given up', async () => {
    const { port } = await open({ limits })
    expect(await rawExchange(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ')).toMatch(/^HTTP\/1.1 408/)
  })

  test('so is a body', async () => {
    const { port } = await open({ limits, routes: [reader] })
    expect(await rawExchange(port, 'POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{')).toMatch(
      /^HTTP\/1.1 408/,
    )
  })

  test('a connection beyond the cap is not served', async () => {
    const { port, get } = await open({ limits: { connections: 1 }, routes: [page] })
    await (await get('/page')).text()
    expect(await rawExchange(port, 'GET /page HTTP/1.1\r\nHost: x\r\n\r\n').catch(() => '')).toBe('')
  })
})

describe('closing', () => {
  /** A route whose answer is held back until `answer` is called. */
  const heldBack = () => {
    let answer = () => {}
    const mount: Mount = (app) =>
      app.get('/held', (_req, res) => {
        answer = () => void res.send('done')
      })
    return { mount, answer: () => answer() }
  }
  const soon = () => new Promise((resolve) => setTimeout(resolve, 50))

  test('waits for the requests that run, takes no new ones, and is over at once when nothing runs', async () => {
    const held = heldBack()
    const { server, get } = await open({ routes: [held.mount, page] })
    await (await get('/page')).text()
    const running = get('/held')
    await soon()
    const closing = server.close()
    await expect(get('/page')).rejects.toThrow()
    held.answer()
    expect(await (await running).text()).toBe('done')
    await closing
    await server.close()
  })

  test('does not wait for kept-alive, unused or half-open connections', async () => {
    const { server, port, get } = await open({ routes: [page] })
    await (await get('/page')).text()
    const unused = rawExchange(port)
    const half = rawExchange(port, 'GET /page HTTP/1.1\r\nHos')
    await soon()
    const startedAt = performance.now()
    await server.close()
    await Promise.all([unused, half])
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  const streams: Record<string, (res: Answer) => void> = {
    'res.type': (res) => void res.type('text/event-stream').write('data: 1\n\n'),
    'res.writeHead': (res) => void res.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n'),
  }

  test.each(Object.keys(streams))(
    'ends event streams (%s) at once, so that their readers go to another process',
    async (how) => {
      const { server, get } = await open({ routes: [(app) => app.get('/stream', (_req, res) => streams[how]?.(res))] })
      const response = await get('/stream')
      const text = response.text()
      await server.close()
      expect(await text).toBe('data: 1\n\n')
    },
  )

  test('cuts off what does not end in time', async () => {
    const { server, get } = await open({ routes: [heldBack().mount], limits: { closeWithinMs: 100 } })
    const running = get('/held').catch((error: Error) => error)
    await soon()
    await server.close()
    expect(await running).toBeInstanceOf(Error)
  })

  test('a download that has begun is finished', async () => {
    let finish = () => {}
    const download: Mount = (app) =>
      app.get('/download', (_req, res) => {
        res.write('first ')
        finish = () => void res.end('last')
      })
    const { server, get } = await open({ routes: [download] })
    const response = await get('/download')
    const closing = server.close()
    await soon()
    finish()
    expect(await response.text()).toBe('first last')
    await closing
  })
})
