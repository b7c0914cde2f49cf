import { onTestFinished } from 'vitest'
import type { Role } from '../../src/access/role.js'
import type { Clock } from '../../src/clock.js'
import { LaneWakes } from '../../src/deliveries/lane-wakes.js'
import { SHARDS } from '../../src/events/journaled-event.js'
import { createHttpServer } from '../../src/http/server.js'
import { openApi as openedApi } from '../../src/main/api.js'
import { createEventProcessing } from '../../src/main/role-worker.js'
import { type CommandLine, openCommandLine } from '../support/command-line.js'

export interface Sent {
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Got {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
}

// biome-ignore lint/suspicious/noExplicitAny: what a client reads has no type until it is looked at
export type Json = any

export type Api = Awaited<ReturnType<typeof serveApi>>

/** The API of a fresh business with one owner, as a till or another program sees it. */
export const openApi = async (clock?: Clock, env?: Readonly<Record<string, string>>) => {
  const { foundation, businessId } = await openCommandLine(clock, env)
  return serveApi({ foundation, businessId })
}

/** The API of a business that is there already; with the test it ends. */
export const serveApi = async ({ foundation, businessId }: Pick<CommandLine, 'foundation' | 'businessId'>) => {
  const { access, log } = foundation
  const server = createHttpServer({
    log,
    publicUrl: null,
    webhooks: [],
    routes: [(app) => app.use(openedApi(foundation))],
  })
  const url = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`
  onTestFinished(() => server.close())
  let logins = 0
  const keyFor = async (role: Role, isReadOnly = false): Promise<string> => {
    const author = { businessId, actor: 'cli' }
    const added = await access.roster.addStaff({ ...author, name: 'Nina', role, login: `login${logins++}` })
    if (added.kind === 'refused') throw new Error(added.reason)
    const made = await access.keyRing.createKey({ ...author, staffId: added.staff.id, name: 'Till', isReadOnly })
    if (made.kind === 'refused') throw new Error(made.reason)
    return made.key
  }
  const owner = await keyFor('owner')

  const call = async (method: string, path: string, body?: unknown, { key = owner, headers = {} }: Sent = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) } as Got
  }

  /** The body of an answer that must be a success. */
  const ok = async (method: string, path: string, body?: unknown, sent?: Sent): Promise<Json> => {
    const got = await call(method, path, body, sent)
    if (got.status >= 300) throw new Error(`${method} ${path}: ${got.status} ${JSON.stringify(got.body)}`)
    return got.body
  }
  return { url, foundation, businessId, keyFor, call, ok }
}

/** A programme: a coffee card with a voucher at 3 and a lottery at 6 stamps, and a template with the till's promo code. */
export const setUpProgramme = async ({ ok }: Pick<Api, 'ok'>) => {
  const voucherTemplate = await ok('POST', '/voucher_templates', {
    title: 'A coffee on us',
    redeem_code: 'COFFEE',
    validity: { kind: 'days', days: 30 },
  })
  const cardTemplate = await ok('POST', '/card_templates', {
    title: 'Coffee card',
    goals: [
      { stamps: 3, reward: { kind: 'voucher', title: 'A coffee on us', voucher_template_id: voucherTemplate.id } },
      {
        stamps: 6,
        reward: {
          kind: 'lottery',
          title: 'A lottery',
          variants: [
            { kind: 'voucher', title: 'A coffee', chance_bp: 5_000, voucher_template_id: voucherTemplate.id },
            { kind: 'no_prize', title: 'Nothing', chance_bp: 5_000 },
          ],
        },
      },
    ],
    stamping: { kind: 'per_amount', per_amount: 500, currency: 'EUR', carries_remainder: true },
    after_last_goal: 'start_over',
  })
  return { voucherTemplateId: voucherTemplate.id as string, cardTemplateId: cardTemplate.id as string }
}

/** Does what a worker does about what happened. */
export const applyEvents = async ({ foundation }: Api): Promise<void> => {
  const processing = createEventProcessing(foundation, new LaneWakes(foundation.signals, foundation.clock))
  for (const shard of SHARDS) await processing.run(String(shard))
}

/** Gives a customer a web chat. */
export const linkChat = ({ foundation: { db, chats }, businessId }: Api, customerId: string) =>
  db.write(
    chats.addChat({
      id: 'chat_1',
      businessId,
      lane: `web:${businessId}`,
      messenger: 'web',
      address: 'visitor',
      isPrivate: true,
      role: 'customer',
      customerId,
      linkedAt: 1,
      dialogue: {},
      guesses: 0,
      guessesSince: 0,
      lastSeenAt: 1,
      createdAt: 1,
    }),
  )
