import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { sleep } from '../clock.js'
import type { SignalTopic } from './signals.js'

/** "Something about `id` changed", as it travels between processes. */
export type Hint = readonly [topic: SignalTopic, id: string]

const Envelope = z.object({ from: z.string(), hints: z.array(z.tuple([z.string(), z.string()])) })
const Topic = z.enum(['lane', 'web_chat', 'business'])

/** More than these are dropped while the server is slow: whoever listens also polls the database. */
const MAX_WAITING = 10_000
/** A flood of hints takes a message this often, so that it does not take the server's time. */
const PAUSE_MS = 2

/**
 * Hints on their way out. Those of one turn of the event loop, and those that come while the last message is under way,
 * share a message, each hint once. A message that cannot be sent is dropped.
 */
export class HintOutbox {
  readonly #from = randomUUID()
  readonly #send: (message: string) => Promise<unknown>
  readonly #maxBytes: number
  #waiting = new Map<string, Hint>()
  #sending = false

  /** `maxBytes` bounds a message in UTF-8. */
  constructor(maxBytes: number, send: (message: string) => Promise<unknown>) {
    this.#maxBytes = maxBytes
    this.#send = send
  }

  add(topic: SignalTopic, id: string): void {
    if (this.#waiting.size >= MAX_WAITING) return
    const hint: Hint = [topic, id]
    this.#waiting.set(JSON.stringify(hint), hint)
    if (this.#sending) return
    this.#sending = true
    setImmediate(() => void this.#sendAll())
  }

  /** The hints of a message from another process; none of its own, nor of what cannot be read. */
  read(message: string): Hint[] {
    const envelope = Envelope.safeParse(parseJson(message))
    if (!envelope.success || envelope.data.from === this.#from) return []
    return envelope.data.hints.flatMap(([topic, id]) => {
      const known = Topic.safeParse(topic)
      return known.success ? [[known.data, id] as const] : []
    })
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const hints = this.#waiting
      this.#waiting = new Map()
      // A hint may get lost: what it tells of is found by looking, a little later.
      for (const message of this.#messages(hints)) await this.#send(message).catch(() => undefined)
      await sleep(PAUSE_MS)
    }
    this.#sending = false
  }

  /** A hint too long for a message of its own is left out. */
  *#messages(hints: ReadonlyMap<string, Hint>): Generator<string> {
    const head = `{"from":"${this.#from}","hints":[`
    const room = this.#maxBytes - Buffer.byteLength(head) - ']}'.length
    let [texts, bytes]: [string[], number] = [[], 0]
    for (const text of hints.keys()) {
      const length = Buffer.byteLength(text) + 1
      if (length > room) continue
      if (bytes + length > room) {
        yield `${head}${texts.join()}]}`
        texts = []
        bytes = 0
      }
      texts.push(text)
      bytes += length
    }
    if (texts.length > 0) yield `${head}${texts.join()}]}`
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
