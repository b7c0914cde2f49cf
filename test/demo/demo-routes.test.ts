import type { Express } from 'express'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Frame } from '../../src/demo/demo-data.js'
import { type DemoDeps, demoRoutes } from '../../src/demo/demo-routes.js'
import { seedDemo } from '../../src/demo/seed-demo.js'
import { readJsonBody } from '../../src/http/raw-body.js'
import { createHttpServer, type HttpServer } from '../../src/http/server.js'
import { recordLog } from '../support/recorded-log.js'

const TOKEN = 'a-webhook-token-of-the-demo'

describe('the demo', () => {
  let server: HttpServer
  let url: string
  /** What came in at the webhook, byte by byte. */
  const received: string[] = []
  const done: string[] = []
  let hangUp = false

  beforeEach(async () => {
    received.length = 0
    done.length = 0
    hangUp = false
    const webhook = (app: Express) =>
      app.post(`/webhooks/7stamp/${TOKEN}`, async (req, res) => {
        received.push((await readJsonBody(req)).toString())
        if (hangUp) return void req.socket.destroy()
        res.status(202).json({ status: 'accepted', id: 'evt_1' })
      })
    const deps: DemoDeps = {
      clock: () => Date.parse('2026-11-23T19:00:00.000Z'),
      webhookUrl: `https://bot.example/webhooks/7stamp/${TOKEN}`,
      loopbackUrl: () => `${url}/webhooks/7stamp/${TOKEN}`,
      readState: async (id) => (id === 'demo_emma' ? { stamps: 7, openVouchers: ['v_9'], hearing: 'all' } : null),
      createLink: async (id) => `link-of-${id}`,
      removeDemo: async () => void done.push('removed'),
    }
    server = createHttpServer({
      log: recordLog().log,
      publicUrl: null,
      webhooks: [webhook],
      routes: [(app) => app.use(demoRoutes(deps))],
    })
    url = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`
  })
  afterEach(() => server.close())

  const get = async <T>(path: string): Promise<T> => (await (await fetch(`${url}${path}`)).json()) as T
  const frameOf = (customer: string, event: string) =>
    get<{ frame: Frame; note: string | null }>(`/try/demo/frames?customer=${customer}&event=${event}`)
  const post = (path: string, body: unknown) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })

  test('tells who there is, what can happen and where 7stamp would send it', async () => {
    const demo = await get<{ customers: { language: string }[]; events: unknown[] }>('/try/demo')
    expect(demo).toMatchObject({ webhook_url: `https://bot.example/webhooks/7stamp/${TOKEN}` })
    expect(demo.customers.map(({ language }) => language)).toEqual(['uk', 'en', 'ko'])
    expect(demo.events.length).toBeGreaterThanOrEqual(13)
  })

  test('builds the next frame from what the mirror knows', async () => {
    const { frame } = await frameOf('demo_emma', 'stamp_added')
    expect(frame).toMatchObject({ event: 'stamp_added', customer: { id: 'demo_emma' }, card: { stamps: 8 } })
    const { frame: again } = await frameOf('demo_emma', 'stamp_added')
    expect(again).not.toEqual(frame)
    const { note } = await frameOf('demo_olena', 'voucher_redeemed')
    expect(note).toContain('link this one first')
  })

  test.each([
    ['?customer=demo_emma&event=nonsense', 422],
    ['?customer=c_real&event=stamp_added', 404],
    ['', 422],
    ['?customer[]=demo_emma&event=stamp_added', 422],
  ])('builds nothing for %s', async (query, status) => {
    expect((await fetch(`${url}/try/demo/frames${query}`)).status).toBe(status)
  })

  test('sends exactly these bytes over HTTP and tells the answer', async () => {
    const body = '{ "event": "stamp_added",\n  "x": "ї" }'
    const response = await post('/try/demo/webhooks', { body })
    expect(await response.json()).toEqual({
      status: 202,
      body: '{"status":"accepted","id":"evt_1"}',
      elapsed_ms: expect.any(Number),
    })
    expect(received).toEqual([body])
  })

  test('tells when there was no answer', async () => {
    hangUp = true
    const response = await post('/try/demo/webhooks', { body: '{}' })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'unavailable' })
  })

  test('links to its own people and to nobody else', async () => {
    expect(await (await post('/try/demo/links', { customer: 'demo_olena' })).json()).toEqual({
      token: 'link-of-demo_olena',
    })
    expect((await post('/try/demo/links', { customer: 'c_real' })).status).toBe(404)
    expect((await post('/try/demo/links', {})).status).toBe(422)
  })

  test('removes its people when asked, and another page cannot ask for a visitor', async () => {
    expect((await fetch(`${url}/try/demo`, { method: 'DELETE' })).status).toBe(204)
    expect(done).toEqual(['removed'])
    const simple = await fetch(`${url}/try/demo/webhooks`, { method: 'POST', body: '{"body":"{}"}' })
    expect(simple.status).toBe(415)
    expect(received).toEqual([])
  })

  test('is sown by frames, one after the other', async () => {
    const order: string[] = []
    await seedDemo(Date.now(), async (frame) => {
      order.push(`begin ${frame.id}`)
      await new Promise((resolve) => setTimeout(resolve, 1))
      order.push(`end ${frame.id}`)
    })
    expect(order.length).toBeGreaterThanOrEqual(6)
    order.forEach((line, index) => {
      expect(line.startsWith(index % 2 === 0 ? 'begin' : 'end')).toBe(true)
    })
  })
})
