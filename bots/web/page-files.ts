import { type Asset, createAsset, readPageFile } from '../../src/http/assets.js'

/** The page as it was built. */
export interface PageFiles {
  readonly html: string
  readonly script: Asset
  readonly style: Asset
  /** The launcher for the business's own page: the body of a function of its face. */
  readonly launcher: string
}

/** Joined in this order: what comes later wins. */
const STYLES = ['base', 'controls', 'chat', 'messages', 'live', 'composer', 'viewer', 'demo', 'room']

/**
 * Reads the page from the folder of its HTML and styles; `script` is where its modules were bundled into one. Throws
 * AppError('misconfigured') when a file is missing.
 */
export const loadPageFiles = async (folder: URL, script = new URL('main.js', folder)): Promise<PageFiles> => {
  const styles = await Promise.all(STYLES.map((name) => readPageFile(new URL(`${name}.css`, folder))))
  return {
    html: String(await readPageFile(new URL('page.html', folder))),
    script: await createAsset('main', 'js', await readPageFile(script)),
    style: await createAsset('page', 'css', Buffer.concat(styles)),
    launcher: String(await readPageFile(new URL('embed/main.js', folder))),
  }
}
