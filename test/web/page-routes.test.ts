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
