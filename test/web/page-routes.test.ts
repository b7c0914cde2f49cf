import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadPageFiles, type PageFiles } from '../../bots/web/page-files.js'
import { builtPage, openWebChat, type WebChat } from './open-web-chat.js'

describe('the page', () => {
  let folder: string
  let files: PageFiles
  let chat: WebChat
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
    files = await builtPage()
    const face = { businessName: '<b>Café & "Co"</b> $& {{style}}', color: '#7A4A2B' }
    chat = await openWebChat(join(folder, 'test.sqlite'), { files, face })
  })
  afterAll(async () => {
    await chat.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('weighs little: the script less than 30 KB as it is sent', () => {
    expect(gzipSync(files.script.plain).length).toBeLessThan(30 * 1024)
    expect(files.script.gzip.length).toBeLessThan(30 * 1024)
  })

  test('shows the business’s name as text, whatever is in it', async () => {
    const html = await (await fetch(`${chat.url}/try`)).text()
    expect(html).toContain('<title>&lt;b&gt;Café &amp; &quot;Co&quot;&lt;/b&gt; $&amp; {{style}}</title>')
    expect(html).not.toContain('<b>')
    expect(html).toContain('try/assets/brand-7a4a2b.css')
  })

  test('has no script or style of its own, so that a strict policy holds', async () => {
    const response = await fetch(`${chat.url}/try`)
    const html = await response.text()
    expect(html).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/)
    const policy = response.headers.get('Content-Security-Policy') ?? ''
    expect(policy).not.toContain('unsafe-inline')
  })

  test('is asked for again each time and sent again only when it has changed', async () => {
    const first = await fetch(`${chat.url}/try`)
    expect(first.headers.get('Cache-Control')).toBe('no-cache')
    const headers = { 'If-None-Match': first.headers.get('ETag') ?? '' }
    expect((await fetch(`${chat.url}/try`, { headers })).status).toBe(304)
  })

  test('loads everything from addresses that never change what they give', async () => {
    const html = await (await fetch(`${chat.url}/try`)).text()
    const addresses = [...html.matchAll(/(?:href|src)="(try\/[^"]+)"/g)].map(([, address]) => address)
    expect(addresses).toHaveLength(3)
    for (const address of addresses) {
      const response = await fetch(`${chat.url}/${address}`)
      expect(response.status).toBe(200)
      expect(response.headers.get('Cache-Control')).toContain('immutable')
      expect((await response.text()).length).toBeGreaterThan(50)
    }
  })

  test.each(['br', 'gzip', 'identity'])('sends its script as %s to who reads that', async (encoding) => {
    const response = await fetch(`${chat.url}/try/assets/${files.script.name}`, {
      headers: { 'Accept-Encoding': encoding },
    })
    expect(response.headers.get('Content-Encoding')).toBe(encoding === 'identity' ? null : encoding)
    expect(await response.text()).toBe(files.script.plain.toString())
  })

  test('of another version gets this one’s script, but not for good', async () => {
    const response = await fetch(`${chat.url}/try/assets/main-0123456789ab.js`)
    expect(response.status).toBe(200)
    expect(response.headers.get('Cache-Control')).toBe('no-cache')
    expect((await fetch(`${chat.url}/try/assets/other.js`)).status).toBe(404)
    expect((await fetch(`${chat.url}/try/assets/..%2fpage.html`)).status).toBe(404)
  })

  test('with a slash too many leads to the page, and keeps what a link carries', async () => {
    const response = await fetch(`${chat.url}/try/?start=abc`, { redirect: 'manual' })
    expect(response.status).toBe(308)
    expect(response.headers.get('Location')).toBe('../try?start=abc')
  })

  test('that was not built says what to do', async () => {
    await expect(loadPageFiles(pathToFileURL(`${folder}/`))).rejects.toMatchObject({ code: 'misconfigured' })
  })
})

describe('the chat for frames', () => {
  let folder: string
  let files: PageFiles
  const chats: WebChat[] = []
  const open = async (allowedOrigins: readonly string[], businessName = 'Demo Coffee') => {
    const path = join(folder, `${chats.length}.sqlite`)
    const chat = await openWebChat(path, { files, allowedOrigins, face: { businessName, color: '#F5C542' } })
    chats.push(chat)
    return chat
  }
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
    files = await builtPage()
  })
  afterAll(async () => {
    for (const chat of chats) await chat.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('may be shown by the allowed sites, and nothing else by anybody', async () => {
    const { url } = await open(['https://www.example.com', 'https://example.com'])
    const chat = await fetch(`${url}/chat`)
    expect(chat.headers.get('Content-Security-Policy')).toContain(
      'frame-ancestors https://www.example.com https://example.com',
    )
    expect(chat.headers.get('X-Frame-Options')).toBeNull()
    for (const path of ['/try', '/embed.js', '/chat/../try']) {
      const { headers } = await fetch(`${url}${path}`)
      expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('X-Frame-Options')).toBe('DENY')
    }
  })

  test('may be shown by nobody while no site is allowed', async () => {
    const { url } = await open([])
    const { headers } = await fetch(`${url}/chat`)
    expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('X-Frame-Options')).toBe('DENY')
  })

  test('is sent again to a browser that has it from before a site was taken off the list', async () => {
    const etag = (await fetch(`${(await open(['https://example.com'])).url}/chat`)).headers.get('ETag') ?? ''
    const { url } = await open([])
    expect((await fetch(`${url}/chat`, { headers: { 'If-None-Match': etag } })).status).toBe(200)
  })

  test('keeps what a deep link carries where there is a slash too many', async () => {
    const response = await fetch(`${(await open([])).url}/chat/?start=abc`, { redirect: 'manual' })
    expect([response.status, response.headers.get('Location')]).toEqual([308, '../chat?start=abc'])
  })

  test('is opened by a script of less than 5 KB that any site may load, with the business’s name and colour', async () => {
    const { url } = await open([], '</script>"Café"')
    const response = await fetch(`${url}/embed.js`, { headers: { 'Accept-Encoding': 'gzip' } })
    expect(response.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8')
    expect(response.headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin')
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=300')
    const script = await response.text()
    expect(gzipSync(script).length).toBeLessThan(5 * 1024)
    expect(script).toContain('{"business":"</script>\\"Café\\"","color":"#f5c542","onColor":"#16181d"}')
  })
})
