import type { PageInput, StreamNotice, StreamRow } from '../web-protocol.js'
import type { Api } from './api.js'
import { backoffMs, createPause } from './backoff.js'
import { type Connection, connect } from './connection.js'
import { createOutbox, type Pending, type SendState } from './outbox.js'
import type { Storage } from './storage.js'

export interface SessionEvents {
  row(row: StreamRow): void
  notice(notice: StreamNotice): void
  state(state: 'open' | 'closed'): void
  sendState(id: string, state: SendState): void
  /** The server knows this visitor no more (its database is another one): the chat begins anew. */
  forgotten(): void
}

export interface Session {
  send(input: PageInput): Pending
  pending(): readonly Pending[]
  retry(id?: string): void
}

const TOKEN = 'token'
const ACK_DELAY_MS = 250

/** One visitor's side of the chat: who they are, what they get, what they say and what they have seen. */
export const createSession = (api: Api, storage: Storage, events: SessionEvents): Session => {
  const pause = createPause()
  let connection: Connection | null = null
  let seen = 0
  let acknowledged = 0
  let ackTimer: ReturnType<typeof setTimeout> | undefined

  const acknowledge = (seq: number) => {
    seen = Math.max(seen, seq)
    if (ackTimer !== undefined) return
    ackTimer = setTimeout(() => {
      ackTimer = undefined
      const token = storage.get(TOKEN)
      if (token === null || seen <= acknowledged) return
      const upTo = seen
      // One that is lost is made up for by the next.
      api.acknowledge(token, upTo).then(
        () => {
          acknowledged = upTo
        },
        () => undefined,
      )
    }, ACK_DELAY_MS)
  }

  const outbox = createOutbox({
    storage,
    post: async (message) => {
      const token = storage.get(TOKEN)
      if (token === null) return { status: 'later', afterMs: null }
      const language = navigator.language || undefined
      return api.post(token, { id: message.id, input: message.input, language })
    },
    onState: events.sendState,
    onUnknownVisitor: () => void beginAnew(),
  })

  const ensureVisitor = async (): Promise<string> => {
    for (let tries = 0; ; tries++) {
      const known = storage.get(TOKEN)
      if (known !== null) return known
      try {
        const token = await api.createVisitor()
        storage.set(TOKEN, token)
        return token
      } catch {
        events.state('closed')
        await pause.wait(backoffMs(tries))
      }
    }
  }

  const begin = async () => {
    const token = await ensureVisitor()
    connection = connect((afterSeq, signal) => api.openStream(token, afterSeq, signal), {
      row(seq, row) {
        events.row(row)
        if (row.kind !== 'own') acknowledge(seq)
      },
      notice: events.notice,
      state(state) {
        events.state(state)
        if (state === 'open') outbox.retry()
      },
      unknownVisitor: () => void beginAnew(),
    })
  }

  const beginAnew = async () => {
    if (connection === null) return
    connection.close()
    connection = null
    storage.set(TOKEN, null)
    seen = 0
    acknowledged = 0
    events.forgotten()
    await begin()
  }

  void begin()
  return {
    send: outbox.add,
    pending: outbox.pending,
    retry(id) {
      pause.cut()
      connection?.retryNow()
      outbox.retry(id)
    },
  }
}
