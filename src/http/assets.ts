import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { Request, Response } from 'express'
import { AppError } from '../errors.js'

/** A file that is served under a name that follows from its content, so that browsers may keep it for good. */
export interface Asset {
  readonly name: string
  readonly type: string
  readonly plain: Buffer
  readonly gzip: Buffer
  readonly brotli: Buffer
}

export const FOREVER = 'public, max-age=31536000, immutable'

const TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const

/** A file of a page as it was built. Throws AppError('misconfigured') when it is missing. */
export const readPageFile = async (file: URL): Promise<Buffer> => {
  try {
    return await readFile(file)
  } catch (cause) {
    const name = file.pathname.split('/').at(-1)
    throw new AppError('misconfigured', `The page's ${name} is missing: build the program again.`, { cause })
  }
}

/** `plain` packed in advance as browsers take it; it is called `<stem>-<hash>.<ending>`. */
export const createAsset = async (stem: string, ending: keyof typeof TYPES, plain: Buffer): Promise<Asset> => {
  const [zipped, brotli] = await Promise.all([promisify(gzip)(plain, { level: 9 }), promisify(brotliCompress)(plain)])
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 12)
  return { name: `${stem}-${hash}.${ending}`, type: TYPES[ending], plain, gzip: zipped, brotli }
}

/**
 * Answers with the asset of this name. While a new version is rolled out, a page of one process may ask another for its
 * script: then it gets this version's, but not for good. Throws AppError('not_found').
 */
export const sendAssetNamed = (name: string, assets: readonly Asset[], req: Request, res: Response): void => {
  const found = assets.find((asset) => stemOf(asset.name) === stemOf(name))
  if (!found) throw new AppError('not_found', 'There is nothing at this address.')
  sendAsset(found, found.name === name ? FOREVER : 'no-cache', req, res)
}

export const sendAsset = (asset: Asset, cacheControl: string, req: Request, res: Response): void => {
  res.set({ 'Cache-Control': cacheControl, 'Content-Type': asset.type, Vary: 'Accept-Encoding' })
  const encoding = req.acceptsEncodings('br', 'gzip')
  if (encoding === 'br') res.set('Content-Encoding', 'br').end(asset.brotli)
  else if (encoding === 'gzip') res.set('Content-Encoding', 'gzip').end(asset.gzip)
  else res.end(asset.plain)
}

const stemOf = (name: string) => name.replace(/-[0-9a-f]+(\.\w+)$/, '$1')
