import { isIP, type LookupFunction } from 'node:net'
import { Client } from 'undici'
import type { SendResult } from '../../bots/messenger.js'
import type { Clock } from '../clock.js'
import { describeError } from '../errors.js'
import { answered } from './answer-note.js'
import { bareHost } from './endpoint-url.js'
import { isPublicAddress } from './public-address.js'

export interface Resolved {
  readonly address: string
  readonly family: number
}

/** All addresses of a host. Rejects where there are none. */
export type ResolveHost = (host: string) => Promise<readonly Resolved[]>

export interface EndpointClientOptions {
  readonly resolveHost: ResolveHost
  /** Lets addresses of one's own network pass, for development. */
  readonly allowPrivate: boolean
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number
  readonly clock: Clock
}

export interface EndpointRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly signal: AbortSignal
}

const CONNECT_MS = 5_000
/** Nobody reads more of an answer than its status. */
const MAX_ANSWER_BYTES = 64 * 1024

/**
 * Posts to addresses that strangers chose. The host is resolved once for each request, every address that it has is checked,
 * and the connection goes to those and no others: a name that is something else a moment later gains nothing, and
 * redirects are not followed. Never throws for what the receiver did.
 */
export const createEndpointClient =
  (options: EndpointClientOptions) =>
  async (request: EndpointRequest): Promise<SendResult> => {
    const url = new URL(request.url)
    const host = bareHost(url)
    const cancelled = AbortSignal.any([request.signal, AbortSignal.timeout(options.timeoutMs)])
    const found = await addressesOf(options, host, cancelled)
    if (!found.ok) return { status: 'not_sent', reason: found.reason }
    const { addresses } = found
    const client = new Client(url.origin, {
      connect: { lookup: pinnedTo(addresses), timeout: CONNECT_MS },
      pipelining: 0,
    })
    try {
      return await post(client, url, { ...request, signal: cancelled }, options.clock)
    } finally {
      void client.destroy()
    }
  }

type Addresses =
  | { readonly ok: true; readonly addresses: readonly Resolved[] }
  | { readonly ok: false; readonly reason: string }

const addressesOf = async (
  { resolveHost, allowPrivate }: EndpointClientOptions,
  host: string,
  cancelled: AbortSignal,
): Promise<Addresses> => {
  const family = isIP(host)
  try {
    const addresses = family === 0 ? await unless(cancelled, resolveHost(host)) : [{ address: host, family }]
    if (addresses.length === 0) return { ok: false, reason: 'the host has no address' }
    const isAllowed = allowPrivate || addresses.every(({ address }) => isPublicAddress(address))
    return isAllowed ? { ok: true, addresses } : { ok: false, reason: 'the host has an address in a private network' }
  } catch (error) {
    return { ok: false, reason: `the host was not found: ${codeOf(error)}` }
  }
}

/** A name server may take longer than there is time. */
const unless = <T>(cancelled: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error('timeout'))
    if (cancelled.aborted) giveUp()
    cancelled.addEventListener('abort', giveUp, { once: true })
    work.then(resolve, reject).finally(() => cancelled.removeEventListener('abort', giveUp))
  })

const pinnedTo =
  (addresses: readonly Resolved[]): LookupFunction =>
  (_host, { all }, done) => {
    const [first] = addresses
    if (all) done(null, [...addresses])
    else if (first) done(null, first.address, first.family)
  }

const post = async (
  client: Client,
  url: URL,
  { headers, body, signal }: EndpointRequest,
  clock: Clock,
): Promise<SendResult> => {
  try {
    const path = url.pathname + url.search
    const {
      statusCode,
      headers: answer,
      body: rest,
    } = await client.request({
      method: 'POST',
      path,
      headers,
      body,
      signal,
    })
    // The status has said it all; what cannot be read of the rest closes the connection.
    await rest.dump({ limit: MAX_ANSWER_BYTES, signal }).catch(() => undefined)
    return answered(statusCode, answer['retry-after'], clock())
  } catch (error) {
    const status = hasBegun(error) ? 'unknown' : 'not_sent'
    return { status, reason: signal.aborted ? 'no answer in time' : `no answer: ${codeOf(error)}` }
  }
}

/** What fails before there is a connection. */
const NOT_BEGUN = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'EAI_AGAIN'])

const hasBegun = (error: unknown): boolean => !NOT_BEGUN.has(codeOf(error))

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : describeError(error)
