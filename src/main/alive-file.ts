import { rm, stat, writeFile } from 'node:fs/promises'
import { describeError } from '../errors.js'
import type { Log } from '../log.js'

const TOUCH_MS = 5_000
/** Several touches: a machine that is busy for a while is no dead process. */
const STALE_MS = 30_000

/**
 * A worker does not listen, so it shows that its event loop turns, as `/healthz` does of others, by touching a file. Rejects
 * when the file cannot be written at all; later failures are logged, and let it grow stale.
 */
export const keepTouching = async (file: string, log: Log): Promise<{ stop(): Promise<void> }> => {
  const touch = () => writeFile(file, '')
  await touch()
  let touching = Promise.resolve()
  const timer = setInterval(() => {
    touching = touch().catch((error: unknown) => log.warn({ error: describeError(error) }, 'alive_file.not_written'))
  }, TOUCH_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      await touching
      await rm(file, { force: true })
    },
  }
}

/** Why the file's owner does not count as alive; null if it does. `now` in Unix ms. */
export const stalenessOf = async (file: string, now: number): Promise<string | null> => {
  try {
    const { mtimeMs } = await stat(file)
    return now - mtimeMs <= STALE_MS ? null : `${file} was touched ${Math.round((now - mtimeMs) / 1000)} s ago`
  } catch (error) {
    return describeError(error)
  }
}
