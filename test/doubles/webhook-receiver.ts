import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

/** A request as the receiver got it. */
export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly path: string
  readonly at: number
}

/** What a receiver does with a request; `hang` never answers. */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly afterMs?: number }
  | 'hang'

export interface WebhookReceiver {
  readonly url: string
  readonly port: number
  readonly received: readonly Received[]
  /** Answers the requests that hang. */
  letGo(answer: { readonly status: number }): void
  /** From now on; 204 at first. */
  answerWith(answer: Answer | ((request: Received) => Answer)): void
  /** The bodies, parsed, in the order they came. */
  frames(): readonly Readonly<Record<string, unknown>>[]
}

/** Somebody else's server that is sent webhooks. */
export const openReceiver = async (host = '127.0.0.1'): Promise<WebhookReceiver> => {
  const received: Received[] = []
  let answer: Answer | ((request: Received) => Answer) = { status: 204 }
  let hanging: ServerResponse[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const got: Received = {
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      path: request.url ?? '',
      at: performance.now(),
    }
    received.push(got)
    const given = typeof answer === 'function' ? answer(got) : answer
    if (given === 'hang') {
      hanging.push(response)
      return
    }
    if (given.afterMs) await delay(given.afterMs)
    response.writeHead(given.status, given.headers).end()
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const shownHost = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${shownHost}:${port}/hook`,
    port,
    received,
    letGo: ({ status }) => {
      for (const response of hanging) response.writeHead(status).end()
      hanging = []
    },
    answerWith: (next) => {
      answer = next
    },
    frames: () => received.map(({ body }) => JSON.parse(body)),
  }
}
