import { type Request, Router } from 'express'
import { z } from 'zod'
import type { Clock } from '../../src/clock.js'
import { AppError, describeError } from '../../src/errors.js'
import { parseInput } from '../../src/field-errors.js'
import { parseJson } from '../../src/http/json-boundary.js'
import { readJsonBody } from '../../src/http/raw-body.js'
import { hashToken, randomToken, uuidV5 } from '../../src/ids.js'
import { type PageRoutesDeps, pageRoutes } from './page-routes.js'
import { createRateLimit, networkOf, type Rate } from './rate-limit.js'
import { keptInput, PageInputSchema } from './web-message.js'
import type { WebUpdate } from './web-messenger.js'
import type { Visitor, WebStore } from './web-store.js'
import { createWebStreams, type WebStreamsDeps } from './web-streams.js'

export interface WebChatDeps extends WebStreamsDeps {
  readonly businessId: string
  readonly clock: Clock
  readonly page: PageRoutesDeps
  readonly rates?: Partial<WebChatRates>
  /** Stores what a visitor did, durably, once for each `updateId`, and wakes the lane that answers it. */
  storeUpdate(updates: readonly { updateId: string; address: string; body: WebUpdate }[]): Promise<void>
  /** Tells the ledger which messages a page has shown. May be told the same again. */
  receipts(address: string, messageIds: readonly string[]): Promise<void>
}

/** What one process grants. A café's guests share one address, so that of a network is generous. */
export interface WebChatRates {
  readonly visitorsPerNetwork: Rate
  readonly messagesPerVisitor: Rate
  readonly streamsPerVisitor: Rate
  readonly acksPerVisitor: Rate
}

const RATES: WebChatRates = {
  visitorsPerNetwork: { burst: 40, perMinute: 10 },
  messagesPerVisitor: { burst: 20, perMinute: 60 },
  streamsPerVisitor: { burst: 30, perMinute: 60 },
  acksPerVisitor: { burst: 60, perMinute: 240 },
}

const MAX_BODY_BYTES = 16 * 1024
const TOKEN_LENGTH = 32
const ADDRESS_LENGTH = 22
/** How much of an old chat a page shows when it is opened anew. */
const HISTORY_ROWS = 300
const ACK_BATCH = 200
const SEEN_PRECISION_MS = 60 * 60_000

const Posted = z.object({
  id: z.string().regex(/^[\w-]{8,64}$/, 'must have 8 to 64 letters, digits, - or _'),
  input: PageInputSchema,
  language: z
    .string()
    .max(35)
    .regex(/^[a-z0-9-]+$/i, 'must be a language tag')
    .optional(),
})
const Ack = z.object({ seq: z.int().min(0) })

/**
 * The web chat: the page at `/try` and what it talks to. A visitor is a random bearer that the page keeps; nothing rests on
 * cookies or on where the page was loaded from. `close` ends the streams before the server is closed.
 */
export const webChatRoutes = (deps: WebChatDeps): { readonly router: Router; close(): Promise<void> } => {
  const { store, signals, clock, log } = deps
  const rates = { ...RATES, ...deps.rates }
  const limitVisitors = createRateLimit(rates.visitorsPerNetwork, clock)
  const limitMessages = createRateLimit(rates.messagesPerVisitor, clock)
  const limitStreams = createRateLimit(rates.streamsPerVisitor, clock)
  const limitAcks = createRateLimit(rates.acksPerVisitor, clock)
  const streams = createWebStreams(deps)
  const router = Router()
  router.use(pageRoutes(deps.page))

  router.post('/try/visitors', async (req, res) => {
    limitVisitors(networkOf(req.ip))
    await readBody(req, z.object({}))
    const token = randomToken(TOKEN_LENGTH)
    const address = randomToken(ADDRESS_LENGTH)
    await store.addVisitor({ tokenHash: hashToken(token), businessId: deps.businessId, address, now: clock() })
    res.status(201).set('Cache-Control', 'no-store').json({ token })
  })

  router.post('/try/messages', async (req, res) => {
    const visitor = await getVisitor(req, deps)
    limitMessages(visitor.address)
    const { id, input, language } = await readBody(req, Posted)
    const { address } = visitor
    // First what the visitor sees, then what is answered: an answer never stands before its question. Both are written once
    // for each id, so a request that broke off between them is completed by the next try.
    await store.append(address, { kind: 'own', messageId: id, body: keptInput(input) })
    await deps.storeUpdate([
      {
        updateId: uuidV5('web update', address, id),
        address,
        body: { address, input, language: language ?? null, messageId: id },
      },
    ])
    signals.publish('web_chat', address)
    res.status(202).json({ status: 'accepted', id })
  })

  router.get('/try/stream', async (req, res) => {
    const visitor = await getVisitor(req, deps)
    limitStreams(visitor.address)
    const start = whereToStart(req, visitor)
    streams.open({ address: visitor.address, ...start }, res)
    if (clock() - visitor.lastSeenAt > SEEN_PRECISION_MS)
      await store.seeVisitor(visitor.address, clock()).catch((error: unknown) => {
        log.warn({ reason: describeError(error) }, 'web_chat.visit_not_noted')
      })
  })

  router.post('/try/acks', async (req, res) => {
    const visitor = await getVisitor(req, deps)
    limitAcks(visitor.address)
    const { seq } = await readBody(req, Ack)
    await acknowledge(visitor.address, Math.min(seq, visitor.lastSeq), deps)
    res.status(204).end()
  })

  return { router, close: streams.close }
}

const readBody = async <Schema extends z.ZodType>(req: Request, schema: Schema): Promise<z.output<Schema>> =>
  parseInput(schema, parseJson(await readJsonBody(req, MAX_BODY_BYTES)))

const BEARER = /^Bearer ([0-9A-Za-z]{32})$/

const getVisitor = async (
  req: Request,
  { store, businessId }: { store: WebStore; businessId: string },
): Promise<Visitor> => {
  const token = BEARER.exec(req.headers.authorization ?? '')?.[1]
  const visitor = token === undefined ? null : await store.findVisitor(hashToken(token))
  if (visitor?.businessId === businessId) return visitor
  throw new AppError('unauthorized', 'This chat is not known here. Open the page again to start a new one.')
}

/** A page that comes back goes on where it was; a new one sees the recent past. */
const whereToStart = (req: Request, visitor: Visitor): { afterSeq: number; isReset: boolean } => {
  const recent = Math.max(0, visitor.lastSeq - HISTORY_ROWS)
  const lastEventId = req.headers['last-event-id']
  if (typeof lastEventId !== 'string' || lastEventId === '') return { afterSeq: recent, isReset: false }
  const seq = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : Number.POSITIVE_INFINITY
  // A number from the future is one of a database that has been restored since.
  return seq <= visitor.lastSeq ? { afterSeq: seq, isReset: false } : { afterSeq: recent, isReset: true }
}

/** Receipts first: if it breaks off in between, they are given again with the page's next acknowledgement. */
const acknowledge = async (address: string, seq: number, { store, receipts, clock }: WebChatDeps): Promise<void> => {
  for (;;) {
    const rows = await store.listUndelivered(address, seq, ACK_BATCH)
    const last = rows.at(-1)
    if (!last) return
    await receipts(
      address,
      rows.map((row) => row.messageId),
    )
    await store.markDelivered(address, last.seq, clock())
  }
}
