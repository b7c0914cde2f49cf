import { type Asset, createAsset, readPageFile } from '../http/assets.js'

/** What the setup's pages load, as it was built. */
export interface SetupFiles {
  readonly script: Asset
  readonly style: Asset
}

/** `baseStyles` are the chat page's, which the setup's own follows. Throws AppError('misconfigured') for a missing file. */
export const loadSetupFiles = async (folder: URL, baseStyles: readonly URL[]): Promise<SetupFiles> => {
  const styles = await Promise.all([...baseStyles, new URL('setup.css', folder)].map(readPageFile))
  return {
    script: await createAsset('setup', 'js', await readPageFile(new URL('main.js', folder))),
    style: await createAsset('setup', 'css', Buffer.concat(styles)),
  }
}
