import type { Response } from 'express'
import { describeError } from '../../src/errors.js'
import type { Log } from '../../src/log.js'
import { streamRow } from './web-message.js'
import type { StreamNotice } from './web-protocol.js'
import type { WebStore } from './web-store.js'

const PAGE_ROWS = 50
/** A reader that takes nothing for so long is gone or hopeless; its page opens a new stream if it comes back. */
const MAX_STALL_MS = 60_000

export interface WebStreamDeps {
  readonly store: WebStore
  readonly log: Log
  /** A picture's address of today: absolute, or relative to the page's. */
  mediaUrl(pictureId: string): string
}

/**
 * One page's connection as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). Rows are read
 * only as fast as the page takes them, so a slow reader costs at most one page of rows.
 */
export class WebStream {
  readonly #deps: WebStreamDeps
  readonly #address: string
  readonly #response: Response
  #shownSeq: number
  #isReading = false
  #readAgain = false
  #isReady = false

  constructor(deps: WebStreamDeps, address: string, afterSeq: number, response: Response) {
    this.#deps = deps
    this.#address = address
    this.#shownSeq = afterSeq
    this.#response = response
    response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      // A proxy that collects the answer before it passes it on would make the chat stand still.
      'X-Accel-Buffering': 'no',
    })
    response.flushHeaders()
  }

  /** Sends what is new. `lastSeq` is the newest row's number, where the caller knows it. */
  wake(lastSeq?: number): void {
    if (lastSeq !== undefined && lastSeq <= this.#shownSeq && this.#isReady) return
    this.#readAgain = true
    if (!this.#isReading) void this.#read()
  }

  say(notice: StreamNotice): void {
    this.#write(`event: ${notice}\ndata: {}\n\n`)
  }

  /** A comment that keeps proxies from closing the connection and tells the page that it is alive. */
  beat(): void {
    if (!this.#response.writableNeedDrain) this.#write(':\n\n')
  }

  end(notice: StreamNotice): void {
    if (this.#response.writableEnded) return
    this.say(notice)
    this.#response.end()
  }

  async #read(): Promise<void> {
    this.#isReading = true
    try {
      while (this.#readAgain && this.#isOpen()) {
        this.#readAgain = false
        await this.#readPage()
      }
    } catch (error) {
      this.#deps.log.warn({ reason: describeError(error) }, 'web_chat.stream_failed')
      this.#response.end()
    } finally {
      this.#isReading = false
    }
  }

  async #readPage(): Promise<void> {
    const { store, mediaUrl } = this.#deps
    const rows = await store.listMessages(this.#address, this.#shownSeq, PAGE_ROWS)
    if (!this.#isOpen()) return
    const events: string[] = []
    for (const row of rows) {
      const shown = streamRow(row, mediaUrl)
      if (shown) events.push(`id: ${row.seq}\ndata: ${JSON.stringify(shown)}\n\n`)
      this.#shownSeq = row.seq
    }
    if (rows.length === PAGE_ROWS) this.#readAgain = true
    else if (!this.#isReady) {
      this.#isReady = true
      events.push('event: ready\ndata: {}\n\n')
    }
    if (events.length > 0) this.#write(events.join(''))
    if (this.#response.writableNeedDrain) await this.#drained()
  }

  #isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed
  }

  #write(text: string): void {
    if (this.#isOpen()) this.#response.write(text)
  }

  #drained(): Promise<void> {
    const response = this.#response
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        response.off('drain', done).off('close', done)
        resolve()
      }
      const timer = setTimeout(() => response.destroy(), MAX_STALL_MS)
      timer.unref()
      response.once('drain', done).once('close', done)
    })
  }
}
