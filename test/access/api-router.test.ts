import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ApiRoute } from '../../src/access/api-route.js'
import { apiRouter } from '../../src/access/api-router.js'
import type { Role } from '../../src/access/role.js'
import { AppError } from '../../src/errors.js'
import { createHttpServer } from '../../src/http/server.js'
import { accessOn } from '../support/access.js'
import { recordLog } from '../support/recorded-log.js'
import { openTestSqlite } from '../support/sqlite.js'

const BY = { businessId: 'b_1', actor: 'cli' }
const RATE_LIMIT = { quota: 5, windowSec: 10 }

const ROUTES: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/cards/:id',
    may: { roles: ['owner', 'cashier'] },
    answer: async (req, res, caller) => void res.json({ card: req.params.id, staff_id: caller.staffId }),
  },
  {
    method: 'POST',
    path: '/cards/:id/stamps',
    may: { roles: ['owner', 'cashier'] },
    answer: async (_req, res) => void res.status(201).json({ ok: true }),
  },
  {
    method: 'POST',
    path: '/vouchers/check',
    may: { roles: ['cashier'], readOnly: true },
    answer: async (_req, res) => void res.json({ looked: true }),
  },
  {
    method: 'DELETE',
    path: '/cards/:id',
    may: { roles: ['owner'] },
    answer: async () => {
      throw new AppError('conflict', 'not this one')
    },
  },
]

describe('the routes of the API', () => {
  let now: number
  let close: () => Promise<void>
  let call: (method: string, path: string, key?: string) => Promise<Response>
  let access: ReturnType<typeof accessOn>
  let recorded: ReturnType<typeof recordLog>
  beforeEach(async () => {
    now = Date.parse('2030-01-01T09:00:00Z')
    const database = await openTestSqlite(() => now)
    recorded = recordLog()
    access = accessOn(database.db, 1, recorded.log)
    const { authenticate } = access
    const router = apiRouter({ routes: ROUTES, authenticate, clock: () => now, rateLimit: RATE_LIMIT })
    const server = createHttpServer({
      log: recorded.log,
      publicUrl: null,
      webhooks: [],
      routes: [(app) => app.use('/api/v1', router)],
    })
    const port = await server.listen('127.0.0.1', 0)
    call = (method, path, key) =>
      fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
        method,
        headers: key === undefined ? {} : { Authorization: `Bearer ${key}` },
      })
    close = async () => {
      await server.close()
      await database.close()
    }
  })
  afterEach(() => close())

  const keyOf = async (role: Role, isReadOnly = false): Promise<{ staffId: string; keyId: string; key: string }> => {
    const added = await access.roster.addStaff({ ...BY, name: role, role, login: `${role}${isReadOnly}` })
    if (added.kind === 'refused') throw new Error(added.reason)
    const staffId = added.staff.id
    const made = await access.keyRing.createKey({ ...BY, staffId, name: role, isReadOnly })
    if (made.kind === 'refused') throw new Error(made.reason)
    return { staffId, keyId: made.id, key: made.key }
  }

  test('answer whoever may, and know who it is', async () => {
    const { staffId, key } = await keyOf('cashier')
    const response = await call('GET', '/cards/card_1', key)
    expect(response.status).toBe(200)
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(await response.json()).toEqual({ card: 'card_1', staff_id: staffId })
    expect((await call('POST', '/cards/card_1/stamps', key)).status).toBe(201)
  })

  test.each([
    ['no key', undefined, 'Send your API key'],
    ['no key at all in it', '', 'not an API key'],
    ['half a key', '7loc_sc_abc', 'copied as a whole'],
  ])('answer 401 to %s, with what to do', async (_what, key, detail) => {
    const response = await call('GET', '/cards/card_1', key)
    expect(response.status).toBe(401)
    expect(response.headers.get('WWW-Authenticate')).toBe('Bearer')
    expect(response.headers.get('Content-Type')).toBe('application/problem+json; charset=utf-8')
    expect(await response.json()).toMatchObject({
      code: 'unauthorized',
      status: 401,
      detail: expect.stringContaining(detail),
    })
  })

  test('answer 401 to a key that was deleted', async () => {
    const { keyId, key } = await keyOf('cashier')
    expect((await call('GET', '/cards/card_1', key)).status).toBe(200)
    await access.keyRing.deleteKey({ ...BY, keyId })
    const response = await call('GET', '/cards/card_1', key)
    expect(response.status).toBe(401)
    expect(await response.text()).not.toContain(key)
    await expect.poll(() => recorded.events('http.answered')).toHaveLength(2)
    expect(JSON.stringify(recorded.events('http.answered'))).not.toContain('7loc_sc_')
  })

  test('answer 403 to the wrong role', async () => {
    const { key } = await keyOf('marketer')
    const response = await call('GET', '/cards/card_1', key)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('owner or cashier'),
    })
  })

  test('let a key that only reads read, and look where a route says so', async () => {
    const { key } = await keyOf('cashier', true)
    expect((await call('GET', '/cards/card_1', key)).status).toBe(200)
    expect((await call('POST', '/vouchers/check', key)).status).toBe(200)
    const response = await call('POST', '/cards/card_1/stamps', key)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('only reads') })
  })

  test('answer their own refusals as problems', async () => {
    const { key } = await keyOf('owner')
    expect(await (await call('DELETE', '/cards/card_1', key)).json()).toMatchObject({ code: 'conflict' })
  })

  test('are all there is: another address or method is not found, with a key or without', async () => {
    const { key } = await keyOf('owner')
    for (const given of [undefined, key]) {
      expect((await call('GET', '/cards', given)).status).toBe(404)
      expect((await call('PUT', '/cards/card_1', given)).status).toBe(404)
    }
  })

  describe('asked often', () => {
    const ask = (key: string) => call('GET', '/cards/card_1', key)

    test('say what is left, then 429 and when to come back', async () => {
      const { key } = await keyOf('cashier')
      const first = await ask(key)
      expect(first.headers.get('RateLimit-Policy')).toBe('"key";q=5;w=10')
      expect(first.headers.get('RateLimit')).toBe('"key";r=4;t=2')
      for (let more = 0; more < 4; more++) expect((await ask(key)).status).toBe(200)
      const refused = await ask(key)
      expect(refused.status).toBe(429)
      expect(refused.headers.get('RateLimit')).toBe('"key";r=0;t=10')
      expect(refused.headers.get('Retry-After')).toBe('2')
      expect(await refused.json()).toMatchObject({ code: 'rate_limited' })
      now += 2_000
      expect((await ask(key)).status).toBe(200)
      expect((await ask(key)).status).toBe(429)
      now += 10_000
      expect((await ask(key)).headers.get('RateLimit')).toBe('"key";r=4;t=2')
    })

    test('count each key for itself', async () => {
      const [one, two] = [await keyOf('cashier'), await keyOf('owner')]
      for (let more = 0; more < 6; more++) await ask(one.key)
      expect((await ask(one.key)).status).toBe(429)
      expect((await ask(two.key)).status).toBe(200)
    })
  })
})
