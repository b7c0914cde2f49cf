import type { Readable } from 'node:stream'
import { Api, GrammyError, InputFile } from 'grammy'
import type { ApiMethods, ApiResponse, Opts } from 'grammy/types'
import { AppError } from '../../src/errors.js'
import type { CancelSignal } from './abort.js'
import { openTransport, type PostRequest } from './telegram-transport.js'

/** A request takes at most this long (DESIGN §5); shutting down waits for it. */
const PROVIDER_TIMEOUT_MS = 8_000

/** What a long poll may take on top of the seconds it asks Telegram to wait. */
const POLL_GRACE_MS = 10_000

/** An HTTP answer that is not in Telegram's words: a proxy's page, a broken or foreign JSON. */
export class ForeignAnswer extends Error {
  readonly httpStatus: number

  constructor(httpStatus: number) {
    super(`HTTP ${httpStatus} without Telegram's JSON`)
    this.name = 'ForeignAnswer'
    this.httpStatus = httpStatus
  }
}

/** Every method of the Bot API, as `sendMessage({ chat_id, text }, signal)`. */
type Calls = {
  readonly [M in keyof ApiMethods]: (args: Opts<M>, signal?: CancelSignal) => Promise<ReturnType<ApiMethods[M]>>
}

export interface TelegramApi {
  readonly call: Calls
  /** Ends what is under way and closes the connections. */
  close(): Promise<void>
}

/**
 * grammY's `Api` on our own connections. grammY's HTTP client (node-fetch) costs about four times the CPU of undici, and its
 * call layer (a polyfilled AbortController, a timer and three promises per request) half as much again as undici itself. So
 * calls that are plain JSON go past it; only uploads pass through grammY, which writes their multipart bodies, over the same
 * connections.
 *
 * `timeoutMs` is for a whole request; a long poll gets its own. Calls reject with `GrammyError` (Telegram said no),
 * `ForeignAnswer`, `RequestFailed`, or with grammY's `HttpError` around one of the last two. None of them holds the token.
 * Throws AppError('misconfigured') for a root or a token that cannot be one.
 */
export const openTelegramApi = ({
  token,
  apiRoot,
  timeoutMs = PROVIDER_TIMEOUT_MS,
}: {
  readonly token: string
  readonly apiRoot: string
  readonly timeoutMs?: number
}): TelegramApi => {
  checkTokenShape(token)
  // Whoever stands before Telegram may repeat the address, and what is answered is kept and logged.
  const [, secret = token] = token.split(':')
  const { origin, basePath } = parseRoot(apiRoot)
  const transport = openTransport(origin)

  const post = (method: string, request: Omit<PostRequest, 'path'>): Promise<ApiResponse<unknown>> =>
    transport
      .post({ ...request, path: `${basePath}/bot${token}/${method}` })
      .then(({ status, text }) => readAnswer(status, text.includes(secret) ? text.replaceAll(secret, '[token]') : text))
  const postJson: Call = (method, payload, signal) =>
    post(method, {
      contentType: 'application/json',
      body: JSON.stringify(payload),
      timeoutMs: method === 'getUpdates' ? pollTimeoutMs(payload) : timeoutMs,
      signal,
    }).then((answer) => {
      if (!answer.ok) throw new GrammyError(`Call to '${method}' failed!`, answer, method, { ...payload })
      return answer.result
    })

  const api = new Api(token, {
    apiRoot: origin,
    buildUrl: (_root, _token, method) => method, // so that grammY never holds an address with the token in it
    fetch: async (method: string, upload: Upload) => {
      const answer = await post(method, {
        contentType: upload.headers['content-type'],
        body: upload.body,
        timeoutMs,
        signal: upload.signal,
      })
      return { json: () => answer }
    },
  })
  // grammY types a signal as its polyfill's class and uses only what `CancelSignal` names.
  const upload: Call = (method, payload, signal) => Reflect.get(api.raw, method)(payload, signal)
  const call = new Proxy({} as Calls, {
    get: (_, method: string) => (payload: object, signal?: CancelSignal) =>
      (method !== WORDS_ONLY && holdsUpload(payload) ? upload : postJson)(method, payload, signal),
  })
  return { call, close: () => transport.close() }
}

type Call = (method: string, payload: object, signal?: CancelSignal) => Promise<unknown>

/** What grammY gives its `fetch` for an upload. */
interface Upload {
  readonly headers: { readonly 'content-type': string }
  readonly body: Readable
  readonly signal: CancelSignal
}

/** Most of what leaves, and never with a file: its arguments need not be looked through. */
const WORDS_ONLY = 'sendMessage'

const holdsUpload = (value: unknown): boolean =>
  value instanceof InputFile || (typeof value === 'object' && value !== null && Object.values(value).some(holdsUpload))

const pollTimeoutMs = (payload: object): number =>
  ('timeout' in payload ? Number(payload.timeout) * 1_000 : 0) + POLL_GRACE_MS

/** Telegram's own answers carry `ok`, and a refusal its code and words; whatever else comes was said by somebody else. */
const readAnswer = (status: number, text: string): ApiResponse<unknown> => {
  const answer = parseJson(text)
  if (typeof answer === 'object' && answer !== null && 'ok' in answer && isTelegrams(status, answer)) return answer
  throw new ForeignAnswer(status)
}

const isTelegrams = (status: number, answer: { ok: unknown }): answer is ApiResponse<unknown> =>
  answer.ok === true
    ? status === 200 && 'result' in answer
    : answer.ok === false &&
      'error_code' in answer &&
      typeof answer.error_code === 'number' &&
      'description' in answer &&
      typeof answer.description === 'string'

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The token becomes part of a path: anything but BotFather's alphabet would ask for something else. */
const checkTokenShape = (token: string) => {
  if (!/^\d+:[\w-]+$/.test(token))
    throw new AppError(
      'misconfigured',
      'The Telegram bot token does not look like one (123456789:AA…): copy it again from @BotFather.',
    )
}

const parseRoot = (apiRoot: string): { origin: string; basePath: string } => {
  const url = URL.canParse(apiRoot) ? new URL(apiRoot) : null
  if (!url || !/^https?:$/.test(url.protocol))
    throw new AppError(
      'misconfigured',
      'The Telegram API root must be an http(s) address such as https://api.telegram.org.',
    )
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, '') }
}
