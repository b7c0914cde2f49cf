import { randomBytes } from 'node:crypto'
import { type Request, Router } from 'express'
import { z } from 'zod'
import type { Clock } from '../clock.js'
import { AppError, describeError } from '../errors.js'
import { parseInput } from '../field-errors.js'
import { parseJson } from '../http/json-boundary.js'
import { BODY_LIMIT_BYTES, readJsonBody } from '../http/raw-body.js'
import { buildFrame, DEMO_CUSTOMERS, DEMO_EVENTS, type DemoCustomer, type DemoState } from './demo-data.js'
import { noteOn } from './demo-note.js'

export interface DemoDeps {
  readonly clock: Clock
  /** This server's own webhook as the world sees it, for the curl line. */
  readonly webhookUrl: string
  /** The same over the loopback interface: where the panel's requests really go. Known once the server listens. */
  loopbackUrl(): string
  /** What the mirror knows of a demo customer by 7stamp's id; null while it knows nobody. */
  readState(customerExternalId: string): Promise<DemoState | null>
  /** A one-time link's token for a demo customer. */
  createLink(customerExternalId: string): Promise<string>
  removeDemo(): Promise<void>
}

const WEBHOOK_TIMEOUT_MS = 8_000
/** As JSON in JSON, a body may be twice as long. */
const MAX_REQUEST_BYTES = 2 * BODY_LIMIT_BYTES
const NOBODY: DemoState = { stamps: null, openVouchers: [], hearing: 'no_chat' }

const FrameQuery = z.object({ customer: z.string(), event: z.enum(DEMO_EVENTS.map(({ id }) => id)) })
const Webhook = z.object({ body: z.string() })
const Link = z.object({ customer: z.string() })

/** The panel beside the web chat. Mounted only with DEMO=1: whoever can open the page can send events and link to demo people. */
export const demoRoutes = (deps: DemoDeps): Router => {
  const router = Router()

  router.get('/try/demo', (_req, res) => {
    const customers = DEMO_CUSTOMERS.map(({ id, name, language }) => ({ id, name, language }))
    res.json({ webhook_url: deps.webhookUrl, customers, events: DEMO_EVENTS })
  })

  router.get('/try/demo/frames', async (req, res) => {
    const query = parseInput(FrameQuery, req.query)
    const customer = getCustomer(query.customer)
    const state = (await deps.readState(customer.id)) ?? NOBODY
    const moment = { now: deps.clock(), freshId: randomBytes(6).toString('hex') }
    res
      .set('Cache-Control', 'no-store')
      .json({ frame: buildFrame(customer, query.event, state, moment), note: noteOn(query.event, state) })
  })

  router.post('/try/demo/webhooks', async (req, res) => {
    const { body } = await readBody(req, Webhook)
    res.json(await sendWebhook(deps.loopbackUrl(), body))
  })

  router.post('/try/demo/links', async (req, res) => {
    const { customer } = await readBody(req, Link)
    res.status(201).json({ token: await deps.createLink(getCustomer(customer).id) })
  })

  router.delete('/try/demo', async (_req, res) => {
    await deps.removeDemo()
    res.status(204).end()
  })

  return router
}

const readBody = async <Schema extends z.ZodType>(req: Request, schema: Schema): Promise<z.output<Schema>> =>
  parseInput(schema, parseJson(await readJsonBody(req, MAX_REQUEST_BYTES)))

const getCustomer = (id: string): DemoCustomer => {
  const customer = DEMO_CUSTOMERS.find((one) => one.id === id)
  if (customer) return customer
  throw new AppError('not_found', 'The demo has no such customer.')
}

interface WebhookAnswer {
  readonly status: number
  readonly body: string
  readonly elapsed_ms: number
}

/** Sends exactly these bytes, valid or not, as 7stamp would: over HTTP, to the port that 7stamp would reach. */
const sendWebhook = async (url: string, body: string): Promise<WebhookAnswer> => {
  const startedAt = performance.now()
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
    })
    const answer = await response.text()
    return { status: response.status, body: answer, elapsed_ms: Math.round(performance.now() - startedAt) }
  } catch (cause) {
    throw new AppError('unavailable', `The webhook gave no answer: ${describeError(cause)}`, { cause })
  }
}
