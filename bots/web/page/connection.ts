import type { StreamNotice, StreamRow } from '../web-protocol.js'
import { backoffMs, createPause } from './backoff.js'
import { createEventParser, type ServerEvent } from './event-parser.js'

/** The server sends at least a heartbeat every 15 s; a connection silent for longer than this is dead. */
const MAX_SILENCE_MS = 35_000

export interface ConnectionEvents {
  row(seq: number, row: StreamRow): void
  notice(notice: StreamNotice): void
  state(state: 'open' | 'closed'): void
  unknownVisitor(): void
}

export interface Connection {
  /** Tries again at once if it is waiting. */
  retryNow(): void
  close(): void
}

/**
 * Keeps one stream open and takes it up again where it broke off, so that every row comes once and in order, whatever
 * happens to the network.
 */
export const connect = (
  open: (afterSeq: string | null, signal: AbortSignal) => Promise<Response>,
  events: ConnectionEvents,
): Connection => {
  const pause = createPause()
  let afterSeq: string | null = null
  let current: AbortController | null = null
  let isClosed = false
  let isReplaced = false
  let tries = 0

  const onEvent = ({ id, event, data }: ServerEvent) => {
    if (id !== '') {
      afterSeq = id
      events.row(Number(id), JSON.parse(data))
      return
    }
    if (event === 'reset') afterSeq = null
    if (event === 'replaced') isReplaced = true
    if (event === 'ready' || event === 'bye') tries = 0
    events.notice(event as StreamNotice)
  }

  const readStream = async () => {
    const attempt = new AbortController()
    current = attempt
    let watchdog = setTimeout(() => attempt.abort(), MAX_SILENCE_MS)
    try {
      const response = await open(afterSeq, attempt.signal)
      if (response.status === 401) return 'unknown_visitor'
      if (!response.ok || !response.body) return 'broken'
      events.state('open')
      const parse = createEventParser(onEvent)
      const reader = response.body.getReader()
      const decoder = new TextDecoder()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return 'broken'
        clearTimeout(watchdog)
        watchdog = setTimeout(() => attempt.abort(), MAX_SILENCE_MS)
        parse(decoder.decode(value, { stream: true }))
      }
    } catch {
      return 'broken'
    } finally {
      clearTimeout(watchdog)
      attempt.abort()
    }
  }

  const run = async () => {
    while (!isClosed) {
      isReplaced = false
      const end = await readStream()
      if (isClosed) return
      if (end === 'unknown_visitor') return events.unknownVisitor()
      events.state('closed')
      await pause.wait(isReplaced ? null : backoffMs(tries++))
    }
  }

  void run()
  return {
    retryNow: () => pause.cut(),
    close() {
      isClosed = true
      current?.abort()
      pause.cut()
    },
  }
}
