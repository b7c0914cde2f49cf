import { Router } from 'express'
import type { Clock } from '../clock.js'
import type { Database } from '../db/database.js'
import { AppError } from '../errors.js'
import { readMediaPath } from './media-url.js'
import type { Pictures } from './picture.js'
import type { PictureStore } from './picture-store.js'

/** `GET /media/{signed}.png`: the address proves that we gave it out; the content is drawn wherever it is asked for. */
export const mediaRoutes = ({
  db,
  store,
  pictures,
  key,
  clock,
}: {
  readonly db: Database
  readonly store: PictureStore
  readonly pictures: Pictures
  readonly key: Uint8Array
  readonly clock: Clock
}): Router => {
  const router = Router()
  router.get('/media/:name', async (req, res) => {
    const id = readMediaPath(key, req.path, clock())
    const [picture] = id === null ? [] : await db.read(store.byId({ id }))
    if (!picture) throw new AppError('not_found', 'This picture does not exist, or its address has expired.')
    const png = await pictures.render(picture.content)
    res.set({ 'Cache-Control': 'private, max-age=86400, immutable', 'Content-Type': 'image/png' }).send(png)
  })
  return router
}
