import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monotonicMs } from './clock.js'
import { serve } from './helper.js'

/**
 * As little as can pass for Telegram: answers every call at once in its JSON, counts messages, holds `getUpdates` open.
 * All times are `monotonicMs`.
 */

const SAMPLES = 200
/** Nothing here runs longer than a few minutes; a stray client must not fill the memory. */
const MOST_ARRIVALS = 1_000_000

interface Arrival {
  readonly chatId: number
  readonly atMs: number
}

interface Handed {
  readonly chatId: number
  /** When the update left here. */
  readonly atMs: number
}

let count = 0
let firstMs = 0
let lastMs = 0
let isWatching = false
let samples: string[] = []
let arrivals: Arrival[] = []
let handed: Handed[] = []
let lastUpdateId = 0
let pending: { chatId: number; text: string }[] = []
let poll: { res: ServerResponse; timer: NodeJS.Timeout } | null = null

const answer = (res: ServerResponse, body: string): void => {
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length })
  res.end(body)
}

const ok = (result: unknown): string => JSON.stringify({ ok: true, result })

const takeMessage = (method: string, body: string, atMs: number): string => {
  count++
  if (count === 1) firstMs = atMs
  lastMs = atMs
  if (samples.length < SAMPLES && method === 'sendMessage') samples.push(Buffer.from(body, 'latin1').toString())
  if (isWatching && arrivals.length < MOST_ARRIVALS) arrivals.push({ chatId: chatIdIn(body), atMs })
  const photo = method === 'sendPhoto' ? `,"photo":[{"file_id":"f${count}"}]` : ''
  return `{"ok":true,"result":{"message_id":${count},"date":1,"chat":{"id":1,"type":"private"}${photo}}}`
}

/** In JSON, and in the multipart body of an upload. */
const chatIdIn = (body: string): number => Number(/chat_id"(?::|\r\n\r\n)"?(-?\d+)/.exec(body)?.[1])

const holdPoll = (res: ServerResponse, seconds: number): void => {
  endPoll()
  poll = { res, timer: setTimeout(endPoll, seconds * 1_000) }
  if (pending.length > 0) endPoll()
}

const endPoll = (): void => {
  if (!poll) return
  const { res, timer } = poll
  clearTimeout(timer)
  poll = null
  const updates = pending.map(({ chatId, text }) => updateOf(chatId, text))
  const atMs = monotonicMs()
  handed.push(...pending.map(({ chatId }) => ({ chatId, atMs })))
  pending = []
  answer(res, ok(updates))
}

const updateOf = (chatId: number, text: string) => {
  const from = { id: chatId, is_bot: false, first_name: 'A', language_code: 'en' }
  const chat = { id: chatId, type: 'private', first_name: 'A' }
  const updateId = ++lastUpdateId
  return {
    update_id: updateId,
    message: { message_id: updateId, date: Math.floor(Date.now() / 1000), chat, from, text },
  }
}

const MESSAGES = new Set(['sendMessage', 'sendPhoto', 'editMessageText', 'editMessageCaption', 'editMessageMedia'])

const onCall = (req: IncomingMessage, res: ServerResponse): void => {
  const atMs = monotonicMs()
  const method = req.url?.slice(req.url.lastIndexOf('/') + 1) ?? ''
  let body = ''
  req.setEncoding('latin1')
  req.on('data', (chunk: string) => {
    body += chunk
  })
  req.on('end', () => {
    if (MESSAGES.has(method)) answer(res, takeMessage(method, body, atMs))
    else if (method === 'getUpdates') holdPoll(res, Number(/"timeout":(\d+)/.exec(body)?.[1] ?? 0))
    else if (method === 'getMe') answer(res, ok({ id: 1, is_bot: true, first_name: 'Sink', username: 'sink_bot' }))
    else answer(res, ok(true))
  })
}

const server = createServer(onCall)
server.keepAliveTimeout = 60_000

export type TelegramSink = typeof commands

const commands = serve({
  listen: async (): Promise<number> => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  },
  /** Starts counting anew. `watching` remembers when each chat's message came. */
  reset: (watching: boolean): void => {
    count = 0
    isWatching = watching
    samples = []
    arrivals = []
    handed = []
  },
  tally: () => ({ count, firstMs, lastMs }),
  /** Bodies of messages as they came, to be sent again by others. */
  samples: () => samples,
  /** When the first message of each chat came. */
  arrivals: () => [...new Map(arrivals.toReversed().map((arrival) => [arrival.chatId, arrival])).values()],
  /** A person writes to the bot. */
  write: (chatId: number, text: string): void => {
    pending.push({ chatId, text })
    if (poll) endPoll()
  },
  handed: () => handed,
})
