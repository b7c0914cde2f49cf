import type { PostedMessage } from '../web-protocol.js'

/** Where `/try/…` is, seen from this script at `/try/assets/`: right under any path that a proxy serves it at. */
export const BASE = new URL('../', import.meta.url)

const TIMEOUT_MS = 15_000

/** What became of a posted message. `refused` will be refused again; `later` may be tried again. */
export type Posted =
  | { readonly status: 'accepted' }
  | { readonly status: 'unknown_visitor' }
  | { readonly status: 'refused' }
  | { readonly status: 'later'; readonly afterMs: number | null }

export interface Api {
  /** A new visitor's bearer. Rejects when there is none to be had now. */
  createVisitor(): Promise<string>
  post(token: string, message: PostedMessage): Promise<Posted>
  acknowledge(token: string, seq: number): Promise<void>
  openStream(token: string, afterSeq: string | null, signal: AbortSignal): Promise<Response>
}

const send = (path: string, token: string | null, body: unknown): Promise<Response> =>
  fetch(new URL(path, BASE), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token !== null && bearer(token)) },
    body: JSON.stringify(body),
    signal: timeout(TIMEOUT_MS),
  })

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

const timeout = (ms: number): AbortSignal => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), ms)
  return controller.signal
}

const postedFrom = (response: Response): Posted => {
  if (response.ok) return { status: 'accepted' }
  if (response.status === 401) return { status: 'unknown_visitor' }
  if (response.status < 500 && response.status !== 429 && response.status !== 408) return { status: 'refused' }
  const seconds = Number(response.headers.get('Retry-After'))
  return { status: 'later', afterMs: seconds > 0 ? seconds * 1_000 : null }
}

export const api: Api = {
  async createVisitor() {
    const response = await send('visitors', null, {})
    if (!response.ok) throw new Error(`no visitor: ${response.status}`)
    const { token } = await response.json()
    return String(token)
  },
  async post(token, message) {
    try {
      return postedFrom(await send('messages', token, message))
    } catch {
      return { status: 'later', afterMs: null }
    }
  },
  async acknowledge(token, seq) {
    await send('acks', token, { seq })
  },
  openStream: (token, afterSeq, signal) =>
    fetch(new URL('stream', BASE), {
      headers: { ...bearer(token), ...(afterSeq !== null && { 'Last-Event-ID': afterSeq }) },
      cache: 'no-store',
      signal,
    }),
}
