import { request } from 'node:http'
import SqliteFile from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createWebhookSecret, signWebhook } from '../../src/http/standard-webhooks.js'
import { hashToken } from '../../src/ids.js'
import { openTestSqlite, type TestDatabase } from '../support/sqlite.js'
import { frame, frameBytes } from './frames.js'
import { business, NOON, openPipeline, TOKEN } from './pipeline.js'

let opened: TestDatabase
let pipeline: ReturnType<typeof openPipeline>
let port: number
beforeEach(async () => {
  opened = await openTestSqlite()
  pipeline = openPipeline(opened.db)
  await pipeline.addFirstBusiness()
  port = await pipeline.server.listen('127.0.0.1', 0)
})
afterEach(async () => {
  await pipeline.close()
  await opened.close()
})

const post = (body: object | Buffer | string, headers: Record<string, string> = {}, token = TOKEN) =>
  fetch(`http://127.0.0.1:${port}/webhooks/7stamp/${token}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' || Buffer.isBuffer(body) ? new Uint8Array(Buffer.from(body)) : JSON.stringify(body),
  })

const receiptOf = async (response: Response) => (await response.json()) as { status: string; id: string }

const rows = () => pipeline.journalRows()
const voucherRedeemed = () => frame('voucher_redeemed')

describe('what is taken in', () => {
  test('an event is answered 202 with its id, and stands in the journal with its very bytes', async () => {
    const bytes = frameBytes('voucher_redeemed')
    const response = await post(bytes)
    expect(response.status).toBe(202)
    const answer = await receiptOf(response)
    expect(answer).toEqual({ status: 'accepted', id: expect.stringMatching(/^evt_[0-9a-f]{32}$/) })
    const [row] = await rows()
    expect(row).toMatchObject({ id: answer.id, name: 'voucher_redeemed', origin: '7stamp', state: 'pending' })
    expect(row?.occurredAt).toBe(Date.parse('2026-05-11T12:34:56Z'))
    expect(row?.body?.equals(bytes)).toBe(true)
  })

  test('the same bytes again are a duplicate with the same id', async () => {
    const first = await receiptOf(await post(frameBytes('stamp_added')))
    const again = await post(frameBytes('stamp_added'))
    expect(again.status).toBe(200)
    expect(await again.json()).toEqual({ status: 'duplicate', id: first.id })
    expect(await rows()).toHaveLength(1)
  })

  test('100 times at once is one event: one 202 and 99 times 200', async () => {
    const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await post(voucherRedeemed())).status))
    expect(statuses.filter((status) => status === 202)).toHaveLength(1)
    expect(statuses.filter((status) => status === 200)).toHaveLength(99)
    expect(await rows()).toHaveLength(1)
  })

  test("the sender's webhook-id tells events apart, and knows one again whatever its bytes", async () => {
    expect((await post(voucherRedeemed(), { 'webhook-id': 'one' })).status).toBe(202)
    expect((await post({ ...voucherRedeemed(), note: 'sent again' }, { 'webhook-id': 'one' })).status).toBe(200)
    expect((await post(voucherRedeemed(), { 'webhook-id': 'two' })).status).toBe(202)
  })

  test("the body's id does so where there is no webhook-id", async () => {
    expect((await post({ ...voucherRedeemed(), id: 'one' })).status).toBe(202)
    expect((await post({ ...voucherRedeemed(), id: 'one', location_id: 'loc_1' })).status).toBe(200)
    expect((await post({ ...voucherRedeemed(), id: 'two' })).status).toBe(202)
    expect((await post({ ...voucherRedeemed(), id: 'one' }, { 'webhook-id': 'three' })).status).toBe(202)
  })

  test('our own frame, sent back to us, is the event that it was', async () => {
    const { id } = await receiptOf(await post(voucherRedeemed()))
    const returned = await post({ ...voucherRedeemed(), id }, { 'webhook-id': id })
    expect(returned.status).toBe(200)
    expect(await returned.json()).toEqual({ status: 'duplicate', id })
    expect(await rows()).toHaveLength(1)
  })

  test('a name that is not in the glossary is kept, answered 202 and shown as unrecognised', async () => {
    const response = await post({ ...voucherRedeemed(), event: 'card_framed' })
    expect(response.status).toBe(202)
    expect(await response.json()).toMatchObject({ status: 'accepted' })
    expect(await rows()).toMatchObject([{ name: 'card_framed', state: 'unrecognised' }])
    expect((await post({ ...voucherRedeemed(), event: 'card_framed' })).status).toBe(200)
  })

  test('a charset and a slash at the end of the address do no harm', async () => {
    expect((await post(voucherRedeemed(), { 'Content-Type': 'application/json; charset=utf-8' })).status).toBe(202)
    expect((await post(frameBytes('stamp_added'), {}, `${TOKEN}/`)).status).toBe(202)
    expect((await post(frameBytes('card_saved'), {}, `${TOKEN}?source=7stamp`)).status).toBe(202)
  })
})

describe('what is refused', () => {
  const problemOf = async (response: Response) => {
    expect(response.headers.get('Content-Type')).toContain('application/problem+json')
    return (await response.json()) as { code: string; errors?: { field: string }[] }
  }

  test('400: what is not JSON', async () => {
    for (const body of ['', 'event=voucher_redeemed', '{"event":', '{"a":1,"a":2}']) {
      const response = await post(body)
      expect(response.status).toBe(400)
      expect(await problemOf(response)).toMatchObject({ code: 'invalid_json' })
    }
    expect(await rows()).toEqual([])
  })

  test('413: what is larger than 256 KiB, announced or not', async () => {
    const large = JSON.stringify({ ...voucherRedeemed(), note: 'x'.repeat(256 * 1024) })
    expect((await post(large)).status).toBe(413)
    expect(await postInPieces(large)).toBe(413)
    const justSmall = { ...voucherRedeemed(), note: 'x'.repeat(255 * 1024) }
    expect((await post(justSmall)).status).toBe(202)
  })

  test('415: what does not say that it is JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16'])
      expect((await post(voucherRedeemed(), { 'Content-Type': type })).status).toBe(415)
  })

  test('401: an address that nobody has, before anything else is looked at', async () => {
    for (const token of ['token-of-somebody-else', '', `${TOKEN}x`, '%00', '../admin']) {
      const response = await post('not JSON at all', { 'Content-Type': 'text/plain' }, token)
      expect([401, 404]).toContain(response.status)
    }
    expect((await post(voucherRedeemed(), {}, 'token-of-somebody-else')).status).toBe(401)
  })

  test('422: a known event with wrong fields; every one is named, no value is repeated, and the bytes are kept', async () => {
    const body = Buffer.from(
      '{"event":"stamp_added","timestamp":"soon","customer":{"id":"c_789"},"card":{"stamps":-1}}',
    )
    const response = await post(body)
    expect(response.status).toBe(422)
    const problem = await problemOf(response)
    expect(problem.code).toBe('invalid_input')
    expect(problem.errors?.map(({ field }) => field).sort()).toEqual(['business_id', 'card.stamps', 'timestamp'])
    expect(JSON.stringify(problem)).not.toContain('soon')
    const [row] = await rows()
    expect(row).toMatchObject({ name: 'stamp_added', state: 'invalid', customerId: expect.stringMatching(/^c_/) })
    expect(row?.body?.equals(body)).toBe(true)
    expect(row?.reason).toContain('card.stamps')
    expect((await post(body)).status).toBe(422)
    expect(await rows()).toHaveLength(1)
  })

  test('what was refused with its webhook-id is taken in once its sender has mended it', async () => {
    const headers = { 'webhook-id': 'one' }
    expect((await post({ ...voucherRedeemed(), timestamp: 'soon' }, headers)).status).toBe(422)
    expect((await post(voucherRedeemed(), headers)).status).toBe(202)
    expect((await post(voucherRedeemed(), headers)).status).toBe(200)
    expect(await rows()).toMatchObject([{ state: 'pending', reason: null }])
  })

  test('503 with Retry-After: the database cannot take it now', async () => {
    const another = new SqliteFile(opened.path)
    another.exec('begin immediate')
    const response = await post(voucherRedeemed())
    another.close()
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0)
    expect(await problemOf(response)).toMatchObject({ code: 'unavailable' })
    expect((await post(voucherRedeemed())).status).toBe(202)
  })

  test('other methods and paths are nobody’s', async () => {
    const url = `http://127.0.0.1:${port}/webhooks/7stamp/${TOKEN}`
    expect((await fetch(url)).status).toBe(404)
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(404)
  })

  /** Sends a body in chunks, so that its length is not announced. */
  const postInPieces = (body: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const sent = request(
        {
          port,
          host: '127.0.0.1',
          method: 'POST',
          path: `/webhooks/7stamp/${TOKEN}`,
          headers: { 'Content-Type': 'application/json' },
        },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
      sent.on('error', reject)
      for (let at = 0; at < body.length; at += 64 * 1024) sent.write(body.slice(at, at + 64 * 1024))
      sent.end()
    })
})

describe('a business that has set a secret', () => {
  const secret = createWebhookSecret()
  const body = frameBytes('voucher_redeemed')
  const signed = (over: { secret?: string; atMs?: number; body?: Buffer } = {}): Record<string, string> => ({
    ...signWebhook([over.secret ?? secret], 'msg_1', (over.atMs ?? NOON) / 1_000, over.body ?? body),
  })
  beforeEach(() => pipeline.setSecret(secret))

  test('takes what is signed with it', async () => {
    expect((await post(body, signed())).status).toBe(202)
  })

  test.each<[string, () => Record<string, string>]>([
    ['is not signed', () => ({})],
    ['is signed with another secret', () => signed({ secret: createWebhookSecret() })],
    ['is signed for other bytes', () => signed({ body: frameBytes('stamp_added') })],
    ['was signed ten minutes ago', () => signed({ atMs: NOON - 600_000 })],
  ])('401: refuses what %s, and keeps nothing of it', async (_what, headers) => {
    expect((await post(body, headers())).status).toBe(401)
    expect(await rows()).toEqual([])
  })
})

describe('whose event it is', () => {
  const from = (businessId: string, customerId = 'c_789') => ({
    ...voucherRedeemed(),
    business_id: businessId,
    customer: { id: customerId },
  })
  const businessOf = async (externalId: string) =>
    (await pipeline.db.read(pipeline.businesses.byExternalId({ externalId })))[0]

  test('the first business_id seen becomes that of the address’s business', async () => {
    await post(from('b_123'))
    expect(await businessOf('b_123')).toMatchObject({ id: 'b_root', parentId: null })
  })

  test('further ones are sisters that share its connections', async () => {
    await post(from('b_123'))
    await post(from('b_456'))
    expect(await businessOf('b_456')).toMatchObject({ parentId: 'b_root', name: 'Demo Coffee', webhookTokenHash: null })
    const [first, second] = await rows()
    expect(second?.businessId).not.toBe(first?.businessId)
    // The same customer id of two businesses is two people.
    expect(second?.customerId).not.toBe(first?.customerId)
  })

  test('seen for the first time by a hundred requests at once, it is bound once', async () => {
    const requests = Array.from({ length: 100 }, (_, n) => post(from(`b_${n % 4}`, `c_${n}`)))
    const statuses = (await Promise.all(requests)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([202]))
    const all = await pipeline.db.read(pipeline.businesses.all({}))
    expect(all.map(({ externalId }) => externalId).sort()).toEqual(['b_0', 'b_1', 'b_2', 'b_3'])
  })

  test('401: one that belongs to another address', async () => {
    const other = business('b_other', { externalId: 'b_999', webhookTokenHash: hashToken('token-of-the-other-one') })
    await pipeline.db.write(pipeline.businesses.add(other))
    expect((await post(from('b_999'))).status).toBe(401)
    expect(await rows()).toEqual([])
    expect((await post(from('b_999'), {}, 'token-of-the-other-one')).status).toBe(202)
  })

  test('the same event through two addresses is an event of each', async () => {
    await pipeline.db.write(
      pipeline.businesses.add(business('b_other', { webhookTokenHash: hashToken('token-of-the-other-one') })),
    )
    expect((await post(from('b_123'), { 'webhook-id': 'one' })).status).toBe(202)
    expect((await post(from('b_124'), { 'webhook-id': 'one' }, 'token-of-the-other-one')).status).toBe(202)
  })

  test('what is no event binds nothing', async () => {
    await post({ ...from('b_123'), event: 'card_framed' })
    await post({ ...from('b_123'), timestamp: 'soon' })
    expect(await businessOf('b_123')).toBeUndefined()
  })

  test('the demo’s business_id stands for the first business, and leaves its place free for the real one', async () => {
    await post(from('demo_coffee'))
    await post(from('b_123'))
    expect(await businessOf('demo_coffee')).toBeUndefined()
    expect(await businessOf('b_123')).toMatchObject({ id: 'b_root' })
  })

  test('an address that is withdrawn is refused within a second, without any signal', async () => {
    await post(from('b_123'))
    expect((await post(from('b_123', 'c_1'))).status).toBe(202)
    const [root] = await pipeline.db.read(pipeline.businesses.byId({ id: 'b_root' }))
    if (!root) throw new Error('no business')
    await pipeline.db.write(
      pipeline.businesses.save({ ...root, webhookTokenHash: hashToken('a-new-token-for-7stamp') }),
    )
    await expect.poll(async () => (await post(from('b_123', 'c_2'))).status, { timeout: 3_000 }).toBe(401)
  })
})

test('a queue that is away fails no request, and is complained about once', async () => {
  await pipeline.close()
  let asked = 0
  const queue = {
    wake: async () => {
      asked++
      throw new Error('connection refused')
    },
    repeat: async () => {},
    work: async () => ({ close: async () => {} }),
    onReconnect: () => {},
    check: async () => {},
    close: async () => {},
  }
  pipeline = openPipeline(opened.db, { queue })
  port = await pipeline.server.listen('127.0.0.1', 0)
  for (let n = 0; n < 5; n++) {
    expect((await post({ ...voucherRedeemed(), customer: { id: `c_${n}` } })).status).toBe(202)
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
  expect(asked).toBeGreaterThan(1)
  expect(pipeline.logged('events.wake_failed')).toHaveLength(1)
})
