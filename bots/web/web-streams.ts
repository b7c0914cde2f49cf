import type { Response } from 'express'
import { sleep } from '../../src/clock.js'
import { AppError, describeError } from '../../src/errors.js'
import type { Signals } from '../../src/queue/signals.js'
import { WebStream, type WebStreamDeps } from './web-stream.js'

const POLL_MS = 1_000
const HEARTBEAT_MS = 15_000
const MAX_STREAMS = 5_000
/** A person has a few tabs open; whoever has more, or left them hanging, keeps the newest. */
const MAX_STREAMS_PER_VISITOR = 5
const RETRY_AFTER_SEC = 2

export interface WebStreamsDeps extends WebStreamDeps {
  readonly signals: Signals
}

export interface WebStreams {
  /** Answers with the visitor's messages after `afterSeq` and stays open for those to come. Throws AppError('unavailable'). */
  open(visitor: { address: string; afterSeq: number; isReset: boolean }, response: Response): void
  /** Says goodbye to all pages, which then look for another process. */
  close(): Promise<void>
}

/**
 * All open streams of this process. Each is fed from the database; a signal only says when to look, and since signals may
 * be lost, one query a second asks for all open chats at once.
 */
export const createWebStreams = (deps: WebStreamsDeps): WebStreams => {
  const { store, signals, log } = deps
  const open = new Map<string, WebStream[]>()
  const closing = new AbortController()
  let count = 0

  const wake = (address: string, lastSeq?: number) => {
    for (const stream of open.get(address) ?? []) stream.wake(lastSeq)
  }

  const poll = async () => {
    while (!closing.signal.aborted) {
      await sleep(POLL_MS, closing.signal)
      if (open.size === 0) continue
      try {
        for (const { address, lastSeq } of await store.lastSeqs([...open.keys()])) wake(address, lastSeq)
      } catch (error) {
        log.warn({ reason: describeError(error) }, 'web_chat.poll_failed')
      }
    }
  }

  const unsubscribe = signals.subscribe('web_chat', (address) => wake(address))
  const heartbeat = setInterval(() => {
    for (const streams of open.values()) for (const stream of streams) stream.beat()
  }, HEARTBEAT_MS)
  heartbeat.unref()
  const polling = poll()

  const remove = (address: string, stream: WebStream) => {
    const left = (open.get(address) ?? []).filter((other) => other !== stream)
    count--
    if (left.length > 0) open.set(address, left)
    else open.delete(address)
  }

  return {
    open({ address, afterSeq, isReset }, response) {
      if (closing.signal.aborted) throw unavailable('This server is shutting down.')
      if (count >= MAX_STREAMS) throw unavailable('Too many chats are open on this server.')
      // Whoever hung up while it was looked up will not hang up again.
      if (response.destroyed) return
      const stream = new WebStream(deps, address, afterSeq, response)
      open.set(address, [...(open.get(address) ?? []), stream])
      count++
      response.once('close', () => remove(address, stream))
      if (isReset) stream.say('reset')
      stream.wake()
      const oldest = open.get(address)?.[0]
      if ((open.get(address)?.length ?? 0) > MAX_STREAMS_PER_VISITOR) oldest?.end('replaced')
    },

    async close() {
      closing.abort()
      clearInterval(heartbeat)
      unsubscribe()
      for (const streams of open.values()) for (const stream of streams) stream.end('bye')
      await polling
    },
  }
}

const unavailable = (message: string) => new AppError('unavailable', message, { retryAfterSec: RETRY_AFTER_SEC })
