import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { AppError } from '../errors.js'
import type { DirectRoute } from '../http/direct-route.js'
import { readJsonBody } from '../http/raw-body.js'
import type { Inbox, Receipt } from './inbox.js'

/** `POST /webhooks/7stamp/{token}`: DESIGN §6.2. Everything but 202 and 200 is a problem+json by `http/problem.ts`. */
export const inboxRoute = (inbox: Inbox): DirectRoute => ({
  method: 'POST',
  prefix: '/webhooks/7stamp/',
  answer: async (req, res, path) => {
    const admission = await inbox.admit(path.endsWith('/') ? path.slice(0, -1) : path)
    if (!admission)
      throw new AppError('unauthorized', 'this webhook address is not known: copy it again from stampcast')
    const body = await readJsonBody(req)
    send(res, await inbox.receive(admission, signatureHeaders(req.headers), body))
  },
})

const signatureHeaders = (headers: IncomingHttpHeaders) => ({
  'webhook-id': text(headers['webhook-id']),
  'webhook-timestamp': text(headers['webhook-timestamp']),
  'webhook-signature': text(headers['webhook-signature']),
})

const text = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined

const STATUS: Readonly<Record<Receipt['status'], number>> = { accepted: 202, duplicate: 200 }

const send = (res: ServerResponse, { status, id }: Receipt): void => {
  const body = JSON.stringify({ status, id })
  res.writeHead(STATUS[status], {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
  })
  res.end(body)
}
