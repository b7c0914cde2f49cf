import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { AppError } from '../../src/errors.js'

/** The page as it was built. */
export interface PageFiles {
  readonly html: string
  readonly script: Asset
  readonly style: Asset
}

/** A file that is served under a name that follows from its content, so that browsers may keep it for good. */
export interface Asset {
  readonly name: string
  readonly type: string
  readonly plain: Buffer
  readonly gzip: Buffer
  readonly brotli: Buffer
}

const read = async (file: URL): Promise<Buffer> => {
  try {
    return await readFile(file)
  } catch (cause) {
    const name = file.pathname.split('/').at(-1)
    throw new AppError('misconfigured', `The web chat's ${name} is missing: build the program again.`, { cause })
  }
}

/** Joined in this order: what comes later wins. */
const STYLES = ['base', 'messages', 'live', 'composer', 'viewer', 'demo', 'room']

/**
 * Reads the page from the folder of its HTML and styles; `script` is where its modules were bundled into one. Throws
 * AppError('misconfigured') when a file is missing.
 */
export const loadPageFiles = async (folder: URL, script = new URL('main.js', folder)): Promise<PageFiles> => {
  const styles = await Promise.all(STYLES.map((name) => read(new URL(`${name}.css`, folder))))
  return {
    html: String(await read(new URL('page.html', folder))),
    script: await asset('main', 'js', 'text/javascript; charset=utf-8', await read(script)),
    style: await asset('page', 'css', 'text/css; charset=utf-8', Buffer.concat(styles)),
  }
}

const asset = async (name: string, ending: string, type: string, plain: Buffer): Promise<Asset> => {
  const [zipped, brotli] = await Promise.all([promisify(gzip)(plain, { level: 9 }), promisify(brotliCompress)(plain)])
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 12)
  return { name: `${name}-${hash}.${ending}`, type, plain, gzip: zipped, brotli }
}
