import type { Readable } from 'node:stream'
import { type Dispatcher, Pool } from 'undici'
import { type CancelSignal, onAbort } from './abort.js'

/**
 * A request that got no whole answer. `mayHaveArrived` is false only where the server cannot have seen a whole request;
 * `isAway` where there was not even a connection to be had.
 */
export class RequestFailed extends Error {
  readonly code: string
  readonly mayHaveArrived: boolean
  readonly isAway: boolean

  constructor(code: string, mayHaveArrived: boolean, options: ErrorOptions & { readonly isAway?: boolean } = {}) {
    super(`no answer: ${code}`, options)
    this.name = 'RequestFailed'
    this.code = code
    this.mayHaveArrived = mayHaveArrived
    this.isAway = options.isAway ?? false
  }
}

export interface Answer {
  readonly status: number
  readonly text: string
}

export interface PostRequest {
  readonly path: string
  readonly contentType: string
  readonly body: string | Readable
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number
  readonly signal?: CancelSignal | undefined
}

export interface Transport {
  /** Rejects with `RequestFailed`, and with nothing else. */
  post(request: PostRequest): Promise<Answer>
  /** Ends what is under way and closes the connections. */
  close(): Promise<void>
}

/** Enough for the most slots of a lane, the long poll and the acknowledgements; more would only queue at the provider. */
const MAX_CONNECTIONS = 160

/**
 * How long an idle connection is kept: a café's bot answers seldom, and a new TLS handshake costs each answer a tenth of a
 * second. undici reads what is pending on an idle socket before it reuses it, so one that the server has closed meanwhile
 * is replaced before anything is written.
 */
const KEEP_IDLE_MS = 30_000

/** A hundred updates are far smaller; a stranger's endless answer is cut off here. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024

export const openTransport = (origin: string): Transport => {
  const pool = new Pool(origin, {
    connections: MAX_CONNECTIONS,
    pipelining: 1, // the head of a pipeline can be sent twice
    connect: { timeout: 5_000 },
    keepAliveTimeout: KEEP_IDLE_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
    headersTimeout: 0, // `timeoutMs` covers the whole request
    bodyTimeout: 0,
  })
  return {
    post: (request) => post(pool, request),
    close: () => pool.destroy(),
  }
}

const post = (pool: Pool, { path, contentType, body, timeoutMs, signal }: PostRequest): Promise<Answer> =>
  new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null
    let settled = false
    let status = 0
    const chunks: Buffer[] = []

    const settle = (act: () => void) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      stopListening()
      act()
    }
    const fail = (code: string, mayHaveArrived: boolean, cause?: unknown) => {
      const isAway = controller === null && !IS_OUR_DOING.has(code)
      settle(() => reject(new RequestFailed(code, mayHaveArrived, { cause, isAway })))
    }
    const giveUp = (code: string) => {
      if (settled) return
      fail(code, controller !== null)
      controller?.abort(new Error(code))
    }
    if (signal?.aborted) return reject(new RequestFailed('aborted', false))
    const stopListening = signal ? onAbort(signal, () => giveUp('aborted')) : () => {}
    // After a freeze of the whole process the timer rings before the sockets are read: the answer may be there already.
    const timer = setTimeout(() => setImmediate(giveUp, 'timeout'), timeoutMs)

    pool.dispatch(
      { path, method: 'POST', headers: { 'content-type': contentType }, body },
      {
        // undici calls this on a connected socket, right before it writes the request line.
        onRequestStart(started) {
          if (settled) throw new Error('given up while it was queued')
          controller = started
        },
        onResponseStart(_, statusCode) {
          status = statusCode
        },
        onResponseData(_, chunk) {
          chunks.push(chunk)
        },
        onResponseEnd() {
          settle(() => resolve({ status, text: textOf(chunks) }))
        },
        onResponseError(_, error) {
          fail(codeOf(error), controller !== null && !isWriteError(error), error)
        },
      },
    )
  })

/** Ends of a request that say nothing about the server. */
const IS_OUR_DOING: ReadonlySet<string> = new Set(['aborted', 'UND_ERR_DESTROYED', 'UND_ERR_CLOSED'])

const textOf = (chunks: readonly Buffer[]): string => {
  const [only] = chunks
  return only && chunks.length === 1 ? only.toString() : Buffer.concat(chunks).toString()
}

/**
 * A failed `write` means that the kernel did not take the request's last bytes. A request without its end is not a request:
 * no server acts on it, so it may be sent again.
 */
const isWriteError = (error: unknown) => error instanceof Error && 'syscall' in error && error.syscall === 'write'

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN'
