import type { PageInput } from '../web-protocol.js'
import type { Posted } from './api.js'
import { backoffMs } from './backoff.js'
import type { Storage } from './storage.js'

export type SendState = 'sending' | 'sent' | 'failed'

export interface Pending {
  readonly id: string
  readonly input: PageInput
  /** Unix ms */
  readonly at: number
}

export interface Outbox {
  add(input: PageInput): Pending
  /** What an earlier visit could not send. */
  pending(): readonly Pending[]
  /** Sends what waits, now. */
  retry(id?: string): void
}

export interface OutboxDeps {
  readonly storage: Storage
  post(message: Pending): Promise<Posted>
  onState(id: string, state: SendState): void
  onUnknownVisitor(): void
}

const KEY = 'outbox.'

/**
 * What the visitor said and the server has not accepted yet. It is kept until then, over reloads too, and sent one after
 * the other; the server knows each by its id, so sending one twice says it once.
 */
export const createOutbox = ({ storage, post, onState, onUnknownVisitor }: OutboxDeps): Outbox => {
  const waiting: Pending[] = readStored(storage)
  const refused = new Set<string>()
  let isSending = false
  let tries = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const next = () => waiting.find(({ id }) => !refused.has(id))

  const settle = (message: Pending, posted: Posted): boolean => {
    switch (posted.status) {
      case 'accepted':
        waiting.splice(waiting.indexOf(message), 1)
        storage.set(KEY + message.id, null)
        onState(message.id, 'sent')
        tries = 0
        return true
      case 'refused':
        // It would only hold up what comes after it; a reload forgets it.
        refused.add(message.id)
        storage.set(KEY + message.id, null)
        onState(message.id, 'failed')
        return true
      case 'unknown_visitor':
        onState(message.id, 'failed')
        onUnknownVisitor()
        return false
      case 'later':
        onState(message.id, 'failed')
        timer = setTimeout(() => void send(), posted.afterMs ?? backoffMs(tries++))
        return false
    }
  }

  const send = async () => {
    if (isSending) return
    isSending = true
    clearTimeout(timer)
    try {
      for (let message = next(); message; message = next()) {
        if (!settle(message, await post(message))) return
      }
    } finally {
      isSending = false
    }
  }

  return {
    add(input) {
      const message = { id: randomId(), input, at: Date.now() }
      waiting.push(message)
      storage.set(KEY + message.id, JSON.stringify(message))
      void send()
      return message
    },
    pending: () => [...waiting],
    retry(id) {
      if (id !== undefined) {
        refused.delete(id)
        onState(id, 'sending')
      }
      void send()
    },
  }
}

/** 128 random bits. `crypto.randomUUID` would do, but pages on plain http, as in a café's own network, have none. */
const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

const readStored = (storage: Storage): Pending[] =>
  storage
    .keys()
    .filter((key) => key.startsWith(KEY))
    .flatMap((key) => {
      try {
        return [JSON.parse(storage.get(key) ?? '') as Pending]
      } catch {
        storage.set(key, null)
        return []
      }
    })
    .sort((a, b) => a.at - b.at)
