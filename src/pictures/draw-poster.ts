import type { Poster } from './poster.js'
import { createRasteriser } from './rasteriser.js'

export interface DrawnPoster {
  readonly svg: string
  readonly png: Buffer
}

/** A page has thirty times the pixels of a picture in a chat. */
const LIMIT_MS = 60_000

/** Draws a poster off the event loop; null if an address makes no code. Rejects when it cannot be drawn. */
export const drawPoster = async (poster: Poster): Promise<DrawnPoster | null> => {
  const [{ createTypesetting }, { composePoster }] = await Promise.all([
    import('./typesetter.js'),
    import('./poster.js'),
  ])
  const svg = composePoster(poster, createTypesetting()(poster.brand.language))
  if (svg === null) return null
  const rasteriser = createRasteriser({
    worker: new URL('./render-worker.mjs', import.meta.url),
    threads: 1,
    idleMs: LIMIT_MS,
    limitMs: LIMIT_MS,
  })
  try {
    return { svg, png: await rasteriser.draw(() => svg) }
  } finally {
    await rasteriser.close()
  }
}
