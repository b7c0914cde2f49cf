import { Router } from 'express'
import type { Incoming, Messenger, OutgoingMessage } from '../../bots/messenger.js'
import { loadPageFiles, type PageFiles } from '../../bots/web/page-files.js'
import type { WebFace } from '../../bots/web/page-routes.js'
import { createWebMessenger } from '../../bots/web/web-messenger.js'
import type { StreamRow } from '../../bots/web/web-protocol.js'
import { type WebChatRates, webChatRoutes } from '../../bots/web/web-routes.js'
import { createWebStore, type WebStore } from '../../bots/web/web-store.js'
import { type Clock, systemClock } from '../../src/clock.js'
import { openSqlite } from '../../src/db/sqlite.js'
import { createHttpServer } from '../../src/http/server.js'
import { createInProcessSignals } from '../../src/queue/in-process-signals.js'
import { recordLog } from '../support/recorded-log.js'

const BUSINESS_ID = 'b_test'

/** Answers an update by what it sends through the messenger, as the lane of the real program does. */
export type TestBot = (incoming: Incoming, send: (message: OutgoingMessage) => Promise<void>) => Promise<void>

export interface WebChatOptions {
  readonly clock?: Clock
  readonly bot?: TestBot
  readonly files?: PageFiles
  readonly face?: Partial<WebFace>
  readonly allowedOrigins?: readonly string[]
  readonly rates?: Partial<WebChatRates>
  /** Served beside the chat: pictures, the demo. */
  readonly routes?: Router
  readonly port?: number
}

/** One process of the web chat: real HTTP on 127.0.0.1, real SQLite, and signals that reach only itself. */
export interface WebChat {
  readonly url: string
  readonly port: number
  readonly store: WebStore
  readonly messenger: Messenger
  /** What was stored for the lane, in order, each id once. */
  readonly updates: { updateId: string; address: string; body: unknown }[]
  readonly receipts: string[]
  readonly logged: ReturnType<typeof recordLog>
  /** Makes the lane's store fail while it is set. */
  failUpdates: Error | null
  post(path: string, body: unknown, token?: string): Promise<Response>
  newVisitor(): Promise<{ token: string; address: string }>
  /** May be called twice. */
  close(): Promise<void>
}

/** The page as `npm start` serves it: built before the tests run. */
export const builtPage = (): Promise<PageFiles> => loadPageFiles(new URL('../../dist/bots/web/page/', import.meta.url))

const NO_PAGE: PageFiles = {
  html: '',
  script: emptyAsset('main-0.js'),
  style: emptyAsset('page-0.css'),
  launcher: '',
}

function emptyAsset(name: string) {
  return { name, type: '', plain: Buffer.alloc(0), gzip: Buffer.alloc(0), brotli: Buffer.alloc(0) }
}

export const openWebChat = async (path: string, options: WebChatOptions = {}): Promise<WebChat> => {
  const clock = options.clock ?? systemClock
  const logged = recordLog()
  const db = openSqlite(path, clock)
  const store = createWebStore(db)
  const signals = createInProcessSignals({ log: logged.log })
  const messenger = createWebMessenger({ store, signals })
  const updates: WebChat['updates'] = []
  const receipts: string[] = []

  const answer = async (update: WebChat['updates'][number]) => {
    const incoming = messenger.readUpdate(update.body)
    if (!incoming) return
    await options.bot?.(incoming, async (message) => {
      const result = await messenger.send(incoming.address, message, AbortSignal.timeout(5_000))
      if (result.status !== 'sent') throw new Error(`not sent: ${result.reason}`)
    })
  }

  const chat = webChatRoutes({
    store,
    signals,
    clock,
    log: logged.log,
    businessId: BUSINESS_ID,
    mediaUrl: (pictureId) => `/media/${pictureId}.png`,
    page: {
      files: options.files ?? NO_PAGE,
      face: async () => ({
        businessName: 'Demo Coffee',
        color: '#7a4a2b',
        logo: null,
        isDemo: false,
        ...options.face,
      }),
      allowedOrigins: async () => options.allowedOrigins ?? [],
    },
    async storeUpdate(batch) {
      if (opened.failUpdates) throw opened.failUpdates
      for (const update of batch) {
        if (updates.some(({ updateId }) => updateId === update.updateId)) continue
        updates.push(update)
        void answer(update)
      }
    },
    async receipts(_address, messageIds) {
      receipts.push(...messageIds)
    },
    ...(options.rates ? { rates: options.rates } : {}),
  })
  const server = createHttpServer({
    log: logged.log,
    publicUrl: null,
    webhooks: [],
    routes: [(app) => app.use(options.routes ?? Router()), (app) => app.use(chat.router)],
  })
  const port = await server.listen('127.0.0.1', options.port ?? 0)
  const url = `http://127.0.0.1:${port}`
  const post = (path: string, body: unknown, token?: string) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const close = async () => {
    await chat.close()
    await server.close()
    await signals.close()
    await db.close()
  }
  let closing: Promise<void> | undefined
  const opened: WebChat = {
    url,
    port,
    store,
    messenger,
    updates,
    receipts,
    logged,
    failUpdates: null,
    post,
    async newVisitor() {
      const { token } = (await (await post('/try/visitors', {})).json()) as { token: string }
      // The address is known to nobody but the lane, so a visitor has to say something to be found.
      await post('/try/messages', { id: 'hello-hello', input: { kind: 'start', payload: null } }, token)
      const address = updates.at(-1)?.address
      if (!address) throw new Error('the visitor was not heard')
      return { token, address }
    },
    close: () => {
      closing ??= close()
      return closing
    },
  }
  return opened
}

export interface Received {
  readonly seq: number
  readonly row: StreamRow
}

/** Reads a visitor's stream; `received` and `notices` grow as they come. */
export const openStream = async (
  url: string,
  token: string,
  afterSeq?: number | string,
): Promise<{
  readonly response: Response
  readonly received: Received[]
  readonly notices: string[]
  /** Resolves when the stream has ended, however it did. */
  readonly ended: Promise<void>
  /** Breaks the connection off. */
  cut(): void
}> => {
  const abort = new AbortController()
  const response = await fetch(`${url}/try/stream`, {
    headers: {
      Authorization: `Bearer ${token}`,
      ...(afterSeq === undefined ? {} : { 'Last-Event-ID': String(afterSeq) }),
    },
    signal: abort.signal,
  })
  const received: Received[] = []
  const notices: string[] = []
  const read = async () => {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of response.body ?? []) {
      const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) {
        const id = /^id: (\d+)$/m.exec(event)?.[1]
        const data = /^data: (.*)$/m.exec(event)?.[1]
        const notice = /^event: (\w+)$/m.exec(event)?.[1]
        if (id && data) received.push({ seq: Number(id), row: JSON.parse(data) })
        else if (notice) notices.push(notice)
      }
    }
  }
  const ended = response.ok ? read().catch(() => undefined) : Promise.resolve()
  return { response, received, notices, ended, cut: () => abort.abort() }
}
