import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { Worker } from 'node:worker_threads'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openTransport, type PostRequest } from '../../bots/telegram/telegram-transport.js'

describe('before a request is written, a failure has sent nothing', () => {
  test('the connection is refused', async () => {
    const { origin, server } = await serve(() => {})
    await new Promise((resolve) => server.close(resolve))
    await expectFailure(post(origin), { code: 'ECONNREFUSED', mayHaveArrived: false, isAway: true })
  })

  test('the host has no address', async () => {
    await expectFailure(post('http://no-such-host.invalid'), { mayHaveArrived: false, isAway: true })
  })

  test('the other side speaks no TLS', async () => {
    const { origin } = await serve((socket) => void socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')))
    await expectFailure(post(origin.replace('http:', 'https:')), { mayHaveArrived: false })
  })

  test('the connection takes longer than the request may', async () => {
    const { origin } = await serve(() => {}) // never answers the TLS greeting
    const request = post(origin.replace('http:', 'https:'), { timeoutMs: 100 })
    await expectFailure(request, { code: 'timeout', mayHaveArrived: false })
  })

  test('it is aborted before, or while it waits for a connection', async () => {
    const { origin, received } = await serve(() => {})
    const aborted = { code: 'aborted', mayHaveArrived: false, isAway: false }
    await expectFailure(post(origin, { signal: AbortSignal.abort() }), aborted)
    const abort = new AbortController()
    const waiting = post(origin, { signal: abort.signal })
    abort.abort() // in the same turn: nothing can be connected yet
    await expectFailure(waiting, aborted)
    await settled()
    expect(received()).not.toContain('POST')
  })

  test('the transport is closed', async () => {
    const { origin } = await serve(() => {})
    const transport = openTransport(origin)
    await transport.close()
    await expectFailure(transport.post(REQUEST), { mayHaveArrived: false })
  })
})

describe('once a request is written, a failure leaves open what became of it', () => {
  test('the connection is reset in place of an answer', async () => {
    const { origin } = await serve((socket) => void socket.once('data', () => socket.resetAndDestroy()))
    await expectFailure(post(origin), { code: 'ECONNRESET', mayHaveArrived: true, isAway: false })
  })

  test('the connection is closed in place of an answer, and the request is not repeated', async () => {
    const { origin, received } = await serve((socket) => void socket.once('data', () => socket.end()))
    await expectFailure(post(origin), { mayHaveArrived: true })
    await settled()
    expect(received().match(/POST/g)).toHaveLength(1)
  })

  test('the answer ends in the middle', async () => {
    const { origin } = await serve((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"ok":tr'))
    })
    await expectFailure(post(origin), { mayHaveArrived: true })
  })

  test('the answer is no HTTP', async () => {
    const { origin } = await serve((socket) => void socket.once('data', () => socket.end('220 smtp ready\r\n')))
    await expectFailure(post(origin), { mayHaveArrived: true })
  })

  test('no answer comes in time', async () => {
    const { origin } = await serve(() => {})
    await expectFailure(post(origin, { timeoutMs: 100 }), { code: 'timeout', mayHaveArrived: true })
  })

  test('it is aborted after its bytes have left', async () => {
    const abort = new AbortController()
    const { origin } = await serve((socket) => void socket.once('data', () => abort.abort()))
    await expectFailure(post(origin, { signal: abort.signal }), { code: 'aborted', mayHaveArrived: true })
  })
})

test('a connection that the server closed while it was idle is replaced, and nothing is lost', async () => {
  const { origin, sockets, received } = await serve(answering)
  const transport = openFor(origin)
  await transport.post(REQUEST)
  for (const close of [(socket?: Socket) => socket?.end(), (socket?: Socket) => socket?.resetAndDestroy()]) {
    close(sockets.at(-1))
    expect(await transport.post(REQUEST)).toEqual({ status: 200, text: '{"ok":true}' })
  }
  expect(received().match(/POST/g)).toHaveLength(3)
})

/**
 * A write can fail only on a connection that was cut while this process looked away, so the server lives in its own thread
 * and this one sleeps until it has cut the connection.
 */
test('a request whose last bytes could not be written was not sent', async () => {
  const cut = new Int32Array(new SharedArrayBuffer(4))
  const server = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads')
     const server = require('node:net').createServer((socket) => {
       socket.once('data', () => {
         socket.resetAndDestroy()
         socket.once('close', () => { Atomics.store(workerData, 0, 1); Atomics.notify(workerData, 0) })
       })
     })
     server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`,
    { eval: true, workerData: cut },
  )
  onTestFinished(async () => void (await server.terminate()))
  const [port] = await once(server, 'message')
  const body = Readable.from(
    (async function* () {
      yield 'first part,'
      await new Promise((resolve) => process.nextTick(resolve)) // let it be written, but nothing be read
      Atomics.wait(cut, 0, 0, 5_000)
      yield 'last part'
    })(),
  )
  await expectFailure(post(`http://127.0.0.1:${port}`, { body }), { mayHaveArrived: false })
})

test('one signal can end many requests without a warning', async () => {
  const warnings: string[] = []
  const listen = (warning: Error) => warnings.push(warning.name)
  process.on('warning', listen)
  onTestFinished(() => void process.off('warning', listen))
  const { origin } = await serve(() => {})
  const transport = openFor(origin)
  const abort = new AbortController()
  const requests = Array.from({ length: 40 }, () => transport.post({ ...REQUEST, signal: abort.signal }))
  setTimeout(() => abort.abort(), 50)
  for (const outcome of await Promise.allSettled(requests))
    expect(outcome).toMatchObject({ reason: { code: 'aborted', mayHaveArrived: true } })
  expect(warnings).toEqual([])
})

const REQUEST: PostRequest = { path: '/x', contentType: 'application/json', body: '{}', timeoutMs: 3_000 }

const openFor = (origin: string) => {
  const transport = openTransport(origin)
  onTestFinished(() => transport.close())
  return transport
}

const post = (origin: string, fields: Partial<PostRequest> = {}) => openFor(origin).post({ ...REQUEST, ...fields })

const expectFailure = (
  request: Promise<unknown>,
  fields: { code?: string; mayHaveArrived: boolean; isAway?: boolean },
) => expect(request).rejects.toMatchObject({ name: 'RequestFailed', ...fields })

const answering = (socket: Socket) => {
  const body = '{"ok":true}'
  socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`))
}

/** A server of sockets; what it reads is kept. */
const serve = async (onConnection: (socket: Socket) => void) => {
  const sockets: Socket[] = []
  let received = ''
  const server: Server = createServer((socket) => {
    sockets.push(socket)
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    onConnection(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, server, sockets, received: () => received }
}

/** Long enough for loopback to carry whatever is on its way. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50))
