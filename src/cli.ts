import { fileURLToPath } from 'node:url'
import { setUpFirstBusiness } from './business/first-business.js'
import type { CommandContext, Printed } from './cli/command.js'
import { COMMANDS } from './cli/commands.js'
import { failureText } from './cli/failure-text.js'
import { type Asked, findCommand } from './cli/find-command.js'
import { helpOn, overview } from './cli/help.js'
import { printedText } from './cli/print.js'
import { SECRETS_COMMANDS } from './cli/secrets-commands.js'
import { systemClock } from './clock.js'
import { loadConfig } from './config.js'
import { assertNever } from './errors.js'
import { keepHeapSmall } from './heap.js'
import { openFoundation } from './main/foundation.js'

keepHeapSmall()

/** Opens the database of the environment for one command, and closes it again. */
const withContext = async (work: (context: CommandContext) => Promise<Printed>): Promise<Printed> => {
  const config = { ...loadConfig(), logLevel: 'warn' as const }
  const localesDir = fileURLToPath(new URL('../locales/', import.meta.url))
  // Whoever posts webhooks to the running program goes first: a command can wait, as a worker can.
  const foundation = await openFoundation(config, localesDir, systemClock, { givesWay: true })
  try {
    const { id } = await setUpFirstBusiness({ ...foundation, store: foundation.businesses })
    return await work({ foundation, firstBusinessId: id })
  } finally {
    await foundation.close()
  }
}

const KNOWN = { ...COMMANDS, ...SECRETS_COMMANDS }
/** Longer lines than this are hard to read, however wide the window is. */
const WIDEST = 120

const run = async (words: readonly string[]): Promise<void> => {
  const asked = findCommand(words, KNOWN)
  switch (asked.kind) {
    case 'overview':
      return console.log(overview(KNOWN, Math.min(process.stdout.columns ?? WIDEST, WIDEST)))
    case 'help':
      return console.log(helpOn(asked.commands))
    case 'run':
      return perform(asked)
    default:
      return assertNever(asked)
  }
}

const perform = async ({ command, args, isJson }: Extract<Asked, { kind: 'run' }>): Promise<void> => {
  const printed =
    'runOffline' in command
      ? await command.runOffline(loadConfig())
      : await withContext((context) => command.run(context, args))
  console.log(printedText(printed, { isJson, columns: process.stdout.columns ?? null }))
  if (!printed.failed) return
  // Rows alone cannot say why there are none.
  if (isJson && printed.rows.length === 0) console.error(printed.empty)
  process.exitCode = printed.exitCode ?? 1
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(failureText(error) ?? error)
  process.exitCode = 1
})
