import { createHash } from 'node:crypto'
import { Router } from 'express'
import { FOREVER, sendAssetNamed } from '../../src/http/assets.js'
import { fillHtml } from '../../src/http/html.js'
import { brandStyle } from './brand-style.js'
import { type Face, faceHtml } from './face.js'
import type { PageFiles } from './page-files.js'

/** Whose chat it is. */
export interface WebFace extends Face {
  /** Shows the panel that sends webhooks. */
  readonly isDemo: boolean
}

export interface PageRoutesDeps {
  readonly files: PageFiles
  /** Asked for each time the page is opened. */
  face(): Promise<WebFace>
}

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
    if (brand === undefined) return sendAssetNamed(name, [files.script, files.style], req, res)
    res
      .set('Cache-Control', FOREVER)
      .type('css')
      .send(brandStyle(`#${brand}`))
  })

  return router
}

const renderPage = (files: PageFiles, face: WebFace): string =>
  fillHtml(files.html, {
    ...faceHtml(face),
    mode: face.isDemo ? 'demo' : 'chat',
    style: `try/assets/${files.style.name}`,
    script: `try/assets/${files.script.name}`,
  })
