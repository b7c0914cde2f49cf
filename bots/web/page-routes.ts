import { createHash } from 'node:crypto'
import { type Request, type Response, Router } from 'express'
import { AppError } from '../../src/errors.js'
import { brandStyle } from './brand-style.js'
import type { Asset, PageFiles } from './page-files.js'

/** Whose chat it is. */
export interface WebFace {
  readonly businessName: string
  /** `#rrggbb` */
  readonly color: string
  /** A data URL, or null for the name's initial. */
  readonly logo: string | null
  /** Shows the panel that sends webhooks. */
  readonly isDemo: boolean
}

export interface PageRoutesDeps {
  readonly files: PageFiles
  /** Asked for each time the page is opened. */
  face(): Promise<WebFace>
}

const FOREVER = 'public, max-age=31536000, immutable'

/** `GET /try` and what the page loads. All addresses in it are relative, so that a proxy may serve it under any path. */
export const pageRoutes = ({ files, face }: PageRoutesDeps): Router => {
  const router = Router({ strict: true })

  router.get('/try', async (req, res) => {
    const html = renderPage(files, await face())
    const etag = `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`
    res.set({ 'Cache-Control': 'no-cache', ETag: etag })
    if (req.headers['if-none-match'] === etag) res.status(304).end()
    else res.type('html').send(html)
  })

  router.get('/try/', (req, res) => {
    const query = req.originalUrl.split('?')[1]
    res.redirect(308, query === undefined ? '../try' : `../try?${query}`)
  })

  router.get('/try/assets/:name', (req, res) => {
    const { name } = req.params
    const brand = /^brand-([0-9a-f]{6})\.css$/.exec(name)?.[1]
    if (brand !== undefined) {
      res
        .set('Cache-Control', FOREVER)
        .type('css')
        .send(brandStyle(`#${brand}`))
      return
    }
    const found = [files.script, files.style].find((asset) => stemOf(asset.name) === stemOf(name))
    if (!found) throw new AppError('not_found', 'There is nothing at this address.')
    // While a new version is rolled out, a page of one process may ask another for its script.
    sendAsset(req, res, found, found.name === name ? FOREVER : 'no-cache')
  })

  return router
}

const stemOf = (name: string) => name.replace(/-[0-9a-f]+(\.\w+)$/, '$1')

const sendAsset = (req: Request, res: Response, asset: Asset, cacheControl: string) => {
  res.set({ 'Cache-Control': cacheControl, 'Content-Type': asset.type, Vary: 'Accept-Encoding' })
  const encoding = req.acceptsEncodings('br', 'gzip')
  if (encoding === 'br') res.set('Content-Encoding', 'br').end(asset.brotli)
  else if (encoding === 'gzip') res.set('Content-Encoding', 'gzip').end(asset.gzip)
  else res.end(asset.plain)
}

const renderPage = (files: PageFiles, face: WebFace): string => {
  const color = /^#[0-9a-f]{6}$/i.test(face.color) ? face.color.toLowerCase() : '#33415c'
  const initial = Array.from(face.businessName.trim())[0]?.toLocaleUpperCase() ?? ''
  const values: Readonly<Record<string, string>> = {
    business: escapeHtml(face.businessName),
    color,
    avatar: face.logo ? `<img src="${escapeHtml(face.logo)}" alt="">` : escapeHtml(initial),
    icon: escapeHtml(iconOf(color)),
    mode: face.isDemo ? 'demo' : 'chat',
    style: `try/assets/${files.style.name}`,
    brand: `try/assets/brand-${color.slice(1)}.css`,
    script: `try/assets/${files.script.name}`,
  }
  return files.html.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '')
}

/** The tab's icon: a speech bubble in the business's colour. */
const iconOf = (color: string): string => {
  const bubble =
    'M16 4C8.8 4 3 8.9 3 15c0 3.3 1.7 6.2 4.4 8.2L6.5 28l5-2.5c1.4.4 2.9.6 4.5.6 7.2 0 13-4.9 13-11.1S23.2 4 16 4Z'
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="${color}" d="${bubble}"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
