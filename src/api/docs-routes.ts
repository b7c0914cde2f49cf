import { Router } from 'express'
import { createAsset, readPageFile, sendAssetNamed } from '../http/assets.js'
import type { ApiCall } from './api-call.js'
import { docsHtml } from './docs-html.js'
import { openApiOf } from './openapi.js'

/** `/api/openapi.json`, and the same as a page at `/api/docs`: for everybody, since they say nothing of any business. */
export const docsRoutes = async (calls: readonly ApiCall[]): Promise<Router> => {
  const document = openApiOf(calls)
  const style = await createAsset('docs', 'css', await readPageFile(new URL('docs.css', import.meta.url)))
  const html = docsHtml(calls, document, `docs/${style.name}`)
  const router = Router()
  router.get('/api/openapi.json', (_req, res) => {
    res.set('Cache-Control', 'no-cache').json(document)
  })
  router.get('/api/docs', (_req, res) => {
    res.set('Cache-Control', 'no-cache').type('html').send(html)
  })
  router.get('/api/docs/:file', (req, res) => sendAssetNamed(req.params.file, [style], req, res))
  return router
}
