import type { Express } from 'express'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.js'
import { createHttpServer, type HttpServer } from '../../src/http/server.js'
import { createSetupAccess, type SetupAccess } from '../../src/setup/setup-access.js'
import type { SetupState } from '../../src/setup/setup-protocol.js'
import { nowherePage, setupRoutes } from '../../src/setup/setup-routes.js'
import { recordLog } from '../support/recorded-log.js'
import { openTestSqlite, type TestDatabase } from '../support/sqlite.js'

const PUBLIC_URL = 'https://bot.example'

const STATE: SetupState = {
  telegram: { kind: 'off' },
  web: { lane: { kind: 'ready' }, allowedOrigins: [], scriptTag: '<script></script>' },
  webhook: { url: 'https://bot.example/webhooks/7stamp/secret', publicUrl: PUBLIC_URL },
  events: { last: null, waiting: 0, dead: 0 },
  staffChats: 0,
  test: null,
}

const asset = (name: string, type: string) => {
  const plain = Buffer.from(name)
  return { name, type, plain, gzip: plain, brotli: plain }
}

describe('the setup over HTTP', () => {
  let database: TestDatabase
  let access: SetupAccess
  let server: HttpServer
  let url: string
  const done: string[] = []
  const logged = recordLog()

  beforeEach(async () => {
    done.length = 0
    database = await openTestSqlite()
    access = createSetupAccess(database.db, Date.now)
    await serve(null)
  })
  afterEach(async () => {
    await server.close()
    await database.close()
  })

  const serve = async (publicUrl: string | null) => {
    const files = { script: asset('setup-0a1b.js', 'text/javascript'), style: asset('setup-0a1b.css', 'text/css') }
    const face = async () => ({ business: 'Corner &amp; Coffee', avatar: 'C', icon: 'data:,', brand: 'brand.css' })
    const setup = setupRoutes({
      files,
      access,
      publicUrl,
      isDemo: true,
      face,
      readState: async (base) => ({ ...STATE, webhook: { url: `${base}/webhooks/7stamp/secret`, publicUrl } }),
      createStaffLinks: async (base) => {
        done.push(`link at ${base}`)
        return { expiresAt: 1, web: { url: `${base}/try?start=t`, qr: null }, telegram: null }
      },
      sendTestVoucher: async () => {
        if (done.length === 0) throw new AppError('conflict', 'Link a staff chat first.')
        return { deliveryId: 'd' }
      },
    })
    const routes = [(app: Express) => app.use(setup, nowherePage({ files, face }))]
    server = createHttpServer({ log: logged.log, publicUrl, webhooks: [], routes })
    url = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`
  }

  const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${url}/setup/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: url, ...headers },
      body: JSON.stringify(body),
    })
  const cookieOf = (response: Response) => (response.headers.get('Set-Cookie') ?? '').split(';')[0] ?? ''
  const signIn = async (): Promise<string> => cookieOf(await post('sessions', { token: await access.createLink() }))
  const codeOf = async (response: Response) => Object(await response.json()).code

  test('a stranger reads what this is and how its owner gets in, and nothing else', async () => {
    const response = await fetch(`${url}/`)
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    const html = await response.text()
    expect(html).toContain('Corner &amp; Coffee')
    expect(html).toContain('npm run cli -- setup-link')
    expect(html).toContain('href="try"')
    expect(html).not.toContain('id="checklist"')
    expect((await fetch(`${url}/setup/state`)).status).toBe(401)
    for (const path of ['staff-links', 'test-vouchers']) expect((await post(path, {})).status).toBe(401)
    expect(done).toEqual([])
  })

  test.each([
    ['/nowhere', ''],
    ['/a/b/c.html?x=1', '../../'],
  ])('a browser that asks for %s is shown the way to the chat', async (path, root) => {
    const response = await fetch(`${url}${path}`, { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
    expect(response.status).toBe(404)
    const html = await response.text()
    expect(html).toContain('There is nothing at this address.')
    for (const link of [`href="${root}try"`, `href="${root}setup/assets/setup-0a1b.css"`, `href="${root}brand.css"`])
      expect(html).toContain(link)
    expect(html).not.toMatch(/<script|<style|style=/)
  })

  test('a program that asks for nothing that is there gets a problem', async () => {
    for (const headers of [{}, { Accept: 'application/json' }]) {
      const response = await fetch(`${url}/nowhere`, { headers })
      expect([response.status, await codeOf(response)]).toEqual([404, 'not_found'])
    }
    expect(await codeOf(await fetch(`${url}/nowhere`, { method: 'POST', headers: { Accept: 'text/html' } }))).toBe(
      'not_found',
    )
  })

  test('its pages have no script or style of their own, so that a strict policy holds', async () => {
    const cookie = await signIn()
    for (const headers of [{}, { cookie }]) {
      const response = await fetch(`${url}/`, { headers })
      expect(await response.text()).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/)
      expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'self'")
      expect(response.headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'")
      expect(response.headers.get('Content-Security-Policy')).not.toContain('unsafe-inline')
    }
  })

  test('a link becomes a cookie that no script and no other site can use, and opens the checklist', async () => {
    const response = await post('sessions', { token: await access.createLink() })
    expect(response.status).toBe(204)
    expect(response.headers.get('Set-Cookie')).toMatch(
      /^stampcast_setup=[0-9A-Za-z]{32}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/,
    )
    const cookie = cookieOf(response)
    expect(await (await fetch(`${url}/`, { headers: { cookie } })).text()).toContain('id="checklist"')
    expect(await (await fetch(`${url}/setup/state`, { headers: { cookie } })).json()).toMatchObject({
      webhook: { url: `${url}/webhooks/7stamp/secret` },
    })
  })

  test('behind https the cookie never leaves it, and addresses are those of PUBLIC_URL', async () => {
    await server.close()
    await serve(PUBLIC_URL)
    const token = await access.createLink()
    const response = await post('sessions', { token }, { Origin: PUBLIC_URL })
    expect(response.headers.get('Set-Cookie')).toMatch(/; Secure$/)
    await post('staff-links', {}, { Origin: PUBLIC_URL, cookie: cookieOf(response) })
    expect(done).toEqual([`link at ${PUBLIC_URL}`])
  })

  test('who opens a link second is told so, in words', async () => {
    const token = await access.createLink()
    await post('sessions', { token })
    const second = await post('sessions', { token })
    expect(second.status).toBe(403)
    expect(second.headers.get('Set-Cookie')).toBeNull()
    expect(await second.json()).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('opens once') })
  })

  test.each([
    ['another site', { Origin: 'https://evil.example' }],
    ['another port of this machine', { Origin: 'http://127.0.0.1:1' }],
    ['a sandboxed page', { Origin: 'null' }],
  ])('nothing is done for %s, whatever cookie comes along', async (_who, headers) => {
    const cookie = await signIn()
    const token = await access.createLink()
    const answers = [
      await post('sessions', { token }, headers),
      await post('sign-out', {}, { cookie, ...headers }),
      await post('staff-links', {}, { cookie, ...headers }),
      await post('test-vouchers', {}, { cookie, ...headers }),
    ]
    for (const answer of answers) expect([answer.status, await codeOf(answer)]).toEqual([403, 'forbidden'])
    expect(done).toEqual([])
    expect((await fetch(`${url}/setup/state`, { headers: { cookie } })).status).toBe(200)
    expect(await access.openSession(token)).not.toBeNull()
  })

  test('a page that does not say where it is from gets nothing done', async () => {
    const response = await fetch(`${url}/setup/staff-links`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', cookie: await signIn() },
      body: '{}',
    })
    expect(response.status).toBe(403)
  })

  test('signing out ends the session on the server', async () => {
    const cookie = await signIn()
    const response = await post('sign-out', {}, { cookie })
    expect(response.headers.get('Set-Cookie')).toMatch(/^stampcast_setup=; .*Max-Age=0/)
    expect((await fetch(`${url}/setup/state`, { headers: { cookie } })).status).toBe(401)
  })

  test('a test voucher without a chat to go to is refused in words for the page', async () => {
    const cookie = await signIn()
    const refused = await post('test-vouchers', {}, { cookie })
    expect([refused.status, Object(await refused.json()).detail]).toEqual([409, 'Link a staff chat first.'])
    await post('staff-links', {}, { cookie })
    expect(await (await post('test-vouchers', {}, { cookie })).json()).toEqual({ deliveryId: 'd' })
  })

  test('no token and no cookie is in the log', async () => {
    const token = await access.createLink()
    await fetch(`${url}/?setup=${token}`)
    const cookie = cookieOf(await post('sessions', { token }))
    await fetch(`${url}/setup/state?test=00000000-0000-4000-8000-000000000000`, { headers: { cookie } })
    const lines = JSON.stringify(logged.events('http.answered'))
    expect(lines).toContain('/setup/sessions')
    expect(lines).not.toContain(token)
    expect(lines).not.toContain(cookie.split('=')[1])
  })
})
