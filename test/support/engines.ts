import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe } from 'vitest'

/**
 * A suite that needs a real server. Without the server's binary (`missing` says what) it is skipped with the reason
 * printed, and an error where nothing may be missing (CI=true).
 */
export const describeWith = (engine: string, missing: string | null, suite: () => void): void => {
  if (missing === null) {
    describe(engine, suite)
    return
  }
  if (process.env.CI === 'true') throw new Error(`${engine}: ${missing}`)
  console.warn(`${engine}: skipped, ${missing}`)
  describe.skip(`${engine} (skipped: ${missing})`, suite)
}

/** The full path of a program, from PATH or the given folders. */
export const findProgram = (name: string, folders: readonly string[] = []): string | null => {
  const candidates = [...(process.env.PATH ?? '').split(delimiter), ...folders].filter(Boolean)
  return candidates.map((folder) => join(folder, name)).find(isExecutable) ?? null
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
