import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { ResponseParameters, Update, User } from 'grammy/types'
import { type BotProfile, createBotMethods } from './telegram-bot-methods.js'
import { createChats, type Memory, type ShownMessage } from './telegram-chats.js'
import { createFaults, type Fault, type FaultScope } from './telegram-faults.js'
import { createInbox, type NewUpdate, type UpdateKind } from './telegram-inbox.js'
import { createMessageMethods, Refused } from './telegram-methods.js'
import { createPeople, type TelegramGroup, type TelegramUser, type UserProfile } from './telegram-people.js'
import { type BotRequest, readBotRequest } from './telegram-request.js'
import { findBrokenRule } from './telegram-rules.js'
import { loadTelegramSchema } from './telegram-schema.js'

export interface TelegramDoubleOptions {
  readonly token?: string
  /** What becomes of messages to chats that nobody has opened; default `refuse`, as Telegram does. */
  readonly strangers?: 'refuse' | 'accept'
  /** Default `all`. */
  readonly remember?: Memory
  readonly now?: () => number
  /** How long a webhook delivery waits after a failure; Telegram waits longer each time. */
  readonly webhookRetryMs?: number
}

/** A request that breaks the Bot API's rules. It is answered 400, too, but a program may hide that. */
export interface Violation {
  readonly method: string
  readonly description: string
}

export interface RecordedCall {
  readonly at: number
  readonly method: string
  readonly params: BotRequest['params']
}

/** One bot of a Telegram that runs on this machine: a server for the program, people for the test, and what they see. */
export interface TelegramDouble {
  readonly apiRoot: string
  readonly token: string
  readonly username: string
  /** To be found empty at a test's end. */
  readonly violations: readonly Violation[]
  /** Every request that could be read, in order; empty with `remember: 'counts'`. */
  readonly calls: readonly RecordedCall[]
  readonly profile: BotProfile

  user(id: number, profile?: UserProfile): TelegramUser
  group(id: number, title: string): TelegramGroup
  /** An update of the test's own making, well-formed or not. */
  push(update: NewUpdate): Update | null

  messages(chatId?: number): readonly ShownMessage[]
  /** How many messages have arrived, edits not counted, whether the bot heard of it or not. */
  delivered(chatId?: number): number
  deliveredPerChat(): ReadonlyMap<number, number>
  /** Deliveries in each second that had any, in order. */
  deliveredPerSecond(): readonly number[]

  fault(fault: Fault, scope?: FaultScope): void
  clearFaults(): void
  /** Every file id given so far becomes wrong. */
  forgetPhotos(): void
  pendingUpdates(): number
  isPolled(): boolean
  /** Connections are refused until `comeBack`. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
  close(): Promise<void>
}

type Reply =
  | { readonly kind: 'json'; readonly status: number; readonly body: object }
  | { readonly kind: 'page'; readonly status: number }
  | { readonly kind: 'drop' }

const USERNAME = 'demo_coffee_bot'

export const openTelegramDouble = async (options: TelegramDoubleOptions = {}): Promise<TelegramDouble> => {
  const { token = '123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr', strangers = 'refuse', remember = 'all' } = options
  const now = options.now ?? Date.now
  const bot: User = { id: Number.parseInt(token, 10), is_bot: true, first_name: 'Demo Coffee', username: USERNAME }

  const schema = loadTelegramSchema()
  const violations: Violation[] = []
  const calls: RecordedCall[] = []
  const faults = createFaults()
  const chats = createChats(bot, remember, now)
  const inbox = createInbox({ retryMs: options.webhookRetryMs ?? 50 })
  const { methods: botMethods, profile } = createBotMethods(bot, inbox)
  const people = createPeople(chats, inbox, bot, profile.unansweredPresses, now)
  const methods = new Map(Object.entries({ ...botMethods, ...createMessageMethods(chats, bot, { strangers }) }))

  const violate = (method: string, description: string): Reply => {
    violations.push({ method, description })
    return refusal(400, description)
  }

  const run = (request: BotRequest): Reply => {
    const method = methods.get(request.method)
    if (!method) return refusal(404, 'Not Found: method not found')
    try {
      return { kind: 'json', status: 200, body: { ok: true, result: method(request) } }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return refusal(error.code, error.message, error.parameters)
    }
  }

  const poll = (request: BotRequest, res: ServerResponse): Promise<Reply> =>
    new Promise((resolve) => {
      const giveUp = inbox.poll(request.params as { allowed_updates?: UpdateKind[] }, (answer) =>
        resolve(
          Array.isArray(answer)
            ? { kind: 'json', status: 200, body: { ok: true, result: answer } }
            : refusal(answer.code, answer.description),
        ),
      )
      res.on('close', () => {
        giveUp()
        resolve({ kind: 'drop' })
      })
    })

  const answer = async (request: BotRequest, res: ServerResponse): Promise<Reply> => {
    const { method, params } = request
    if (remember === 'all') calls.push({ at: now(), method, params })
    const fault = findBrokenRule(request) ?? faultBySchema(request)
    if (fault !== null) return violate(method, fault)

    const planned = faults.take({ method, chat: params.chat_id, isRead: true })
    if (planned?.kind === 'refuse') return refusal(planned.code, planned.description, planned.parameters)
    if (planned?.kind === 'page') return planned
    const reply = method === 'getUpdates' ? await poll(request, res) : run(request)
    if (planned?.kind === 'slow') await wait(typeof planned.delayMs === 'number' ? planned.delayMs : planned.delayMs())
    return planned?.kind === 'accept_then_drop' ? { kind: 'drop' } : reply
  }

  const faultBySchema = (request: BotRequest): string | null => {
    const isServed = methods.has(request.method) || request.method === 'getUpdates'
    const found = isServed ? (schema?.checkRequest(request) ?? []) : []
    return found.length > 0 ? `Bad Request: ${found.join(', ')}` : null
  }

  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<Reply> => {
    const [, askedToken, method] = /^\/bot([^/]+)\/(\w+)$/.exec(req.url ?? '') ?? []
    if (askedToken === undefined || method === undefined) return refusal(404, 'Not Found')
    if (faults.take({ method, chat: undefined, isRead: false })) return { kind: 'drop' }
    if (askedToken !== token) return /^\d+:/.test(askedToken) ? refusal(401, 'Unauthorized') : refusal(404, 'Not Found')
    let request: BotRequest
    try {
      request = await readBotRequest(method, req)
    } catch (error) {
      // Who goes away in the middle of a request has not said anything wrong.
      return req.complete ? violate(method, `Bad Request: ${String(error)}`) : { kind: 'drop' }
    }
    return answer(request, res)
  }

  const server = createServer((req, res) => {
    serve(req, res).then(
      (reply) => write(reply, res),
      () => res.destroy(),
    )
  })
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    })
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const port = await listen(0)

  return {
    apiRoot: `http://127.0.0.1:${port}`,
    token,
    username: USERNAME,
    violations,
    calls,
    profile,
    user: people.openUser,
    group: people.openGroup,
    push: inbox.add,
    messages: (chatId) => (chatId === undefined ? chats.allMessages() : chats.messagesOf(chatId)),
    delivered: (chatId) => (chatId === undefined ? chats.deliveredInAll() : chats.deliveredTo(chatId)),
    deliveredPerChat: chats.deliveredPerChat,
    deliveredPerSecond: chats.deliveredPerSecond,
    fault: (fault, scope = {}) => faults.add(fault, scope),
    clearFaults: faults.clear,
    forgetPhotos: chats.forgetPhotos,
    pendingUpdates: inbox.pendingCount,
    isPolled: inbox.isPolled,
    goAway: stop,
    comeBack: async () => void (await listen(port)),
    async close() {
      inbox.close()
      await stop()
    },
  }
}

const refusal = (code: number, description: string, parameters?: ResponseParameters): Reply => ({
  kind: 'json',
  status: code,
  body: { ok: false, error_code: code, description, ...(parameters && { parameters }) },
})

const write = (reply: Reply, res: ServerResponse) => {
  if (reply.kind === 'drop') return void res.destroy()
  const isJson = reply.kind === 'json'
  const body = isJson ? JSON.stringify(reply.body) : `<html><body><h1>${reply.status}</h1></body></html>`
  res.writeHead(reply.status, {
    'content-type': isJson ? 'application/json' : 'text/html',
    'content-length': Buffer.byteLength(body),
  })
  res.end(body)
}
