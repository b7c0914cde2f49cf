import { createHash } from 'node:crypto'
import { type Request, type Response, Router } from 'express'
import { FOREVER, sendAssetNamed } from '../../src/http/assets.js'
import { fillHtml } from '../../src/http/html.js'
import { allowFraming } from '../../src/http/page-headers.js'
import { brandStyle } from './brand-style.js'
import { embedRoutes } from './embed-routes.js'
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
  /** The sites whose pages may show the chat in a frame: origins. */
  allowedOrigins(): Promise<readonly string[]>
}

/**
 * `GET /try`, the same chat for frames at `GET /chat`, and what they load. All addresses in them are relative, so that a
 * proxy may serve them under any path.
 */
export const pageRoutes = (deps: PageRoutesDeps): Router => {
  const { files, face } = deps
  const router = Router({ strict: true })
  router.use(embedRoutes(deps))

  router.get('/try', async (req, res) => {
    const shown = await face()
    sendPage(renderPage(files, shown, shown.isDemo ? 'demo' : 'chat'), req, res)
  })

  router.get('/chat', async (req, res) => {
    const [shown, origins] = await Promise.all([face(), deps.allowedOrigins()])
    allowFraming(res, origins)
    sendPage(renderPage(files, shown, 'embed'), req, res)
  })

  router.get(['/try/', '/chat/'], (req, res) => {
    const query = req.originalUrl.split('?')[1]
    const page = `..${req.path.slice(0, -1)}`
    res.redirect(308, query === undefined ? page : `${page}?${query}`)
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

/** Who may frame the page belongs to what is asked for anew: a browser does not take a new policy from a 304. */
const sendPage = (html: string, req: Request, res: Response): void => {
  const policy = String(res.getHeader('Content-Security-Policy') ?? '')
  const etag = `"${createHash('sha256').update(html).update(policy).digest('base64url').slice(0, 22)}"`
  res.set({ 'Cache-Control': 'no-cache', ETag: etag })
  if (req.headers['if-none-match'] === etag) res.status(304).end()
  else res.type('html').send(html)
}

const renderPage = (files: PageFiles, face: WebFace, mode: 'demo' | 'chat' | 'embed'): string =>
  fillHtml(files.html, {
    ...faceHtml(face),
    mode,
    style: `try/assets/${files.style.name}`,
    script: `try/assets/${files.script.name}`,
  })
