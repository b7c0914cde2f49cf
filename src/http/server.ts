import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import express, { type Express } from 'express'
import { AppError, describeError } from '../errors.js'
import type { Log } from '../log.js'
import { answerDirectly, type DirectRoute } from './direct-route.js'
import { pageHeaders } from './page-headers.js'
import { notFound, sendProblem } from './problem.js'
import { logWhenAnswered } from './request-log.js'

/** Adds a capability's routes to the application. */
export type Mount = (app: Express) => void

export interface HttpServerOptions {
  readonly log: Log
  /** The address the world sees, if there is one: then a reverse proxy stands in front and its forwarded headers count. */
  readonly publicUrl: string | null
  /** Answered before all others, without Express. */
  readonly direct?: readonly DirectRoute[]
  /** Called by machines: mounted first, without the headers that only browsers read. */
  readonly webhooks: readonly Mount[]
  /** Pages, API and everything else, in order. */
  readonly routes: readonly Mount[]
  readonly limits?: Partial<HttpLimits>
}

export interface HttpLimits {
  /** For a whole request to come in. A slow sender holds a connection no longer than this. */
  readonly requestTimeoutMs: number
  readonly headersTimeoutMs: number
  /** Longer than the minute for which load balancers keep connections, so that it is never us who closes under a request. */
  readonly keepAliveMs: number
  readonly connections: number
  /** How long `close` lets running requests go on. */
  readonly closeWithinMs: number
}

const LIMITS: HttpLimits = {
  requestTimeoutMs: 15_000,
  headersTimeoutMs: 10_000,
  keepAliveMs: 65_000,
  connections: 10_000,
  closeWithinMs: 9_000,
}

const MAX_HEADERS = 100

/** How often Node looks for connections past their time; its default of 30 s would make 15 s mean 45. */
const TIMEOUT_CHECK_MS = 1_000

export interface HttpServer {
  /**
   * Resolves with the port (useful for port 0). Rejects with AppError('misconfigured') and what to change when the address
   * cannot be had.
   */
  listen(host: string, port: number): Promise<number>
  /**
   * Takes no new connections, ends idle ones and event streams at once, and resolves when the running requests are answered,
   * or cut off after `closeWithinMs`. May be called twice.
   */
  close(): Promise<void>
}

export const createHttpServer = (options: HttpServerOptions): HttpServer => {
  const limits = { ...LIMITS, ...options.limits }
  const app = createApp(options)
  const running = new Set<ServerResponse>()
  let closed: Promise<void> | undefined
  const onRequest = (req: IncomingMessage, res: ServerResponse) => {
    running.add(res)
    logWhenAnswered(options.log, req, res)
    res.once('close', () => {
      running.delete(res)
      if (closed !== undefined) setImmediate(endIdle, server, running)
    })
    if (!answerDirectly(options.direct ?? [], req, res, options.log)) app(req, res)
  }
  const server = createServer(
    {
      requestTimeout: limits.requestTimeoutMs,
      headersTimeout: limits.headersTimeoutMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, limits.headersTimeoutMs),
    },
    onRequest,
  )
  server.maxHeadersCount = MAX_HEADERS
  server.maxConnections = limits.connections
  return {
    listen: async (host, port) => {
      const boundPort = await listen(server, host, port)
      server.on('error', (error) => options.log.error({ error: describeError(error) }, 'http.server_error'))
      return boundPort
    },
    close: () => {
      closed ??= close(server, running, limits.closeWithinMs)
      return closed
    },
  }
}

const createApp = ({ log, publicUrl, webhooks, routes }: HttpServerOptions): Express => {
  const app = express()
  app.disable('x-powered-by')
  // A hash of every answer to every POST would be time for nothing; files bring their own.
  app.disable('etag')
  app.set('trust proxy', publicUrl === null ? false : ['loopback', 'linklocal', 'uniquelocal'])
  for (const mount of webhooks) mount(app)
  app.use(pageHeaders(publicUrl))
  for (const mount of routes) mount(app)
  app.use(notFound)
  app.use(sendProblem(log))
  return app
}

const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => reject(listenProblem(error, host, port))
    server.once('error', onError)
    server.listen({ host, port }, () => {
      server.off('error', onError)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })

const listenProblem = (error: NodeJS.ErrnoException, host: string, port: number): AppError => {
  const advice: Record<string, string> = {
    EADDRINUSE: `Port ${port} is already in use. Set PORT to a free one, or end the program that holds it.`,
    EACCES: `Port ${port} needs special rights. Set PORT to one above 1023.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine. Set HOST to one that is, such as 127.0.0.1.`,
    ENOTFOUND: `${host} is not an address of this machine. Set HOST to one that is, such as 127.0.0.1.`,
  }
  const message = advice[error.code ?? ''] ?? `Cannot listen on ${host}, port ${port}: ${error.message}.`
  return new AppError('misconfigured', message, { cause: error })
}

const close = async (server: Server, running: ReadonlySet<ServerResponse>, withinMs: number): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const res of running) {
    if (isEventStream(res)) res.end()
    else if (!res.headersSent) res.setHeader('Connection', 'close')
  }
  endIdle(server, running)
  const deadline = setTimeout(() => server.closeAllConnections(), withinMs)
  try {
    await closed
  } finally {
    clearTimeout(deadline)
  }
}

/** What is left when nothing runs has no request: kept alive, opened in advance, or half a request that nobody has seen. */
const endIdle = (server: Server, running: ReadonlySet<ServerResponse>): void => {
  if (running.size === 0) server.closeAllConnections()
  else server.closeIdleConnections()
}

const isEventStream = (res: ServerResponse): boolean =>
  String(res.getHeader('Content-Type') ?? '').startsWith('text/event-stream')
