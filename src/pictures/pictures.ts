import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { LRUCache } from 'lru-cache'
import { assertNever } from '../errors.js'
import type { Picture, Pictures } from './picture.js'
import { pictureId } from './picture-id.js'
import { createRasteriser } from './rasteriser.js'

export interface PicturesOptions {
  /**
   * Pictures drawn at once; by default as many as there are processors, at most 4: with one less, a processor rests
   * whenever a thread waits for its next picture to be composed. Each weighs some 25 MB while it lives.
   */
  readonly threads?: number
  /** How much memory finished pictures may take; by default 8 MB, some 90 pictures. */
  readonly rememberBytes?: number
  /** The thread's program, if not resvg's: see RasteriserOptions. */
  readonly worker?: URL
}

/** A logo that failed is left out for so long, then tried again: the fault may have been the machine's. */
const BAD_LOGO_MS = 10 * 60_000
const BAD_LOGOS_KEPT = 1000

/** Composing brings HarfBuzz and the barcode writer along, 20 MB that a process that never draws does not pay. */
const loadComposer = async () => {
  const [{ createTypesetting }, { composeCardPicture }, { composeVoucherPicture }] = await Promise.all([
    import('./typesetter.js'),
    import('./card-picture.js'),
    import('./voucher-picture.js'),
  ])
  const typesetting = createTypesetting()
  return (picture: Picture): string => {
    const typesetter = typesetting(picture.brand.language)
    switch (picture.kind) {
      case 'card':
        return composeCardPicture(picture, typesetter)
      case 'voucher':
        return composeVoucherPicture(picture, typesetter)
      default:
        return assertNever(picture)
    }
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64')

const withoutLogo = (picture: Picture): Picture => ({ ...picture, brand: { ...picture.brand, logo: null } })

/**
 * Draws cards and vouchers. Who asks for a picture that is being drawn gets the same one, and finished ones are remembered
 * within `rememberBytes`. The buffer is shared: do not change it.
 */
export const createPictures = (options: PicturesOptions = {}): Pictures => {
  const remembered = new LRUCache<string, Buffer>({
    maxSize: options.rememberBytes ?? 8 * 1024 * 1024,
    sizeCalculation: (png) => png.byteLength,
  })
  const badLogos = new LRUCache<string, true>({ max: BAD_LOGOS_KEPT, ttl: BAD_LOGO_MS })
  const drawing = new Map<string, Promise<Buffer>>()
  const rasteriser = createRasteriser({
    worker: options.worker ?? new URL('./render-worker.mjs', import.meta.url),
    threads: options.threads ?? Math.min(4, availableParallelism()),
    idleMs: 30_000,
    limitMs: 10_000,
  })
  let composer: ReturnType<typeof loadComposer> | undefined

  const rasterise = async (picture: Picture): Promise<Buffer> => {
    composer ??= loadComposer()
    const compose = await composer
    return rasteriser.draw(() => compose(picture))
  }

  /** A logo that cannot be drawn must not cost anyone their voucher: without it the business's initial is shown. */
  const draw = async (picture: Picture): Promise<Buffer> => {
    const { logo } = picture.brand
    if (logo === null) return rasterise(picture)
    const digest = digestOf(logo)
    if (badLogos.has(digest)) return rasterise(withoutLogo(picture))
    try {
      return await rasterise(picture)
    } catch {
      const png = await rasterise(withoutLogo(picture))
      badLogos.set(digest, true)
      return png
    }
  }

  return {
    idOf: pictureId,
    render(picture) {
      const id = pictureId(picture)
      const known = remembered.get(id)
      if (known) return Promise.resolve(known)
      const running = drawing.get(id)
      if (running !== undefined) return running
      const png = draw(picture)
        .then((bytes) => {
          remembered.set(id, bytes)
          return bytes
        })
        .finally(() => drawing.delete(id))
      drawing.set(id, png)
      return png
    },
    close: () => rasteriser.close(),
  }
}
