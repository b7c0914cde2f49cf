import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { setUpFirstBusiness } from '../../src/business/first-business.js'
import type { Printed } from '../../src/cli/command.js'
import { COMMANDS } from '../../src/cli/commands.js'
import type { Clock } from '../../src/clock.js'
import { readConfig } from '../../src/config.js'
import { type Foundation, openFoundation } from '../../src/main/foundation.js'

export interface CommandLine {
  readonly foundation: Foundation
  readonly businessId: string
  readonly folder: string
  /** Runs the command of these words, as `npm run cli -- …` does. */
  run(command: string, ...args: string[]): Promise<Printed>
}

/** The command line on a SQLite file of this test's own, or what `env` says. */
export const openCommandLine = async (
  clock?: Clock,
  env: Readonly<Record<string, string>> = {},
): Promise<CommandLine> => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
  const machine = { workingDir: folder, timeZone: 'Europe/Kyiv', readFile: () => Buffer.alloc(0) }
  const config = readConfig({ DATA_DIR: folder, DEMO: '0', LOG_LEVEL: 'silent', ...env }, machine)
  const foundation = await openFoundation(config, fileURLToPath(new URL('../../locales/', import.meta.url)), clock)
  onTestFinished(async () => {
    await foundation.close()
    rmSync(folder, { recursive: true })
  })
  const { id: businessId } = await setUpFirstBusiness({ ...foundation, store: foundation.businesses })
  return {
    foundation,
    businessId,
    folder,
    run: async (command, ...args) => {
      const found = COMMANDS[command]
      if (!found) throw new Error(`no command ${command}`)
      return found.run({ foundation, firstBusinessId: businessId }, args)
    },
  }
}
