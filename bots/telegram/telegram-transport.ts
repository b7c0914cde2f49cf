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

const post = (pool: Pool, request: PostRequest): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { path, contentType, body, signal } = request
    if (signal?.aborted) return reject(new RequestFailed('aborted', false))
    const headers = { 'content-type': contentType }
    pool.dispatch({ path, method: 'POST', headers, body }, new Exchange(request, resolve, reject))
  })

/** One request and its answer, as undici tells of them. Settles once. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: Answer) => void
  readonly #reject: (error: RequestFailed) => void
  readonly #timer: NodeJS.Timeout
  readonly #stopListening: (() => void) | null
  #controller: Dispatcher.DispatchController | null = null
  #settled = false
  #status = 0
  #chunks: Buffer[] = []

  constructor(
    { timeoutMs, signal }: PostRequest,
    resolve: (answer: Answer) => void,
    reject: (error: RequestFailed) => void,
  ) {
    this.#resolve = resolve
    this.#reject = reject
    this.#stopListening = signal ? onAbort(signal, () => this.#giveUp('aborted')) : null
    // After a freeze of the whole process the timer rings before the sockets are read: the answer may be there already.
    this.#timer = setTimeout(() => setImmediate(() => this.#giveUp('timeout')), timeoutMs)
  }

  /** undici calls this on a connected socket, right before it writes the request line. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled) throw new Error('given up while it was queued')
    this.#controller = controller
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (this.#settle()) this.#resolve({ status: this.#status, text: textOf(this.#chunks) })
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(codeOf(error), this.#controller !== null && !isWriteError(error), error)
  }

  #giveUp(code: string): void {
    if (this.#settled) return
    this.#fail(code, this.#controller !== null)
    this.#controller?.abort(new Error(code))
  }

  #fail(code: string, mayHaveArrived: boolean, cause?: unknown): void {
    const isAway = this.#controller === null && !IS_OUR_DOING.has(code)
    if (this.#settle()) this.#reject(new RequestFailed(code, mayHaveArrived, { cause, isAway }))
  }

  #settle(): boolean {
    if (this.#settled) return false
    this.#settled = true
    clearTimeout(this.#timer)
    this.#stopListening?.()
    return true
  }
}

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
