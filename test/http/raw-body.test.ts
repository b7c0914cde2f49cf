import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError, describeError } from '../../src/errors.js'
import { BODY_LIMIT_BYTES, readJsonBody } from '../../src/http/raw-body.js'
import { rawExchange } from './raw-request.js'

/** A server that answers with what it read: the bytes, or the code of the refusal. */
let server: Server
let port: number
let outcomes: string[]

beforeEach(async () => {
  outcomes = []
  server = createServer(async (req, res) => {
    try {
      const body = await readJsonBody(req)
      outcomes.push(`read ${body.length}`)
      res.end(body)
    } catch (error) {
      outcomes.push(error instanceof AppError ? error.code : describeError(error))
      res.writeHead(400).end(outcomes.at(-1))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})

afterEach(async () => {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
})

const post = async (body: Buffer | string | ReadableStream, headers: Record<string, string> = {}) => {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof ReadableStream ? body : new Uint8Array(body),
    ...(body instanceof ReadableStream ? { duplex: 'half' as const } : {}),
  })
  return Buffer.from(await response.arrayBuffer())
}

const inPieces = (pieces: readonly Buffer[]) =>
  new ReadableStream({
    async start(controller) {
      for (const piece of pieces) {
        controller.enqueue(new Uint8Array(piece))
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      controller.close()
    },
  })

describe('the bytes as they came', () => {
  test('in one piece, in many, or none', async () => {
    const bytes = Buffer.from([0xff, 0x00, ...Buffer.from(' {"a": "é"}\n')])
    expect(await post(bytes)).toEqual(bytes)
    expect(await post(inPieces([bytes, bytes, bytes]))).toEqual(Buffer.concat([bytes, bytes, bytes]))
    expect(await post('')).toEqual(Buffer.alloc(0))
  })

  test('up to 256 KiB', async () => {
    const largest = Buffer.alloc(BODY_LIMIT_BYTES, 0x20)
    expect(await post(largest)).toEqual(largest)
    expect(await post(inPieces([largest]))).toEqual(largest)
  })
})

describe('a body that is too large is refused, and the sender gets to read why', () => {
  const pieces = Array.from({ length: 40 }, () => Buffer.alloc(64 * 1024, 0x20))

  test('by its announced length', async () => {
    expect((await post(Buffer.alloc(BODY_LIMIT_BYTES + 1))).toString()).toBe('too_large')
    expect((await post(Buffer.concat(pieces))).toString()).toBe('too_large')
  })

  test('while it comes, when no length was announced', async () => {
    expect((await post(inPieces([Buffer.alloc(BODY_LIMIT_BYTES), Buffer.alloc(1)]))).toString()).toBe('too_large')
    expect((await post(inPieces(pieces))).toString()).toBe('too_large')
  })

  test('the connection serves the next request', async () => {
    await post(Buffer.concat(pieces))
    expect((await post('{}')).toString()).toBe('{}')
  })

  test('one that does not end is cut off', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n')
    const flood = () => {
      while (!socket.destroyed && socket.write(Buffer.alloc(64 * 1024)));
    }
    socket.on('drain', flood)
    socket.resume()
    flood()
    await closed
    expect(outcomes).toEqual(['too_large'])
  })
})

describe('only JSON, in UTF-8, not compressed', () => {
  test.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json ; Charset=utf8',
  ])('%s is read', async (type) => {
    expect((await post('{}', { 'Content-Type': type })).toString()).toBe('{}')
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/json; charset=utf-16',
    'application/json, text/plain',
    'text/html; application/json',
  ])('%s is not', async (type) => {
    expect((await post('{}', { 'Content-Type': type })).toString()).toBe('unsupported_media_type')
  })

  test('nor a body without a type', async () => {
    const answer = await rawExchange(
      port,
      'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}',
    )
    expect(answer).toContain('unsupported_media_type')
  })

  test('nor a compressed one', async () => {
    expect((await post(gzipSync('{}'), { 'Content-Encoding': 'gzip' })).toString()).toBe('unsupported_media_type')
    expect((await post('{}', { 'Content-Encoding': 'identity' })).toString()).toBe('{}')
  })
})

describe('senders that do not keep their word', () => {
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n'

  test('a connection that breaks half-way is a refusal, not a body', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`${head}Content-Length: 100\r\n\r\n{"half":`)
    await once(server, 'request')
    socket.destroy()
    await expect.poll(() => outcomes).toEqual(['invalid_json'])
  })

  test('what comes after the announced length is not part of the body', async () => {
    await rawExchange(port, `${head}Content-Length: 2\r\n\r\n{}{"more":1}`)
    expect(outcomes).toEqual(['read 2'])
  })

  test('a length that is no number, and two lengths, never reach us', async () => {
    expect(await rawExchange(port, `${head}Content-Length: 2x\r\n\r\n{}`)).toMatch(/^HTTP\/1.1 400/)
    expect(await rawExchange(port, `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `)).toMatch(
      /^HTTP\/1.1 400/,
    )
    expect(outcomes).toEqual([])
  })
})

test('a body that somebody else has read is not waited for', async () => {
  const late = createServer(async (req, res) => {
    req.resume()
    await once(req, 'end')
    res.end(await readJsonBody(req).catch((error: AppError) => error.code))
  })
  late.listen(0, '127.0.0.1')
  await once(late, 'listening')
  const { port: latePort } = late.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${latePort}/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  })
  expect(await response.text()).toBe('invalid_json')
  late.close()
  late.closeAllConnections()
})
